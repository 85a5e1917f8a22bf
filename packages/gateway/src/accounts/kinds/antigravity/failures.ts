import { DIALECTS, isJsonObject, type FailureReading, type FailureReply, type Json } from "@dragoman/core";
import { textOf } from "../../stored-json.ts";

/** A limit that lasts this long is not one of the minute. */
const FULL_FROM_MS = 5 * 60_000;
/** Credits come back when somebody buys them; nobody asks more often than this. */
const CREDITS_AGAIN_MS = 10 * 60_000;

/**
 * What a 429 means here: a limit of the minute, or a quota that is used up. The vendor's time (RetryInfo, else the quota's
 * reset, else the message's words) is read by the dialect and holds for both.
 */
export function readAntigravityFailure(reply: FailureReply): FailureReading | undefined {
  const { status, body } = reply;
  const error = errorIn(body);
  const reason = reasonIn(error);
  if (reason === "INSUFFICIENT_G1_CREDITS_BALANCE") return { kind: "quota-exhausted", credentialWide: true, retryAfterMs: CREDITS_AGAIN_MS };
  if (status === 503) return hasNoCapacity(status, body) ? { kind: "overloaded" } : undefined;
  if (status !== 429) return undefined;
  if (textOf(error.status) !== "RESOURCE_EXHAUSTED") return { kind: "rate-limited" };
  if (reason === "QUOTA_EXHAUSTED" || /quota[_ ]exhausted/i.test(body)) return { kind: "quota-exhausted" };
  return { kind: (delayOf(reply) ?? 0) >= FULL_FROM_MS ? "quota-exhausted" : "rate-limited" };
}

/** Another of the vendor's bases may have room. */
export function hasNoCapacity(status: number, body: string): boolean {
  return status === 503 && /no capacity available/i.test(body);
}

function delayOf({ status, headers, body, now }: FailureReply): number | undefined {
  const dialect = DIALECTS.find(({ id }) => id === "gemini-code-assist");
  return dialect?.decodeError(status, headers ?? new Headers(), body, now).retryAfterMs;
}

function errorIn(body: string): { readonly [member: string]: Json | undefined } {
  try {
    const value = JSON.parse(body) as Json;
    return isJsonObject(value) && isJsonObject(value.error) ? value.error : {};
  } catch {
    return {};
  }
}

function reasonIn({ details }: { readonly [member: string]: Json | undefined }): string | undefined {
  const list = (Array.isArray(details) ? (details as readonly Json[]) : []).filter(isJsonObject);
  return list.map(({ reason }) => textOf(reason)).find((reason) => reason !== undefined);
}
