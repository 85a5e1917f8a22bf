import { describe, expect, test } from "bun:test";
import type { ErrorKind } from "../../canonical/index.ts";
import { ERROR_CODES, GatewayError, type ErrorCode } from "../../errors/index.ts";
import { TEST_NOW } from "../../testing/exchange.ts";
import { openaiResponses } from "./index.ts";

const headers = (values: Record<string, string> = {}) => ({ get: (name: string) => values[name] ?? null });
const decode = (status: number, body: unknown, values: Record<string, string> = {}) =>
  openaiResponses.decodeError(status, headers(values), typeof body === "string" ? body : JSON.stringify(body), TEST_NOW);
const body = (error: GatewayError) => openaiResponses.encodeError(error).body.error as Record<string, unknown>;

describe("what an upstream says", () => {
  test("codes go before the status", () => {
    expect(decode(400, { error: { message: "m", type: "invalid_request_error", code: "context_length_exceeded" } })).toMatchObject({ kind: "context-length", status: 400 });
    expect(decode(429, { error: { message: "m", type: "insufficient_quota", code: "insufficient_quota" } })).toMatchObject({ kind: "billing" });
    expect(decode(404, { error: { message: "no response", code: "previous_response_not_found" } })).toMatchObject({ code: "previous_response_not_found" });
    expect(decode(401, { error: { message: "Incorrect API key", type: "invalid_request_error", code: "invalid_api_key" } })).toMatchObject({ code: "upstream_authentication" });
    expect(decode(413, { error: { message: "context_length_exceeded" } })).toMatchObject({ kind: "context-length" });
  });

  test("a general type word leaves the status its say", () => {
    expect(decode(404, { error: { message: "The model `x` does not exist", type: "invalid_request_error" } })).toMatchObject({ code: "model_not_found" });
    expect(decode(503, { error: { message: "busy", type: "server_error" } })).toMatchObject({ kind: "overloaded" });
  });

  test("a used-up allowance is a rate limit whatever the status, until it comes back", () => {
    const resets_at = TEST_NOW / 1000 + 90;
    expect(decode(400, { error: { type: "usage_limit_reached", message: "limit", resets_at } })).toMatchObject({ kind: "rate-limit", status: 429, retryAfterMs: 90_000 });
    expect(decode(429, { error: { type: "usage_limit_reached", message: "limit", resets_in_seconds: 5 } })).toMatchObject({ retryAfterMs: 5000 });
    expect(decode(400, { detail: "Selected model is at capacity. Try another." })).toMatchObject({ kind: "rate-limit", status: 429 });
  });

  test("when to try again, from headers or words", () => {
    const error = { error: { message: "Rate limit reached. Please try again in 1.2s.", code: "rate_limit_exceeded" } };
    expect(decode(429, error)).toMatchObject({ retryAfterMs: 1200 });
    expect(decode(429, error, { "retry-after": "7" })).toMatchObject({ retryAfterMs: 7000 });
    expect(decode(429, error, { "retry-after": "7", "retry-after-ms": "6500", "x-request-id": "req_1" })).toMatchObject({ retryAfterMs: 6500, requestId: "req_1" });
  });

  test("#220 markup says nothing", () => {
    expect(decode(502, "<html><body>bad gateway at host7</body></html>").message).not.toContain("host7");
  });
});

describe("what a client hears", () => {
  test("every code has a shape", () => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const wire = openaiResponses.encodeError(new GatewayError(code));
      expect(wire.body.error).toMatchObject({ message: expect.any(String), type: expect.any(String), param: null });
      expect(wire.status).toBeGreaterThanOrEqual(400);
    }
  });

  test("types and codes by kind", () => {
    const rows: readonly (readonly [ErrorCode, number, string, string | null])[] = [
      ["invalid_request", 400, "invalid_request_error", null], ["context_length_exceeded", 400, "invalid_request_error", "context_length_exceeded"], ["invalid_api_key", 401, "authentication_error", "invalid_api_key"],
      ["billing", 429, "insufficient_quota", "insufficient_quota"], ["money_budget_exhausted", 402, "insufficient_quota", "money_budget_exhausted"], ["budget_exhausted", 429, "rate_limit_error", "budget_exhausted"], ["model_not_found", 404, "invalid_request_error", "model_not_found"], ["rate_limited", 429, "rate_limit_error", "rate_limit_exceeded"],
      ["overloaded", 503, "server_error", "overloaded"], ["stream_interrupted", 502, "server_error", "upstream_error"], ["previous_response_not_found", 400, "invalid_request_error", "previous_response_not_found"],
      ["compaction_not_portable", 400, "invalid_request_error", "compaction_not_portable"],
    ];
    for (const [code, status, type, wireCode] of rows) {
      const wire = openaiResponses.encodeError(new GatewayError(code));
      expect([code, wire.status, wire.body.error]).toMatchObject([code, status, { type, code: wireCode }]);
    }
  });

  test("#215 overloaded is 503 here", () => {
    expect(openaiResponses.encodeError(decode(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } })).status).toBe(503);
  });

  test("#217 when to try again stands in headers and words", () => {
    const wire = openaiResponses.encodeError(new GatewayError("rate_limited", { message: "Quota.", retryAfterMs: 36_200 }), "req_1");
    expect(wire.headers).toEqual({ "retry-after": "37", "retry-after-ms": "36200", "x-request-id": "req_1" });
    expect(wire.body.error).toMatchObject({ message: "Quota. Please try again in 37s." });
  });

  test("#218 a full context is recognisable", () => {
    expect(body(new GatewayError("context_length_exceeded", { message: "The input token count (9) exceeds the maximum number of tokens allowed (8)." }))).toMatchObject({
      code: "context_length_exceeded", message: expect.stringMatching(/^Your input exceeds the context window.*input token count/),
    });
  });

  test("the path of the fault, and the vendor's own code", () => {
    expect(body(new GatewayError("invalid_request", { path: "input[0]", upstream: { code: "bad_thing" } }))).toMatchObject({ param: "input[0]", code: "bad_thing" });
  });

  test("#223 a stream that nobody else can end", () => {
    const text = openaiResponses.encodeStreamError(new GatewayError("stream_interrupted"), "req_1");
    expect(text).toStartWith("event: response.failed\ndata: ");
    expect(JSON.parse(text.split("data: ")[1]!)).toMatchObject({ type: "response.failed", response: { object: "response", status: "failed", error: { code: "upstream_error" }, output: [], tools: [] } });
  });

  test("errors go in and out with their kind", () => {
    const kinds: readonly ErrorKind[] = ["context-length", "rate-limit", "billing", "overloaded"];
    const codes: readonly ErrorCode[] = ["context_length_exceeded", "rate_limited", "billing", "overloaded"];
    codes.forEach((code, index) => {
      const wire = openaiResponses.encodeError(new GatewayError(code));
      expect(decode(wire.status, wire.body).kind).toBe(kinds[index]!);
    });
  });
});
