import { isJsonObject, type JsonObject } from "../../canonical/index.ts";
import { parseDuration, parseRetryAfter, readErrorFacts, upstreamError, type ErrorCode, type ErrorFacts, type GatewayError } from "../../errors/index.ts";
import { listAt, stringAt } from "./members.ts";

const NO_HEADERS = { get: () => null };

 
export function decodeError(status: number, headers: { get(name: string): string | null }, body: string, now: number): GatewayError {
  return toError(status, headers, readErrorFacts(body), now);
}

/** An error object in the middle of a stream: its own code is the status. */
export function decodeStreamError(body: JsonObject, now: number): GatewayError {
  const facts = readErrorFacts(body);
  const code = Number(facts.code);
  return toError(code >= 400 && code < 600 ? code : 500, NO_HEADERS, facts, now);
}

 
function toError(status: number, headers: { get(name: string): string | null }, facts: ErrorFacts, now: number): GatewayError {
  const details = facts.error === undefined ? [] : listAt(facts.error, "details").filter(isJsonObject);
  return upstreamError(status, facts, {
    retryAfterMs: retryDelay(details, facts.message) ?? parseRetryAfter(headers.get("retry-after"), now),
    requestId: headers.get("x-request-id") ?? headers.get("x-goog-request-id") ?? undefined,
    code: sureCode(status, details, facts),
  });
}

/** An unknown key is told as a 400 here (seen 2026-11). */
function sureCode(status: number, details: readonly JsonObject[], { message }: ErrorFacts): ErrorCode | undefined {
  if (status !== 400) return undefined;
  const invalid = details.some((detail) => detail.reason === "API_KEY_INVALID") || /API key (not valid|expired)/i.test(message ?? "");
  return invalid ? "upstream_authentication" : undefined;
}

/** RetryInfo, else the quota's reset in ErrorInfo, else the message's own words. */
function retryDelay(details: readonly JsonObject[], message: string | undefined): number | undefined {
  const retryInfo = detailOf(details, "RetryInfo");
  const metadata = detailOf(details, "ErrorInfo")?.metadata;
  const told = (retryInfo && stringAt(retryInfo, "retryDelay")) ?? (isJsonObject(metadata) ? stringAt(metadata, "quotaResetDelay") : undefined);
  const words = /after\s+((?:\d+h)?(?:\d+m)?(?:\d+s)?)/.exec(message ?? "")?.[1];
  return (told === undefined ? undefined : parseDuration(told)) ?? (words ? parseDuration(words) : undefined);
}

function detailOf(details: readonly JsonObject[], type: string): JsonObject | undefined {
  return details.find((detail) => stringAt(detail, "@type")?.endsWith(`google.rpc.${type}`));
}
