import { GatewayError } from "@dragoman/core";
import type { Ports } from "../ports.ts";
import type { BudgetStore, Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import { BudgetAccount } from "./budget-account.ts";
import type { BudgetRequest, Budgets, Hold } from "./budgets.ts";
import { budgetRefusal } from "./limit-refusal.ts";
import type { LimitHolder } from "./principal.ts";
import { minus, NOTHING } from "./spending.ts";

/** Budgets of a store that no other program works on: what is spent is read once, then counted along in memory. */
export class OwnBudgets implements Budgets {
  readonly #store: BudgetStore;
  readonly #ports: Pick<Ports, "clock" | "usage">;
  readonly #accounts = new Map<string, BudgetAccount>();

  constructor(store: BudgetStore, ports: Pick<Ports, "clock" | "usage">) {
    this.#store = store;
    this.#ports = ports;
  }

  reserve(request: BudgetRequest): Hold | Promise<Hold> {
    const unready = request.holders.filter((holder) => !this.#account(holder.id).isReady(budgetsOf(holder)));
    return unready.length === 0 ? this.#reserveNow(request) : this.#reserveSoon(request, unready);
  }

  note(record: AttemptRecord, amount: Spending): void {
    if (this.#accounts.size === 0) return;
    this.#noteFor(`key:${record.keyId}`, record, amount);
    if (record.userId !== undefined) this.#noteFor(`user:${record.userId}`, record, amount);
  }

  #noteFor(holder: string, { startedAt }: AttemptRecord, amount: Spending): void {
    this.#accounts.get(holder)?.note(amount, startedAt, this.#ports.clock.now());
  }

  async #reserveSoon(request: BudgetRequest, unready: readonly LimitHolder[]): Promise<Hold> {
    const { clock, usage } = this.#ports;
    const flush = async (): Promise<void> => usage.flush?.();
    try {
      await Promise.all(unready.map((holder) => this.#account(holder.id).load(budgetsOf(holder), this.#store, clock.now(), flush)));
    } catch (cause) {
      throw new GatewayError("store_unavailable", { source: "gateway", cause });
    }
    return this.#reserveNow({ ...request, now: clock.now() });
  }

  /** All or nothing, in one go. */
  #reserveNow(request: BudgetRequest): Hold {
    const { holders, amount, now } = request;
    for (const holder of holders) {
      const shortfall = this.#account(holder.id).shortfall(budgetsOf(holder), amount, now);
      if (shortfall !== undefined) throw budgetRefusal(holder, shortfall, request);
    }
    const accounts = holders.map(({ id }) => this.#account(id));
    for (const account of accounts) account.setAside(amount);
    return holdOf(accounts, amount);
  }

  #account(holder: string): BudgetAccount {
    const known = this.#accounts.get(holder);
    if (known !== undefined) return known;
    const account = new BudgetAccount(holder);
    this.#accounts.set(holder, account);
    return account;
  }
}

const budgetsOf = ({ limits }: LimitHolder): NonNullable<LimitHolder["limits"]["budgets"]> => limits.budgets ?? [];

function holdOf(accounts: readonly BudgetAccount[], amount: Spending): Hold {
  let left = amount;
  const free = (part: Spending): void => {
    for (const account of accounts) account.free(part);
  };
  return {
    spend(spent) {
      const rest = minus(left, spent);
      free(minus(left, rest));
      left = rest;
    },
    release() {
      free(left);
      left = NOTHING;
    },
  };
}
