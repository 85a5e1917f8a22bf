import { expect, test } from "bun:test";
import { OPERATIONS } from "../../../gateway/src/management/contract/index.ts";
import { messageOf } from "./api-error.ts";
import { addressOf } from "./client.ts";
import { ROUTES } from "./operations.ts";

test("every operation of the contract has its address here", () => {
  expect(Object.fromEntries(Object.entries(ROUTES).map(([id, { method, path }]) => [id, `${method} ${path}`]))).toEqual(Object.fromEntries(Object.entries(OPERATIONS).map(([id, { method, path }]) => [id, `${method} ${path}`])));
});

test("gaps of a path are filled, and what is absent is not asked", () => {
  expect(addressOf("getUser", { params: { id: 7 } })).toBe("/v0/management/users/7");
  expect(addressOf("liveRequest", { params: { requestId: "a/b?c" } })).toBe("/v0/management/live/a%2Fb%3Fc");
  expect(addressOf("usageSummary", { query: { groupBy: ["day", "model"], from: 0, to: undefined, model: [], user: "" } })).toBe("/v0/management/usage/summary?groupBy=day%2Cmodel&from=0");
});

test("a refusal's sentence, in the shapes that servers use", () => {
  expect([{ error: "plain" }, { error: { message: "inner" } }, { error: "code", message: "said" }, "text", "", {}].map((body) => messageOf(body, 418))).toEqual(["plain", "inner", "said", "text", "HTTP 418", "HTTP 418"]);
});
