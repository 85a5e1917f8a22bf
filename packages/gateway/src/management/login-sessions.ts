import type { BegunLogin, LoginAnswer, SavedLogin } from "../accounts/login/begun-login.ts";
import type { Clock } from "../ports.ts";

const PENDING_MS = 30 * 60_000;
const FINISHED_MS = 60_000;
/** States become parts of file names at some vendors' tools, so they are kept narrow. */
const STATE = /^[A-Za-z0-9._-]{1,128}$/;

interface Session {
  readonly login: BegunLogin;
  readonly startedAt: number;
  end?: { readonly at: number; readonly error?: string; readonly saved?: SavedLogin };
}

export type SessionState =
  | { readonly kind: "unknown" | "pending" }
  | { readonly kind: "saved"; readonly saved: SavedLogin }
  | { readonly kind: "failed"; readonly error: string };

export function isLoginState(text: string): boolean {
  return STATE.test(text) && !text.includes("..");
}

/** Logins under way, by their state. Pending ones are known for half an hour, finished ones for a minute. */
export class LoginSessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws when the state is none */
  add(login: BegunLogin): void {
    if (!isLoginState(login.state)) throw new Error(`the login of ${login.kind} has a state that cannot be used`);
    this.#sweep();
    const session: Session = { login, startedAt: this.#clock.now() };
    this.#sessions.set(login.state, session);
    const end = (how: { readonly error?: string; readonly saved?: SavedLogin }): void => {
      session.end ??= { at: this.#clock.now(), ...how };
    };
    login.finished.then((saved) => end({ saved }), (error: unknown) => end({ error: error instanceof Error ? error.message : String(error) }));
  }

  state(state: string): SessionState {
    const session = this.#find(state);
    if (session === undefined) return { kind: "unknown" };
    const { end } = session;
    if (end === undefined) return { kind: "pending" };
    return end.saved !== undefined ? { kind: "saved", saved: end.saved } : { kind: "failed", error: end.error ?? "Authentication failed" };
  }

  /** The kind of account that is logged in. */
  kindOf(state: string): string | undefined {
    return this.#find(state)?.login.kind;
  }

  /** @returns `not-pending` when nothing is awaited (any more) */
  answer(state: string, answer: LoginAnswer): "taken" | "unknown" | "not-pending" {
    const session = this.#find(state);
    if (session === undefined) return "unknown";
    return session.end === undefined && session.login.answer(answer) ? "taken" : "not-pending";
  }

  /** @returns whether there was a pending one */
  cancel(state: string): boolean {
    const session = this.#find(state);
    if (session === undefined || session.end !== undefined) return false;
    this.#sessions.delete(state);
    session.login.cancel();
    return true;
  }

  #find(state: string): Session | undefined {
    this.#sweep();
    return this.#sessions.get(state);
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [state, { startedAt, end, login }] of this.#sessions) {
      const isOver = end === undefined ? now - startedAt >= PENDING_MS : now - end.at >= FINISHED_MS;
      if (!isOver) continue;
      this.#sessions.delete(state);
      if (end === undefined) login.cancel();
    }
  }
}
