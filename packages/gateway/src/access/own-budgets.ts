import { GatewayError } from "@dragoman/core";
import type { Ports } from "../ports.ts";
import type { BudgetStore, Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import { BudgetAccount } from "./budget-account.ts";
import type { BudgetRequest, Budgets, Hold } from "./budgets.ts";
import { budgetRefusal } from "./limit-refusal.ts";
import type { LimitHolder } from "./principal.ts";

/** Budgets of a store that no other program works on: what is spent is read once, then counted along in memory. */
export class OwnBudgets implements Budgets {
  readonly #store: BudgetStore;
  readonly #ports: Pick<Ports, "clock" | "usage">;
  readonly #accounts = new Map<string, BudgetAccount>();
  /** The same by number: a record names its key and user by theirs. */
  readonly #ofKeys = new Map<number, BudgetAccount>();
  readonly #ofUsers = new Map<number, BudgetAccount>();

  constructor(store: BudgetStore, ports: Pick<Ports, "clock" | "usage">) {
    this.#store = store;
    this.#ports = ports;
  }

  reserve(request: BudgetRequest): Hold | Promise<Hold> {
    const unready = request.holders.filter((holder) => !this.#account(holder.id).isReady(budgetsOf(holder)));
    return unready.length === 0 ? this.#reserveNow(request) : this.#reserveSoon(request, unready);
  }

  note({ keyId, userId, startedAt }: AttemptRecord, amount: Spending): void {
    const now = this.#ports.clock.now();
    if (keyId !== undefined) this.#ofKeys.get(keyId)?.note(amount, startedAt, now);
    if (userId !== undefined) this.#ofUsers.get(userId)?.note(amount, startedAt, now);
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
    return new OwnHold(accounts, amount);
  }

  #account(holder: string): BudgetAccount {
    const known = this.#accounts.get(holder);
    if (known !== undefined) return known;
    const account = new BudgetAccount(holder);
    this.#accounts.set(holder, account);
    const [kind, id] = holder.split(":");
    (kind === "user" ? this.#ofUsers : this.#ofKeys).set(Number(id), account);
    return account;
  }
}

const budgetsOf = ({ limits }: LimitHolder): NonNullable<LimitHolder["limits"]["budgets"]> => limits.budgets ?? [];

class OwnHold implements Hold {
  readonly #accounts: readonly BudgetAccount[];
  #tokens: number;
  #costNanoUsd: number;

  constructor(accounts: readonly BudgetAccount[], { tokens, costNanoUsd }: Spending) {
    this.#accounts = accounts;
    this.#tokens = tokens;
    this.#costNanoUsd = costNanoUsd;
  }

  /** Frees no more than is left. */
  spend(spent: Spending): void {
    this.#free(Math.min(this.#tokens, spent.tokens), Math.min(this.#costNanoUsd, spent.costNanoUsd));
  }

  release(): void {
    this.#free(this.#tokens, this.#costNanoUsd);
  }

  #free(tokens: number, costNanoUsd: number): void {
    this.#tokens -= tokens;
    this.#costNanoUsd -= costNanoUsd;
    for (const account of this.#accounts) account.free(tokens, costNanoUsd);
  }
}
