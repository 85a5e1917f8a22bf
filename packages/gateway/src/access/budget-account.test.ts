import { describe, expect, test } from "bun:test";
import type { BudgetStore, Spending } from "../store/port.ts";
import { BudgetAccount } from "./budget-account.ts";
import type { Budget } from "./limits.ts";

const NOON = Date.parse("2026-11-21T12:30:00Z");
const HOUR = 3_600_000;
const tokens = (count: number): Spending => ({ tokens: count, costNanoUsd: 0 });
const nothing = async (): Promise<void> => undefined;

function storeOf(spent: (from: number) => Promise<number> | number, hours: readonly { hour: number; tokens: number }[] = []): BudgetStore {
  return {
    spent: async (_holder, from) => tokens(await spent(from)),
    spentByHour: async () => hours.map(({ hour, tokens: count }) => ({ hour, ...tokens(count) })),
    reserve: () => Promise.reject(new Error("not asked")),
    release: () => Promise.reject(new Error("not asked")),
  };
}

async function accountWith(budgets: readonly Budget[], store: BudgetStore): Promise<BudgetAccount> {
  const account = new BudgetAccount("key:1");
  await account.load(budgets, store, NOON, nothing);
  return account;
}

describe("the rule", () => {
  const DAY: Budget[] = [{ window: "day", tokens: 1000 }];

  test.each([
    [400, 0, 600, true], [400, 0, 5000, true], [400, 100, 500, true], [400, 100, 501, false], [999, 0, 1, true], [999, 0, 2, true], [999, 1, 1, false], [1000, 0, 1, false], [1000, 0, 0, false], [1200, 0, 1, false],
  ])("spent %d, set aside %d, asked for %d: %p", async (spent, aside, amount, isAllowed) => {
    const account = await accountWith(DAY, storeOf(() => spent));
    account.setAside(tokens(aside));
    expect(account.shortfall(DAY, tokens(amount), NOON) === undefined).toBe(isAllowed);
  });

  test("tokens and money both count, each with its own reserve", async () => {
    const both: Budget[] = [{ window: "total", tokens: 1000, usd: 0.001 }];
    const account = await accountWith(both, storeOf(() => 0));
    account.setAside({ tokens: 10, costNanoUsd: 900_000 });
    expect(account.shortfall(both, { tokens: 10, costNanoUsd: 100_000 }, NOON)).toBeUndefined();
    expect(account.shortfall(both, { tokens: 10, costNanoUsd: 100_001 }, NOON)).toMatchObject({ member: "costNanoUsd", limit: 1_000_000, setAside: 900_000, resetsAt: undefined });
  });
});

