import { describe, expect, test } from "bun:test";
import type { ErrorKind, GatewayErrorShape } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import { TEST_NOW } from "../../testing/exchange.ts";
import { anthropicMessages } from "./index.ts";

const decode = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  anthropicMessages.decodeError(status, new Headers(headers), typeof body === "string" ? body : JSON.stringify(body), TEST_NOW);
const wireError = (type: string, message = "m") => ({ type: "error", error: { type, message }, request_id: "req_1" });

describe("decoding errors", () => {
  test("#215 an overload is 503 in the house, whatever status it came with", () => {
    expect(decode(529, wireError("overloaded_error"))).toMatchObject({ kind: "overloaded", status: 503, requestId: "req_1", upstream: { status: 529, type: "overloaded_error" } });
    expect(decode(500, wireError("overloaded_error")).kind).toBe("overloaded");
  });

  test("kinds", () => {
    const kinds = ([[400, "invalid_request_error"], [401, "authentication_error"], [402, "billing_error"], [403, "permission_error"], [404, "not_found_error"], [413, "request_too_large"], [429, "rate_limit_error"], [500, "api_error"], [504, "timeout_error"]] as const).map(([status, type]) => decode(status, wireError(type)).kind);
    expect(kinds).toEqual(["invalid-request", "authentication", "billing", "permission", "not-found", "too-large", "rate-limit", "server", "gateway-timeout"]);
    expect(decode(400, wireError("invalid_request_error", "prompt is too long: 2 tokens > 1 maximum")).kind).toBe("context-length");
  });

  test("#220 markup and nothing at all", () => {
    expect(decode(502, "<html><body>nginx at host-1</body></html>").message).not.toContain("host-1");
    expect(decode(500, "").kind).toBe("server");
  });

  const reset = (seconds: number) => String(TEST_NOW / 1000 + seconds);
  const retry = (headers: Record<string, string>) => decode(429, wireError("rate_limit_error"), Object.fromEntries(Object.entries(headers).map(([key, value]) => [key === "retry-after" ? key : `anthropic-ratelimit-unified-${key}`, value]))).retryAfterMs;

  test("the latest deadline that holds", () => {
    expect(retry({})).toBeUndefined();
    expect(retry({ "retry-after": "2.5" })).toBe(2500);
    expect(retry({ "retry-after": "5", reset: reset(60) })).toBe(60_000);
    expect(retry({ status: "Rejected", reset: reset(60.5), "5h-status": "rejected", "5h-reset": reset(30), "7d-status": "allowed", "7d-reset": reset(9000) })).toBe(60_500);
    expect(retry({ status: "allowed", reset: reset(60), "retry-after": "3" })).toBe(3000);
    expect(retry({ "5h-status": "rejected", "5h-reset": "2026-11-21T00:01:00Z" })).toBe(60_000);
    expect(retry({ reset: reset(-60) })).toBeUndefined();
  });

  test("a spent window of one model leaves only retry-after", () => {
    expect(retry({ status: "rejected", reset: reset(900), "5h-status": "allowed", "7d-status": "allowed", "7d_oi-status": "rejected", "7d_oi-reset": reset(9000), "retry-after": "7" })).toBe(7000);
  });
});

describe("encoding errors", () => {
  const shape = (kind: ErrorKind, extra: Partial<GatewayErrorShape> = {}): GatewayErrorShape => ({ kind, code: "c", status: 400, message: "m", source: "upstream", ...extra });

  test("#215 an overload is 529 here", () => {
    expect(anthropicMessages.encodeError(new GatewayError("overloaded", { retryAfterMs: 1200, upstream: { status: 503, type: "x" } }), "req_9")).toEqual({
      status: 529,
      headers: { "request-id": "req_9", "retry-after": "2", "retry-after-ms": "1200" },
      body: { type: "error", error: { type: "overloaded_error", message: "The provider is overloaded.", details: { status: 503, type: "x" } }, request_id: "req_9" },
    });
  });

  test("#219 an overflow begins with the words that clients look for", () => {
    const message = (text: string) => (anthropicMessages.encodeError(shape("context-length", { message: text })).body.error as { message: string }).message;
    expect(message("Input too large")).toBe("prompt is too long: Input too large");
    expect(message("prompt is too long: 2 tokens > 1 maximum")).toBe("prompt is too long: 2 tokens > 1 maximum");
  });

  test("types", () => {
    const type = (kind: ErrorKind) => (anthropicMessages.encodeError(shape(kind)).body.error as { type: string }).type;
    expect((["invalid-request", "content-policy", "authentication", "billing", "permission", "not-found", "timeout", "conflict", "too-large", "rate-limit", "server", "bad-gateway", "gateway-timeout"] as const).map(type)).toEqual([
      "invalid_request_error", "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error", "timeout_error", "conflict_error", "request_too_large", "rate_limit_error", "api_error", "api_error", "timeout_error",
    ]);
  });

  test("inside a stream it is a named event", () => {
    expect(anthropicMessages.encodeStreamError(shape("server"), "r")).toBe('event: error\ndata: {"type":"error","error":{"type":"api_error","message":"m"},"request_id":"r"}\n\n');
  });
});

test("models as clients of this dialect know them", () => {
  const list = [{ id: "a", ownedBy: "x", created: 1_740_009_600, displayName: "A" }, { id: "b", ownedBy: "x", created: 951_827_696 }];
  expect(anthropicMessages.models?.encodeList(list)).toEqual({
    data: [{ type: "model", id: "a", display_name: "A", created_at: "2025-02-20T00:00:00Z" }, { type: "model", id: "b", display_name: "b", created_at: "2000-02-29T12:34:56Z" }],
    has_more: false, first_id: "a", last_id: "b",
  });
  for (const seconds of [0, 68_169_599, 1_709_164_800, 4_102_444_799, 1_735_689_599]) {
    expect(anthropicMessages.models?.encodeModel({ id: "a", ownedBy: "", created: seconds }).created_at).toBe(new Date(seconds * 1000).toISOString().replace(".000", ""));
  }
});
