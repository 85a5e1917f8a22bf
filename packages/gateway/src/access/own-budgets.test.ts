import { expect, test } from "bun:test";
import type { BudgetStore, Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { BudgetRequest } from "./budgets.ts";
import { OwnBudgets } from "./own-budgets.ts";

const NOW = Date.parse("2026-11-21T12:30:00Z");
const tokens = (count: number): Spending => ({ tokens: count, costNanoUsd: 0 });
const empty = { spent: async () => tokens(0), spentByHour: async () => [] } as unknown as BudgetStore;

function budgets(store: BudgetStore = empty): OwnBudgets {
  return new OwnBudgets(store, { clock: { now: () => NOW }, usage: { record: () => undefined } });
}

const request = (amount: number, holders: readonly [id: string, limit: number][] = [["key:1", 100]]): BudgetRequest => ({
  requestId: "req", amount: tokens(amount), now: NOW, expiresAt: NOW + 1000, dialect: {},
  holders: holders.map(([id, limit]) => ({ id, limits: { budgets: [{ window: "total", tokens: limit }] } })),
});
const record = (used: number): [AttemptRecord, Spending] => [{ keyId: 1, startedAt: NOW } as AttemptRecord, tokens(used)];

test("what is set aside is free again after the call, whatever it used, and however often it is told to be over", async () => {
  const book = budgets();
  const hold = await book.reserve(request(60));
  expect(() => book.reserve(request(50))).toThrow("does not suffice");
  book.note(...record(10));
  hold.spend(tokens(10));
  expect(() => book.reserve(request(41))).toThrow("does not suffice");
  const other = await book.reserve(request(40));
  hold.release();
  hold.spend(tokens(20));
  // 10 are used and 40 set aside: a hold that is over frees nothing more.
  expect(() => book.reserve(request(51))).toThrow("10 tokens are used, and 40 tokens set aside");
  other.release();
  expect(await book.reserve(request(500))).toBeDefined();
});

test("a call that uses more than it set aside frees no more than that", async () => {
  const book = budgets();
  const [hold, other] = [await book.reserve(request(20)), await book.reserve(request(20))];
  book.note(...record(50));
  hold.spend(tokens(50));
  hold.release();
  expect(() => book.reserve(request(31))).toThrow("50 tokens are used, and 20 tokens set aside");
  other.release();
});

test("if one holder has no room, none of them sets anything aside", async () => {
  const book = budgets();
  await book.reserve(request(60, [["user:1", 100]]));
  expect(() => book.reserve(request(50, [["key:1", 100], ["user:1", 100]]))).toThrow("budget of the user:1");
  const all = await book.reserve(request(100));
  all.release();
});

test("a holder is answered at once when its store was read", async () => {
  const book = budgets();
  const first = book.reserve(request(1));
  expect(first).toBeInstanceOf(Promise);
  (await first).release();
  expect(book.reserve(request(1))).not.toBeInstanceOf(Promise);
});

test("a store that cannot be reached is told as that", async () => {
  const away = { spent: () => Promise.reject(new Error("away")) } as unknown as BudgetStore;
  await expect(budgets(away).reserve(request(1))).rejects.toMatchObject({ code: "store_unavailable", status: 503 });
});
