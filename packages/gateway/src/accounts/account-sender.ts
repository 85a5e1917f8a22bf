import { GatewayError } from "@dragoman/core";
import type { AccountRequest, AccountSending, CredentialAccount } from "../credentials/credential-account.ts";
import type { Clock, DialWebSocket, Ids } from "../ports.ts";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import { isAccountError } from "./account-error.ts";
import type { RequestVisit } from "./account-kind.ts";
import type { Account } from "./account.ts";
import { addressed } from "./addressed.ts";
import { SocketShelf } from "./socket-shelf.ts";
import { RequestPace, tooFast } from "./request-pace.ts";

export interface AccountSenderOptions {
  readonly account: Account;
  readonly values: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly dialWebSocket?: DialWebSocket | undefined;
  renew(account: Account, refused: string | undefined): Promise<void>;
  complete(account: Account): Promise<void>;
  ended(account: Account, outcome: Extract<AttemptOutcome, { type: "failed" }>): void;
}

/** A token that ends within this time is not sent any more. */
const REQUEST_LEAD_MS = 10_000;
/** Longer error bodies are pages, not messages. Characters. */
const MAX_ERROR_BODY = 65_536;

/** One seat of an account, as the courier knows it. */
export class AccountSender implements CredentialAccount {
  readonly #options: AccountSenderOptions;
  readonly #visit: Omit<RequestVisit, "facts">;
  readonly #pace = new RequestPace();

  readonly patchBody?: NonNullable<CredentialAccount["patchBody"]>;

  constructor(options: AccountSenderOptions) {
    this.#options = options;
    const { account, values, clock, ids } = options;
    const patch = account.kind.patchBody;
    if (patch !== undefined) this.patchBody = (body, context) => patch(body, { ...context, ...this.#current() });
    this.#visit = { values, settings: account.settings, now: () => clock.now(), newId: () => uuidFrom(ids.random(32)), ...(options.dialWebSocket !== undefined && { sockets: new SocketShelf(options.dialWebSocket) }) };
  }

  get maxConcurrency(): number | undefined {
    const own = Number(this.#options.account.content.max_concurrency ?? this.#options.account.settings.maxConcurrency ?? 0);
    return own > 0 ? own : undefined;
  }


  async send(request: AccountRequest, sending: AccountSending): Promise<Response> {
    const { account } = this.#options;
    await this.#prepare();
    const perMinute = account.kind.requestsPerMinute?.(account.settings) ?? 0;
    const waitMs = this.#pace.take(this.#options.clock.now(), perMinute);
    if (waitMs > 0) return tooFast(waitMs, perMinute);
    const token = account.facts.accessToken;
    const first = await this.#once(request, sending);
    if (first.ok || !account.canRenew) return this.#opened(first, request);
    const { response, refused } = await this.#readRefusal(first);
    if (!refused || token === undefined || account.end !== undefined) return response;
    try {
      await this.#options.renew(account, token);
    } catch {
      // The vendor's own words about the request tell more than those about the renewal, which are logged.
      return response;
    }
    return this.#opened(await this.#once(request, sending), request);
  }

  told(outcome: AttemptOutcome): void {
    if (outcome.type === "failed" && outcome.end !== undefined) this.#options.ended(this.#options.account, outcome);
  }

  secrets(): readonly string[] {
    const { accessToken, refreshToken } = this.#options.account.facts;
    return [accessToken, refreshToken].filter((secret) => secret !== undefined);
  }

  /** The visit as the account is now. */
  #current(): RequestVisit {
    const { facts } = this.#options.account;
    return { ...this.#visit, values: { ...facts.values, ...this.#visit.values }, facts };
  }

  async #prepare(): Promise<void> {
    const { account, clock } = this.#options;
    const { kind, facts } = account;
    try {
      const lead = kind.requestLeadMs ?? REQUEST_LEAD_MS;
      const now = clock.now();
      const isShort = account.canRenew && (facts.accessToken === undefined || (facts.expiresAt !== undefined && facts.expiresAt - now <= lead));
      // One that was tried just now is not tried again for every request; a token that still lasts serves meanwhile.
      if (isShort && !(account.quietUntilAt > now && facts.expiresAt !== undefined && facts.expiresAt > now)) await this.#renewAhead(account, now);
      if (kind.isIncomplete?.(account.facts) === true) await this.#options.complete(account);
    } catch (error) {
      throw asGatewayError(error);
    }
  }

  /** A token that still lasts serves when it could not be renewed ahead of its end. */
  async #renewAhead(account: Account, now: number): Promise<void> {
    try {
      await this.#renewUnlessQuiet(account, now);
    } catch (error) {
      const { accessToken, expiresAt = 0 } = account.facts;
      if (accessToken === undefined || expiresAt - now <= REQUEST_LEAD_MS || account.end !== undefined) throw error;
    }
  }

  async #renewUnlessQuiet(account: Account, now: number): Promise<void> {
    if (account.quietUntilAt > now) throw new GatewayError("upstream_authentication", { source: "upstream", message: `The login ${account.facts.label} could not be renewed: ${account.renewalTrouble ?? "it failed just now"}.` });
    await this.#options.renew(account, account.facts.accessToken);
  }

  async #once(given: AccountRequest, { fetch, signal, proxyUrl, sent }: AccountSending): Promise<Response> {
    const { account, clock } = this.#options;
    const { userAgent } = account.settings;
    const request = userAgent === undefined ? given : { ...given, headers: { ...given.headers, "user-agent": userAgent } };
    const visit = this.#current();
    const { url, body, headers: own } = account.kind.address?.(request, visit) ?? addressed(request, visit);
    const headers = { ...own, ...lowerCased(account.settings.headers), ...request.lastHeaders };
    sent?.({ url, headers, body });
    const carry = account.carry ?? account.kind.connect?.(visit, fetch, request) ?? fetch;
    const response = await carry(url, { method: "POST", headers, body, signal, proxyUrl });
    const now = clock.now();
    account.noteQuotas(account.kind.readQuota?.(response.headers, now) ?? [], now);
    return response;
  }

  #opened(response: Response, request: AccountRequest): Response | Promise<Response> {
    const { openReply } = this.#options.account.kind;
    return response.ok && openReply !== undefined ? openReply(response, request, this.#current()) : response;
  }

  /** Looks into a bad reply without using it up. */
  async #readRefusal(response: Response): Promise<{ readonly response: Response; readonly refused: boolean }> {
    const { isTokenRefused } = this.#options.account.kind;
    if (isTokenRefused === undefined) return { response, refused: response.status === 401 };
    const body = await response.text().catch(() => "");
    return {
      response: new Response(body, { status: response.status, headers: response.headers }),
      refused: isTokenRefused(response.status, body.slice(0, MAX_ERROR_BODY)),
    };
  }
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

function asGatewayError(error: unknown): unknown {
  if (!isAccountError(error)) return error;
  const code = error.reason === "unavailable" || error.reason === "malformed" ? "upstream_unreachable" : "upstream_authentication";
  return new GatewayError(code, { source: "upstream", message: `The login could not be renewed: ${error.message}.`, ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }), cause: error });
}

/** A UUID of version 4 out of random letters and digits. */
export function uuidFrom(random: string): string {
  const hex = [...random].map((character) => (Number.parseInt(character, 36) % 16 || 0).toString(16)).join("").padEnd(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${"89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4] ?? "8"}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
