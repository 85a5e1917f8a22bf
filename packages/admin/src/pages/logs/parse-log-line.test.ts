import { expect, test } from "bun:test";
import { parseLogLine } from "./parse-log-line.ts";

test("JSON lines", () => {
  expect(parseLogLine('{"time":"2026-11-21T09:26:59.010Z","level":"warn","event":"attempt.failed","requestId":"3f1c0a9b","status":429}')).toMatchObject({ at: Date.parse("2026-11-21T09:26:59.010Z"), level: "warn", event: "attempt.failed", requestId: "3f1c0a9b", fields: { status: 429 } });
});

test("lines in brackets, with and without a request", () => {
  expect(parseLogLine("[2025-12-23 20:14:04] [a1b2c3d4] [info ] 200 | 1.2s | POST /v1/messages")).toMatchObject({ level: "info", requestId: "a1b2c3d4", event: "200 | 1.2s | POST /v1/messages" });
  expect(parseLogLine("[2025-12-23 20:14:04] [a1b2c3d4] [info ] [attempt.failed] status=429 kind=rate-limited")).toMatchObject({ event: "attempt.failed", message: "status=429 kind=rate-limited" });
  expect(parseLogLine("[2025-12-23 20:14:04] [--------] [error] port is taken")).not.toHaveProperty("requestId");
});

test("anything else is kept whole", () => {
  expect(parseLogLine("    at open (main.ts:3)")).toEqual({ text: "    at open (main.ts:3)", event: "    at open (main.ts:3)", fields: {} });
  expect(parseLogLine("{not json").event).toBe("{not json");
});
