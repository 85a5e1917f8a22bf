import { isLoopback, type Visitor } from "../../access/principal.ts";
import type { Ports } from "../../ports.ts";
import { OfficeError, type Actor, type OfficePorts } from "../office.ts";
import { Bans, durationText } from "./bans.ts";
import { ManagementKeys, type KeyKind } from "./management-keys.ts";
import { sameText, type Session, Sessions, showsProgramSession } from "./sessions.ts";

/** Browsers send it with requests of our own page alone: a form cannot, and a foreign page must ask first. */
export const SESSION_HEADER = "x-dragoman-session";
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/** Stands for all callers of a host that does not tell addresses. */
const UNKNOWN_ADDRESS = "unknown";

/** Who may come into the office. The order of the checks and the texts are those that clients of CLIProxyAPI know. */
export class OfficeAccess {
  readonly sessions: Sessions;
  readonly #ports: OfficePorts;
  readonly #clock: Ports["clock"];
  readonly #keys: ManagementKeys;
  readonly #bans: Bans;
  #setupUsed = false;

  constructor(office: OfficePorts, ports: Pick<Ports, "clock" | "ids" | "secretKey">) {
    const secret = ports.secretKey ?? new TextEncoder().encode(ports.ids.random(43));
    this.#ports = office;
    this.#clock = ports.clock;
    this.#keys = new ManagementKeys(office, secret);
    this.#bans = new Bans(ports.clock);
    this.sessions = new Sessions({ secret, boundTo: () => this.#keys.fingerprint, clock: ports.clock, ids: ports.ids });
  }

  /** Without any key there is no office, and nobody is told that there could be one. */
  get isOpen(): boolean {
    return this.#keys.present;
  }

  /** First run: no key is set, and the link that was printed is still good. From this machine alone. */
  isSetupOpen(visitor: Visitor): boolean {
    const { firstRun } = this.#ports;
    return firstRun !== undefined && !this.#setupUsed && !this.isOpen && isLoopback(visitor) && this.#clock.now() < firstRun.expiresAt;
  }

  /** @returns whether the token is the one that was printed; it is good once */
  takeSetupToken(token: string, visitor: Visitor): boolean {
    const expected = this.#ports.firstRun?.token;
    if (expected === undefined || !this.isSetupOpen(visitor) || !sameText(expected, token)) return false;
    this.#setupUsed = true;
    return true;
  }

  /** The first run did not come to its end, and may be tried again. */
  giveSetupTokenBack(): void {
    this.#setupUsed = false;
  }

  /**
   * Key or session of a request.
   * @throws OfficeError 401, 403
   */
  async identify(request: Request, visitor: Visitor): Promise<Actor> {
    const key = presentedKey(request.headers);
    if (key !== "") return { kind: await this.checkKey(key, visitor), visitor };
    this.#refuseUnwelcome(visitor);
    const session = this.sessionOf(request.headers, visitor);
    if (session !== undefined) {
      // Browsers name the origin of whatever changes something, so a session of a program needs no header beside it.
      if (session.ofProgram === true) refuseForeignOrigin(request.headers);
      else refuseForgery(request);
      return { kind: "session", visitor };
    }
    // A page whose session has ended goes on asking for a while; that guesses nothing.
    if (!request.headers.has(SESSION_HEADER) && !showsProgramSession(request.headers)) this.#fail(visitor);
    throw new OfficeError(401, "missing management key");
  }

  /** The session of a request; one that was opened with the local key is good on this machine alone. */
  sessionOf(headers: Headers, visitor: Visitor): Session | undefined {
    const session = this.sessions.of(headers);
    return session?.key === "local-key" && !isLoopback(visitor) ? undefined : session;
  }

  /** @throws OfficeError 401, 403 */
  async checkKey(key: string, visitor: Visitor): Promise<KeyKind> {
    this.#refuseUnwelcome(visitor);
    const kind = await this.#keys.check(key, isLoopback(visitor));
    // Guesses that were made at the same time are all counted before one of them may be answered with yes.
    this.#refuseUnwelcome(visitor);
    if (kind === undefined) {
      this.#fail(visitor);
      throw new OfficeError(401, "invalid management key");
    }
    this.#bans.succeed(addressOf(visitor));
    return kind;
  }

  #refuseUnwelcome(visitor: Visitor): void {
    if (isLoopback(visitor)) return;
    const remainingMs = this.#bans.remainingMs(addressOf(visitor));
    if (remainingMs > 0) throw new OfficeError(403, `IP banned due to too many failed attempts. Try again in ${durationText(remainingMs)}`);
    const allowed = this.#ports.config.current().config["remote-management"]["allow-remote"] || this.#keys.hasEnvironmentKey;
    if (!allowed) throw new OfficeError(403, "remote management disabled");
  }

  #fail(visitor: Visitor): void {
    if (!isLoopback(visitor)) this.#bans.fail(addressOf(visitor));
  }
}

/** `Authorization` wins, whole when it does not say `Bearer`; then `X-Management-Key`. Empty when there is none. */
function presentedKey(headers: Headers): string {
  const authorization = headers.get("authorization") ?? "";
  const [, scheme = "", rest = ""] = /^([^ ]*) ?(.*)$/s.exec(authorization) ?? [];
  const key = scheme.toLowerCase() === "bearer" ? rest : authorization;
  return key === "" ? (headers.get("x-management-key") ?? "") : key;
}

/** @throws OfficeError 403 when a request that changes something may come from a foreign page */
export function refuseForgery(request: Request): void {
  if (READS.has(request.method)) return;
  if (request.headers.get(SESSION_HEADER) !== "1") throw new OfficeError(403, `the header ${SESSION_HEADER}: 1 is missing`);
  refuseForeignOrigin(request.headers);
}

/** @throws OfficeError 403 */
export function refuseForeignOrigin(headers: Headers): void {
  const origin = headers.get("origin");
  if (origin === null) return;
  if (hostOf(origin) !== headers.get("host")) throw new OfficeError(403, "this origin may not use a session");
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

const addressOf = (visitor: Visitor): string => visitor.address ?? UNKNOWN_ADDRESS;
