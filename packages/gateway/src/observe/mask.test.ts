import { expect, test } from "bun:test";
import { maskHeaders, maskText, maskUrl, maskValue, secretsIn } from "./mask.ts";

test("values show enough to tell them apart and no more", () => {
  expect(["sk-ant-0123456789abcdef", "12345678", "1234", "123", ""].map(maskValue)).toEqual(["sk-a...cdef", "12...78", "1...4", "...", "..."]);
});

test("headers: the scheme stays, counters of limits are no secrets", () => {
  expect(maskHeaders([
    ["authorization", "Bearer sk-ant-0123456789abcdef"], ["x-api-key", "sk-ant-0123456789abcdef"], ["x-goog-api-key", "AIza0123456789"], ["cookie", "session=0123456789abcdef"],
    ["x-my-secret-thing", "hush hush"], ["anthropic-ratelimit-tokens-remaining", "12000"], ["content-type", "application/json"],
  ])).toEqual({
    authorization: "Bearer sk-a...cdef", "x-api-key": "sk-a...cdef", "x-goog-api-key": "AI...89", cookie: "sess...cdef",
    "x-my-secret-thing": "hu...sh", "anthropic-ratelimit-tokens-remaining": "12000", "content-type": "application/json",
  });
});

test("addresses: parameters that hide something, and user and password", () => {
  expect(maskUrl("https://user:pass@host/v1/models?alt=sse&key=AIza0123456789abcdef&access_token=12345678&client_secret=xyzxyzxy")).toBe("https://...@host/v1/models?alt=sse&key=AIza...cdef&access_token=12...78&client_secret=xy...xy");
  expect(maskUrl("/v1/messages")).toBe("/v1/messages");
});

test("bodies: what the headers and the address hold, and what looks like a key", () => {
  const secrets = secretsIn([["authorization", "Bearer my-own-secret-words"], ["x-ratelimit-limit-tokens", "100000"]], "https://host/x?key=query-secret-words");
  expect(secrets).toEqual(["my-own-secret-words", "query-secret-words"]);
  expect(maskText('{"a":"my-own-secret-words","b":"query-secret-words","c":"sk-0123456789abcdef","d":"100000"}', secrets)).toBe('{"a":"[redacted]","b":"[redacted]","c":"[redacted]","d":"100000"}');
});

test("a secret that the limit cut off is taken out as well", () => {
  expect(maskText("it is my-own-sec", ["my-own-secret-words"], true)).toBe("it is [redacted]");
  expect(maskText("it is my-own-sec", ["my-own-secret-words"])).toBe("it is my-own-sec");
  expect(maskText("it is mine", ["my-own-secret-words"], true)).toBe("it is mine");
});
