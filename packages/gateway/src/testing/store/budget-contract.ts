import type { AttemptRecord } from "../../usage/attempt-record.ts";
import { attemptFor, HOUR_MS } from "./sample-attempts.ts";
import { withStore, type MakeStore, type TestRunner } from "./store-trial.ts";

/** Some whole day, UTC. */
const DAY = 20_700 * 24 * HOUR_MS;
const AMOUNT = { tokens: 100, costNanoUsd: 1_000 };

const spend = (name: string, startedAt: number, tokens: number, rest: Partial<AttemptRecord> = {}): AttemptRecord =>
  attemptFor({ requestId: name, startedAt, keyId: 7, userId: 3, principal: "key:7", usage: { inputFresh: tokens }, costNanoUsd: tokens * 10, ...rest });

/** What was spent, and what is set aside. */
export function budgetContract(make: MakeStore, { describe, test, expect }: TestRunner): void {
  describe("spending", () => {
    test("is that of a key or of a user, since an hour", withStore(make, async (store) => {
      await store.usage.append([
        spend("a", DAY - 1, 1), spend("b", DAY, 20), spend("c", DAY + 5 * HOUR_MS - 1, 300), spend("d", DAY + 5 * HOUR_MS, 4_000),
        spend("e", DAY + 50 * HOUR_MS, 50_000), spend("f", DAY + 50 * HOUR_MS, 600_000, { keyId: 8, principal: "key:8" }), spend("g", DAY, 9_000_000, { keyId: 9, userId: 4 }),
      ]);
      expect(await store.budgets.spent("key:7", 0)).toEqual({ tokens: 54_321, costNanoUsd: 543_210 });
      expect(await store.budgets.spent("key:7", DAY)).toEqual({ tokens: 54_320, costNanoUsd: 543_200 });
      expect(await store.budgets.spent("key:7", DAY + 5 * HOUR_MS)).toEqual({ tokens: 54_000, costNanoUsd: 540_000 });
      expect(await store.budgets.spent("user:3", DAY + 24 * HOUR_MS)).toEqual({ tokens: 650_000, costNanoUsd: 6_500_000 });
      expect(await store.budgets.spent("user:99", 0)).toEqual({ tokens: 0, costNanoUsd: 0 });
      expect(await store.budgets.spentByHour("key:7", DAY)).toEqual([
        { hour: DAY, tokens: 20, costNanoUsd: 200 }, { hour: DAY + 4 * HOUR_MS, tokens: 300, costNanoUsd: 3_000 },
        { hour: DAY + 5 * HOUR_MS, tokens: 4_000, costNanoUsd: 40_000 }, { hour: DAY + 50 * HOUR_MS, tokens: 50_000, costNanoUsd: 500_000 },
      ]);
    }));

    test("counts all kinds of tokens", withStore(make, async (store) => {
      await store.usage.append([spend("a", DAY, 0, { usage: { inputFresh: 1, toolPrompt: 2, cacheRead: 4, cacheWrite: 8, cacheWrite1h: 8, outputVisible: 16, reasoning: 32 } })]);
      expect((await store.budgets.spent("key:7", 0)).tokens).toBe(63);
    }));
  });

  describe("reservations", () => {
    const claim = { holder: "key:7", from: DAY, limitTokens: 250 };
    const ask = (id: string, rest: Partial<Parameters<typeof Object.assign>[0]> = {}): { id: string; amount: typeof AMOUNT; claims: readonly (typeof claim)[]; expiresAt: number } => ({ id, amount: AMOUNT, claims: [claim], expiresAt: DAY + 1_000, ...rest });

    test("are refused when they do not fit, and fit again when another is released", withStore(make, async (store) => {
      expect(await store.budgets.reserve(ask("a"), DAY)).toBe(undefined);
      expect(await store.budgets.reserve(ask("b"), DAY)).toBe(undefined);
      expect(await store.budgets.reserve(ask("c"), DAY)).toEqual(claim);
      await store.budgets.release(["a", "unknown"]);
      expect(await store.budgets.reserve(ask("c"), DAY)).toBe(undefined);
    }));

    test("lapse", withStore(make, async (store) => {
      await store.budgets.reserve(ask("a", { amount: { tokens: 250, costNanoUsd: 0 } }), DAY);
      expect(await store.budgets.reserve(ask("b"), DAY + 999)).toEqual(claim);
      expect(await store.budgets.reserve(ask("b"), DAY + 1_000)).toBe(undefined);
    }));

    test("count with what was spent; the last call may overrun, but only alone", withStore(make, async (store) => {
      await store.usage.append([spend("a", DAY, 200)]);
      expect(await store.budgets.reserve(ask("b"), DAY)).toBe(undefined);
      expect(await store.budgets.reserve(ask("c"), DAY)).toEqual(claim);
      await store.usage.append([spend("b", DAY, 50)]);
      await store.budgets.release(["b"]);
      expect(await store.budgets.reserve(ask("c"), DAY)).toEqual(claim);
      expect(await store.budgets.reserve(ask("c", { claims: [{ ...claim, from: DAY + HOUR_MS }] }), DAY)).toBe(undefined);
    }));

    test("set nothing aside when one of several claims does not allow it", withStore(make, async (store) => {
      const tight = { holder: "user:3", from: 0, limitNanoUsd: 10 };
      await store.usage.append([spend("a", DAY, 1)]);
      expect(await store.budgets.reserve(ask("b", { amount: { tokens: 250, costNanoUsd: 1 }, claims: [claim, tight] }), DAY)).toEqual(tight);
      expect(await store.budgets.reserve(ask("c", { amount: { tokens: 249, costNanoUsd: 1 } }), DAY)).toBe(undefined);
    }));

    test("hold against many at once, by several programs", withStore(make, async (store, trial) => {
      const other = await trial.another();
      const wide = { holder: "user:3", from: 0, limitTokens: 100_000 };
      const answers = await Promise.all(Array.from({ length: 60 }, (_, at) =>
        (at % 2 === 0 ? store : other).budgets.reserve(ask(`r${at}`, { claims: at % 3 === 0 ? [wide, { ...claim, limitTokens: 1_000 }] : [{ ...claim, limitTokens: 1_000 }, wide] }), DAY)));
      expect(answers.filter((refusal) => refusal === undefined).length).toBe(10);
    }));
  });
}
