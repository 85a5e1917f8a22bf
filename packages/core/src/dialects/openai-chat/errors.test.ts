import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { GatewayError, type ErrorCode } from "../../errors/index.ts";
import { openaiChat } from "./index.ts";

const headers = (values: Record<string, string> = {}) => ({ get: (name: string) => values[name] ?? null });
const decode = (status: number, body: unknown, values?: Record<string, string>) => openaiChat.decodeError(status, headers(values), typeof body === "string" ? body : JSON.stringify(body), 0);
const errorOf = (code: ErrorCode, options = {}) => openaiChat.encodeError(new GatewayError(code, options)).body.error as JsonObject;

describe("decode", () => {
  test.each([
    [400, { error: { message: "This model's maximum context length is 8192 tokens", type: "invalid_request_error", code: "context_length_exceeded" } }, "context_length_exceeded"],
    [401, { error: { message: "Incorrect API key provided" } }, "upstream_authentication"],
    [404, { error: { message: "The model `x` does not exist", code: "model_not_found" } }, "model_not_found"],
    [422, { detail: [{ loc: ["body", "n"], msg: "wrong" }] }, "unprocessable"],
    [429, { error: { message: "Rate limit reached", type: "tokens", code: "rate_limit_exceeded" } }, "rate_limited"],
    [429, { error: { message: "You exceeded your current quota", code: "insufficient_quota" } }, "billing"],
    [502, "<html>nginx</html>", "upstream_malformed"],
    [503, [{ error: { code: 503, status: "UNAVAILABLE", message: "m" } }], "overloaded"],
  ] as [number, unknown, string][])("%d %j", (status, body, code) => {
    expect(decode(status, body)).toMatchObject({ code, source: "upstream" });
  });

  test("#220 no HTML reaches the message; #216 Google's list is read", () => {
    expect(decode(502, "<html><b>secret host</b></html>").message).not.toContain("<");
    expect(decode(400, [{ error: { code: 400, message: "bad thing", status: "INVALID_ARGUMENT" } }]).message).toBe("bad thing");
  });

  test("the finest retry hint counts", () => {
    const body = { error: { message: "Please try again in 1.2s." } };
    expect(decode(429, body, { "retry-after-ms": "1500", "retry-after": "9", "x-request-id": "r1" })).toMatchObject({ retryAfterMs: 1500, requestId: "r1" });
    expect(decode(429, body, { "retry-after": "9" }).retryAfterMs).toBe(9000);
    expect(decode(429, body).retryAfterMs).toBe(1200);
  });
});

describe("encode", () => {
  test.each([
    ["invalid_request", 400, "invalid_request_error", "invalid_request"],
    ["context_length_exceeded", 400, "invalid_request_error", "context_length_exceeded"],
    ["invalid_api_key", 401, "authentication_error", "invalid_api_key"],
    ["billing", 429, "insufficient_quota", "insufficient_quota"], ["money_budget_exhausted", 402, "insufficient_quota", "money_budget_exhausted"], ["budget_exhausted", 429, "rate_limit_error", "budget_exhausted"],
    ["model_not_found", 404, "invalid_request_error", "model_not_found"],
    ["request_too_large", 413, "invalid_request_error", "request_too_large"],
    ["rate_limited", 429, "rate_limit_error", "rate_limit_exceeded"],
    ["model_cooldown", 429, "rate_limit_error", "model_cooldown"],
    ["internal", 500, "server_error", "internal"],
    ["upstream_unreachable", 502, "server_error", "upstream_error"],
    ["overloaded", 503, "server_error", "overloaded"],
    ["upstream_timeout", 504, "timeout", "timeout"],
  ] as [ErrorCode, number, string, string][])("%s", (code, status, type, wireCode) => {
    expect(openaiChat.encodeError(new GatewayError(code)).status).toBe(status);
    expect(errorOf(code)).toMatchObject({ type, code: wireCode, param: null });
  });

  test("#215 an upstream's 529 is a 503 here", () => {
    expect(openaiChat.encodeError(decode(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }))).toMatchObject({ status: 503, body: { error: { code: "overloaded", message: "Overloaded" } } });
  });

  test("#217 how long to wait, in seconds rounded up and in milliseconds", () => {
    expect(openaiChat.encodeError(new GatewayError("rate_limited", { retryAfterMs: 36_200.5 }), "req_1").headers).toEqual({ "retry-after": "37", "retry-after-ms": "36201", "x-request-id": "req_1" });
  });

  test("#218 a context overflow says so in OpenAI's words, with the original behind", () => {
    const { message, code } = errorOf("context_length_exceeded", { message: "The input token count (9) exceeds the maximum number of tokens allowed (8)." });
    expect(code).toBe("context_length_exceeded");
    expect(message).toBe("This model's maximum context length was exceeded. The input token count (9) exceeds the maximum number of tokens allowed (8).");
    expect(errorOf("context_length_exceeded", { message: "This model's maximum context length is 8" }).message).toBe("This model's maximum context length is 8");
  });

  test("param is the caller's path; the upstream's own code is kept", () => {
    expect(errorOf("invalid_request", { path: "messages[0].role", message: "m" })).toEqual({ message: "m", type: "invalid_request_error", param: "messages[0].role", code: "invalid_request" });
    expect(errorOf("invalid_request", { source: "upstream", upstream: { type: "t", code: "unsupported_value" } }).code).toBe("unsupported_value");
  });

  test("in a stream: the error and the end", () => {
    expect(openaiChat.encodeStreamError(new GatewayError("internal", { message: "m" }))).toBe('data: {"error":{"message":"m","type":"server_error","param":null,"code":"internal"}}\n\ndata: [DONE]\n\n');
  });
});
