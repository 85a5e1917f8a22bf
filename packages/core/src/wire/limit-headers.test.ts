import { expect, test } from "bun:test";
import { anthropicLimitHeaders, openaiLimitHeaders } from "./limit-headers.ts";

const state = (resetMs: number) => ({ limit: 60, remaining: 12, resetMs, resetAt: "2026-11-21T10:00:07Z" });

test("OpenAI's names, with durations as its SDK's users read them", () => {
  expect(openaiLimitHeaders({ requests: state(7_000), tokens: state(360_000) })).toEqual({
    "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "12", "x-ratelimit-reset-requests": "7s",
    "x-ratelimit-limit-tokens": "60", "x-ratelimit-remaining-tokens": "12", "x-ratelimit-reset-tokens": "6m0s",
  });
});

test.each([[0, "0ms"], [119.2, "120ms"], [999, "999ms"], [1000, "1s"], [59_001, "1m0s"], [3_600_000, "1h0m0s"], [3_725_000, "1h2m5s"]])("%d ms is %s", (resetMs, text) => {
  expect(openaiLimitHeaders({ requests: state(resetMs) })["x-ratelimit-reset-requests"]).toBe(text);
});

test("Anthropic's names, with moments", () => {
  expect(anthropicLimitHeaders({ tokens: state(7_000) })).toEqual({
    "anthropic-ratelimit-tokens-limit": "60", "anthropic-ratelimit-tokens-remaining": "12", "anthropic-ratelimit-tokens-reset": "2026-11-21T10:00:07Z",
  });
});
