import { expect, test } from "bun:test";
import { GatewayError } from "../../errors/index.ts";
import { geminiGenerateContent } from "./index.ts";

const headers = (values: Record<string, string> = {}) => ({ get: (name: string) => values[name] ?? null });
const read = (status: number, body: unknown, values?: Record<string, string>) => geminiGenerateContent.decodeError(status, headers(values), typeof body === "string" ? body : JSON.stringify(body), 0);
const google = (code: number, status: string, message: string, details: readonly object[] = []) => ({ error: { code, status, message, details } });

test("#217 RetryInfo, then the quota's reset, then the message, then the header", () => {
  const info = (delay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: delay });
  const quota = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", metadata: { quotaResetDelay: "373.801628ms" } };
  const words = "Your quota will reset after 13h19m1s.";
  const after = (body: unknown, values?: Record<string, string>) => read(429, body, values).retryAfterMs;
  expect(after(google(429, "RESOURCE_EXHAUSTED", words, [quota, info("37s")]))).toBe(37_000);
  expect(after(google(429, "RESOURCE_EXHAUSTED", words, [quota]))).toBe(374);
  expect(after(google(429, "RESOURCE_EXHAUSTED", words))).toBe(47_941_000);
  expect(after(google(429, "RESOURCE_EXHAUSTED", "slow"), { "retry-after": "2" })).toBe(2000);
  expect(after(google(429, "RESOURCE_EXHAUSTED", "slow"))).toBeUndefined();
});

test("#216 lists, #218 overflows, #220 markup, unknown keys", () => {
  expect(read(503, [google(503, "UNAVAILABLE", "busy")])).toMatchObject({ kind: "overloaded", message: "busy", upstream: { type: "UNAVAILABLE", status: 503 } });
  expect(read(400, google(400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8)."))).toMatchObject({ code: "context_length_exceeded" });
  expect(read(502, "<html>nginx at 10.0.0.1</html>").message).not.toContain("html");
  expect(read(400, google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."))).toMatchObject({ kind: "authentication" });
});

test("#215 errors are written in Google's words", () => {
  const write = (error: GatewayError) => geminiGenerateContent.encodeError(error, "req_1");
  const limited = write(new GatewayError("rate_limited", { retryAfterMs: 1200, message: "slow" }));
  expect(limited).toMatchObject({ status: 429, headers: { "retry-after": "2", "retry-after-ms": "1200" }, body: { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "slow" } } });
  expect(JSON.stringify(limited.body)).toContain('"retryDelay":"1.2s"');
  expect(JSON.stringify(limited.body)).toContain("req_1");
  expect(write(new GatewayError("overloaded"))).toMatchObject({ status: 503, body: { error: { status: "UNAVAILABLE" } } });
  expect(write(new GatewayError("context_length_exceeded", { message: "too long" })).body).toMatchObject({ error: { message: "The input token count exceeds the maximum number of tokens allowed. too long" } });
  expect(JSON.stringify(write(new GatewayError("invalid_request", { path: "contents[0]" })).body)).toContain('"field":"contents[0]"');
});

test("#223 an error in a stream is a data line of its own", () => {
  const text = geminiGenerateContent.encodeStreamError(new GatewayError("stream_interrupted"));
  expect(text).toMatch(/^data: \{"error":\{"code":502,.*\}\n\n$/);
});

test("written errors are read back", () => {
  const written = geminiGenerateContent.encodeError(new GatewayError("rate_limited", { retryAfterMs: 37_000 }));
  expect(read(written.status, written.body)).toMatchObject({ kind: "rate-limit", retryAfterMs: 37_000 });
});
