import { expect, test } from "bun:test";
import { fileLine } from "./log-line.ts";

const TIME = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] /;
const behindTime = (...line: Parameters<typeof fileLine>): string => {
  const text = fileLine(...line);
  expect(text).toMatch(TIME);
  return text.replace(TIME, "");
};

test("a request's line has its columns, its id and what else is known", () => {
  expect(behindTime("info", "request.completed", { requestId: "req_AbCdEfGhIjKla1b2c3d4", status: 200, durationMs: 23_559, method: "POST", path: "/v1/chat/completions", clientAddress: "127.0.0.1", attempts: 1, "gen_ai.request.model": "gpt-5", failures: ["rate-limited"] }))
    .toBe('[a1b2c3d4] [info ] [request.completed] 200 |  23.559s |  127.0.0.1 | POST    "/v1/chat/completions" attempts=1 gen_ai.request.model=gpt-5 failures="[\\"rate-limited\\"]"');
});

test("a server's fault is an error, whoever reported it", () => {
  expect(behindTime("warn", "request.completed", { requestId: "req_x-a1b2c3d4", status: 502, durationMs: 812, method: "GET", path: "/v1/models" }))
    .toBe('[a1b2c3d4] [error] [request.completed] 502 |    812ms |          - | GET     "/v1/models"');
  expect(behindTime("warn", "request.refused", { requestId: "a1b2c3d4", status: 401, method: "GET", path: "/v1/models" })).toContain("[warn ]");
});

test("other events have no request, and one line each", () => {
  expect(behindTime("debug", "models.learned", { provider: "a b", models: 3, note: "x\ny=z" })).toBe('[--------] [debug] [models.learned] provider="a b" models=3 note="x\\ny=z"');
  expect(behindTime("info", "prices.reloaded", {})).toBe("[--------] [info ] [prices.reloaded]");
});
