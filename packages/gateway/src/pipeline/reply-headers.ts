import { GatewayError, type Loss } from "@dragoman/core";
import type { ReplyInput } from "./reply.ts";

/** Never passed on: they speak of the connection to the upstream, not of the answer. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
  "set-cookie", "content-length", "content-encoding", "content-type", "cache-control", "x-request-id", "date", "server", "vary",
]);
const OWN_PREFIXES: readonly string[] = ["access-control-", "x-litellm-", "helicone-", "x-portkey-", "cf-aig-", "x-kong-", "x-bt-"];

/** Rate-limit state means something to a client of the same dialect, whatever else is passed. */
const LIMIT_HEADERS = /^(x-ratelimit-|anthropic-ratelimit-|x-codex-)/;
/** Those that we speak ourselves. */
const MINUTE_HEADERS = /^(x-ratelimit-(limit|remaining|reset)-|anthropic-ratelimit-(requests|tokens)-)/;

export function replyHeaders(input: ReplyInput, contentType: string): Record<string, string> {
  const headers: Record<string, string> = { "content-type": contentType, "x-request-id": input.call.requestId };
  if (input.request.stream) {
    headers["cache-control"] = "no-cache, no-transform";
    headers["x-accel-buffering"] = "no";
  }
  if (input.parcel.passthrough || input.call.settings.passthroughHeaders) copyUpstreamHeaders(input, headers);
  if (input.call.story.pass !== undefined) Object.assign(headers, input.call.story.pass.headers);
  if (input.call.wantsLosses) headers["x-dragoman-losses"] = encodeLosses(input.losses);
  return headers;
}

function copyUpstreamHeaders(input: ReplyInput, headers: Record<string, string>): void {
  const all = input.call.settings.passthroughHeaders;
  // Our own limits are what this client has, whatever the upstream allows us.
  const hidden = input.call.story.pass?.hasRates === true ? MINUTE_HEADERS : undefined;
  for (const [name, value] of input.response.headers) {
    if (hidden?.test(name) === true) continue;
    if (LIMIT_HEADERS.test(name) || (all && !OWN_HEADERS.has(name) && !OWN_PREFIXES.some((prefix) => name.startsWith(prefix)))) headers[name] = value;
  }
}

/** A refusal with what it says about limits in its headers; for clients of the same dialect, who read them. */
export function withLimitHeaders(error: GatewayError, headers: Headers): GatewayError {
  const told = [...headers].filter(([name]) => LIMIT_HEADERS.test(name));
  return told.length === 0 ? error : new GatewayError(error.code, { ...error, message: error.message, cause: error.cause, headers: { ...error.headers, ...Object.fromEntries(told) } });
}

/** At most so many characters go into the header; the log has them all. */
const MAX_LOSSES_LENGTH = 4000;

/** One entry a loss, `action code path`, separated by `; `. Only visible ASCII. */
export function encodeLosses(losses: readonly Loss[]): string {
  if (losses.length === 0) return "none";
  const text = losses.map(({ action, code, path }) => `${action} ${code} ${path}`.trim()).join("; ").replace(/[^\x20-\x7e]/g, "?");
  return text.length > MAX_LOSSES_LENGTH ? `${text.slice(0, MAX_LOSSES_LENGTH)} …`.replace("…", "...") : text;
}
