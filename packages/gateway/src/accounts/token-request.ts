import type { JsonObject } from "@dragoman/core";
import { AccountError } from "./account-error.ts";
import { rfc3339 } from "./stored-times.ts";
import type { VendorReply } from "./vendor-calls.ts";
import { textOf } from "./stored-json.ts";

/** What a token endpoint gave (RFC 6749, section 5.1). */
export interface TokenReply {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** Epoch ms. */
  readonly expiresAt?: number;
  readonly body: JsonObject;
}

/** Words with which vendors say that a login is over. */
const REVOKED: ReadonlySet<string> = new Set(["invalid_grant", "refresh_token_reused", "token_expired", "refresh_token_expired", "refresh_token_invalidated"]);

/**
 * Reads a token endpoint's answer.
 * @throws AccountError `revoked` for a login that is over, `unavailable` for 429 and 5xx, `refused` else
 */
export function readTokenReply(reply: VendorReply, now: number): TokenReply {
  if (!reply.ok) throw tokenError(reply, now);
  const { body } = reply;
  const accessToken = textOf(body?.access_token);
  if (body === undefined || accessToken === undefined) throw new AccountError("malformed", "the vendor's answer holds no access token");
  const seconds = Number(body.expires_in);
  const refreshToken = textOf(body.refresh_token);
  const idToken = textOf(body.id_token);
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
    ...(seconds > 0 && { expiresAt: now + seconds * 1000 }),
    body,
  };
}

/** The members that nearly every kind writes: `access_token`, `refresh_token`, `id_token`, `expired`. */
export function tokenMembers({ accessToken, refreshToken, idToken, expiresAt }: TokenReply): JsonObject {
  return {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(idToken !== undefined && { id_token: idToken }),
    ...(expiresAt !== undefined && { expired: rfc3339(expiresAt) }),
  };
}

/** What the vendor's refusal means. Its own words are told, cut short; they hold no token. */
export function tokenError(reply: VendorReply, now: number): AccountError {
  const error = errorWord(reply.body);
  const description = textOf(reply.body?.error_description) ?? "";
  const words = [error, description].filter((word) => word !== "").join(": ").slice(0, 300) || `status ${reply.status}`;
  const retryAfterMs = retryAfterOf(reply.headers, now);
  if (reply.status === 429 || reply.status >= 500) return new AccountError("unavailable", `the vendor answered ${words}`, { ...(retryAfterMs !== undefined && { retryAfterMs }) });
  const isOver = REVOKED.has(error) || [...REVOKED].some((word) => description.includes(word));
  return new AccountError(isOver ? "revoked" : "refused", `the vendor answered ${words}`);
}

/** `error` is a word, or with some vendors an object that has one. */
function errorWord(body: JsonObject | undefined): string {
  const error = body?.error;
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null || Array.isArray(error)) return "";
  const { code, type, message } = error as JsonObject;
  return textOf(code) ?? textOf(type) ?? textOf(message) ?? "";
}

/** `Retry-After` in seconds or as a date, or `Retry-After-Ms`; in ms. */
function retryAfterOf(headers: Headers, now: number): number | undefined {
  const inMs = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (inMs >= 0) return inMs;
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const seconds = Number(text);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
