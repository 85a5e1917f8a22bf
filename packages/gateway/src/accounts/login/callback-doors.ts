import type { BegunLogin } from "./begun-login.ts";
import { callbackPage } from "./callback-page.ts";
import type { CallbackPort, OpenCallbackPort } from "./callback-port.ts";

/** A login that waits for its browser. */
export interface AwaitedLogin extends Pick<BegunLogin, "state" | "answer" | "finished"> {
  readonly port: number;
  /** Exact. */
  readonly path: string;
}

interface Door {
  readonly listening: Promise<OpenCallbackPort>;
  readonly awaited: Set<AwaitedLogin>;
}

/** The page waits so long for the tokens; the login goes on without it. */
const PAGE_WAIT_MS = 8000;

/** The ports at which browsers are awaited. Several logins may wait at one: the state tells whose a browser is. */
export class CallbackDoors {
  readonly #ports: CallbackPort;
  readonly #doors = new Map<number, Door>();
  readonly #closing = new Set<Promise<void>>();

  constructor(ports: CallbackPort) {
    this.#ports = ports;
  }

  /** Awaits a browser until the login is over. @returns the port @throws CallbackPortTaken */
  async open(login: AwaitedLogin): Promise<number> {
    const door = this.#doors.get(login.port) ?? this.#newDoor(login.port);
    door.awaited.add(login);
    const leave = (): void => this.#leave(login, door);
    try {
      const { port } = await door.listening;
      login.finished.then(leave, leave);
      return port;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Resolves when the last page has gone out. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }

  #newDoor(port: number): Door {
    const awaited = new Set<AwaitedLogin>();
    const door = { awaited, listening: this.#ports.listen(port, (request) => answerBrowser(request, [...awaited])) };
    this.#doors.set(port, door);
    return door;
  }

  #leave(login: AwaitedLogin, door: Door): void {
    door.awaited.delete(login);
    if (door.awaited.size > 0 || this.#doors.get(login.port) !== door) return;
    this.#doors.delete(login.port);
    const closing = door.listening.then((open) => open.close(), () => undefined).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

async function answerBrowser(request: Request, awaited: readonly AwaitedLogin[]): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const here = awaited.filter(({ path }) => path === pathname);
  if (here.length === 0) return callbackPage(404, "There is nothing here", "No login is awaited at this address.");
  if (request.method !== "GET") return callbackPage(405, "Not like this", "Only a browser that was sent back is awaited here.", { allow: "GET" });
  const [code, state, error] = [searchParams.get("code") ?? "", searchParams.get("state") ?? "", searchParams.get("error") ?? searchParams.get("error_description") ?? ""];
  const login = here.find((each) => each.state === state);
  if (error !== "" && (login !== undefined || state === "")) {
    // A vendor may leave the state out of a refusal; then it can only be meant for those who wait here.
    for (const each of login === undefined ? here : [login]) each.answer({ error });
    return callbackPage(400, "The login was refused", `The vendor said: ${error.slice(0, 200)}. You can close this page.`);
  }
  if (code === "") return callbackPage(400, "The code is missing", "The address holds no code (no_code). The login still waits.");
  if (state === "") return callbackPage(400, "The state is missing", "The address holds no state (no_state). The login still waits.");
  if (login?.answer({ code }) !== true) return callbackPage(400, "This is another login's address", "Its state is not the one that is awaited. The login still waits.");
  return pageOf(login);
}

/** Tells how it ended, if that is soon. */
async function pageOf({ finished }: AwaitedLogin): Promise<Response> {
  let stopWaiting = (): void => undefined;
  const soon = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PAGE_WAIT_MS);
    stopWaiting = () => clearTimeout(timer);
  });
  try {
    const saved = await Promise.race([finished, soon]);
    if (saved === undefined) return callbackPage(200, "The login was received", "The rest is still being done; see where you began it. You can close this page.");
    return callbackPage(200, "Login successful", `${saved.label} is stored as ${saved.file}. It is done: you can close this page.`);
  } catch (error) {
    return callbackPage(400, "The login failed", `${error instanceof Error ? error.message : "Something went wrong"}. You can close this page.`);
  } finally {
    stopWaiting();
  }
}