describe("what is spent", () => {
  test("is read once, then counted along; a new day begins at nothing", async () => {
    const day: Budget[] = [{ window: "day", tokens: 100 }];
    let reads = 0;
    const account = await accountWith(day, storeOf(() => (reads++, 90)));
    await account.load(day, storeOf(() => (reads++, 90)), NOON, nothing);
    expect(reads).toBe(1);
    account.note(tokens(15), NOON, NOON + 1000);
    expect(account.shortfall(day, tokens(1), NOON)).toMatchObject({ spent: 105, resetsAt: Date.parse("2026-11-22T00:00:00Z") });
    const tomorrow = NOON + 12 * HOUR;
    expect(account.shortfall(day, tokens(1), tomorrow)).toBeUndefined();
    // It began yesterday and ends today: yesterday's, as in the ledger.
    account.note(tokens(500), NOON + 11 * HOUR, tomorrow);
    expect(account.shortfall(day, tokens(1), tomorrow)).toBeUndefined();
    account.note(tokens(500), tomorrow, tomorrow);
    expect(account.shortfall(day, tokens(1), tomorrow)).toMatchObject({ spent: 500 });
  });

  test("leaves the running window hour by hour", async () => {
    const five: Budget[] = [{ window: "5h", tokens: 100 }];
    const hour = Date.parse("2026-11-21T08:00:00Z");
    const account = await accountWith(five, storeOf(() => 0, [{ hour, tokens: 60 }, { hour: hour + 2 * HOUR, tokens: 30 }]));
    account.note(tokens(20), NOON, NOON);
    expect(account.shortfall(five, tokens(1), NOON)).toMatchObject({ spent: 110, resetsAt: hour + 5 * HOUR });
    expect(account.shortfall(five, tokens(50), NOON + HOUR)).toBeUndefined();
    account.note(tokens(60), NOON + HOUR, NOON + HOUR);
    expect(account.shortfall(five, tokens(1), NOON + HOUR)).toMatchObject({ spent: 110, resetsAt: hour + 7 * HOUR });
  });

  test("many small ones are counted without a look at the windows, and none is forgotten or counted twice", async () => {
    const day: Budget[] = [{ window: "day", tokens: 1000 }];
    const both: Budget[] = [...day, { window: "5h", tokens: 700 }];
    const account = await accountWith(day, storeOf(() => 0));
    const spend = (times: number, at: number): void => {
      for (let time = 0; time < times; time++) {
        expect(account.shortfall(day, tokens(5), at)).toBeUndefined();
        account.note(tokens(5), at, at);
      }
    };
    spend(100, NOON);
    // Other budgets hold from now on; the store knows what was spent.
    await account.load(both, storeOf(() => 0, [{ hour: NOON - HOUR / 2, tokens: 500 }]), NOON, nothing);
    spend(20, NOON);
    account.setAside(tokens(1));
    expect(account.shortfall(both, tokens(100), NOON)).toMatchObject({ window: "5h", spent: 600 });
    expect(account.shortfall(both, tokens(99), NOON)).toBeUndefined();
    spend(10, NOON + HOUR);
    expect(account.shortfall(both, tokens(1000), NOON + HOUR)).toMatchObject({ window: "day", spent: 650 });
    // Five hours later the first hour is out of the running window; after midnight a new day begins.
    expect(account.shortfall(both, tokens(649), NOON + 5 * HOUR)).toMatchObject({ window: "day", spent: 650 });
    expect(account.shortfall([{ window: "5h", tokens: 700 }], tokens(650), NOON + 5 * HOUR)).toMatchObject({ window: "5h", spent: 50 });
    expect(account.shortfall(both, tokens(649), NOON + 12 * HOUR)).toBeUndefined();
  });

  test("is read again when records came meanwhile, and never forgets one", async () => {
    const total: Budget[] = [{ window: "total", tokens: 1000 }];
    const account = new BudgetAccount("key:1");
    let inStore = 100;
    let reads = 0;
    // Somebody's call ends while the store is read; the next read tells of it.
    await account.load(total, storeOf(() => {
      reads++;
      const told = inStore;
      if (reads === 1) {
        account.note(tokens(50), NOON, NOON);
        inStore += 50;
      }
      return told;
    }), NOON, nothing);
    expect(reads).toBe(2);
    expect(account.shortfall(total, tokens(2000), NOON)).toBeUndefined();
    account.setAside(tokens(1));
    expect(account.shortfall(total, tokens(2000), NOON)).toMatchObject({ spent: 150 });
  });

  test("is counted twice rather than not at all when records never stop coming", async () => {
    const total: Budget[] = [{ window: "total", tokens: 1000 }];
    const account = new BudgetAccount("key:1");
    let reads = 0;
    await account.load(total, storeOf(() => (reads++, account.note(tokens(50), NOON, NOON), 100)), NOON, nothing);
    expect(reads).toBe(3);
    account.setAside(tokens(1));
    expect(account.shortfall(total, tokens(2000), NOON)).toMatchObject({ spent: 150 });
  });

  test("asks the store again after it was away", async () => {
    const total: Budget[] = [{ window: "total", tokens: 1000 }];
    const account = new BudgetAccount("key:1");
    await expect(account.load(total, storeOf(() => Promise.reject(new Error("away"))), NOON, nothing)).rejects.toThrow("away");
    await account.load(total, storeOf(() => 1000), NOON, nothing);
    expect(account.shortfall(total, tokens(1), NOON)).toMatchObject({ spent: 1000 });
  });
});
