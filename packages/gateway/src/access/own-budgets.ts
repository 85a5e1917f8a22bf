import { GatewayError } from "@dragoman/core";
import type { Ports } from "../ports.ts";
import type { BudgetStore, Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import { BudgetAccount } from "./budget-account.ts";
import type { BudgetRequest, Budgets, Hold } from "./budgets.ts";
import { budgetRefusal } from "./limit-refusal.ts";
import type { Budget } from "./limits.ts";
import type { LimitHolder } from "./principal.ts";

/** Budgets of a store that no other program works on: what is spent is read once, then counted along in memory. */
export class OwnBudgets implements Budgets {
  readonly #store: BudgetStore;
  readonly #ports: Pick<Ports, "clock" | "usage">;
  readonly #accounts = new Map<string, BudgetAccount>();
  /** Lists of holders stay the same object until keys or users change. */
  readonly #payers = new WeakMap<readonly LimitHolder[], readonly Payer[]>();
  /** The same by number: a record names its key and user by theirs. */
  readonly #ofKeys = new Map<number, BudgetAccount>();
  readonly #ofUsers = new Map<number, BudgetAccount>();

  constructor(store: BudgetStore, ports: Pick<Ports, "clock" | "usage">) {
    this.#store = store;
    this.#ports = ports;
  }

  reserve(request: BudgetRequest): Hold | Promise<Hold> {
    const payers = this.#payersOf(request.holders);
    for (const { account, budgets } of payers) if (!account.isReady(budgets)) return this.#reserveSoon(request, payers);
    return reserveNow(request, payers);
  }

  note({ keyId, userId, startedAt }: AttemptRecord, amount: Spending): void {
    const now = this.#ports.clock.now();
    if (keyId !== undefined) this.#ofKeys.get(keyId)?.note(amount, startedAt, now);
    if (userId !== undefined) this.#ofUsers.get(userId)?.note(amount, startedAt, now);
  }

  async #reserveSoon(request: BudgetRequest, payers: readonly Payer[]): Promise<Hold> {
    const { clock, usage } = this.#ports;
    const flush = async (): Promise<void> => usage.flush?.();
    try {
      await Promise.all(payers.map(({ account, budgets }) => account.load(budgets, this.#store, clock.now(), flush)));
    } catch (cause) {
      throw new GatewayError("store_unavailable", { source: "gateway", cause });
    }
    return reserveNow({ ...request, now: clock.now() }, payers);
  }

  #payersOf(holders: readonly LimitHolder[]): readonly Payer[] {
    let payers = this.#payers.get(holders);
    if (payers === undefined) {
      payers = holders.map((holder) => ({ holder, budgets: holder.limits.budgets ?? [], account: this.#account(holder.id) }));
      this.#payers.set(holders, payers);
    }
    return payers;
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

/** A holder of budgets, and what he has spent. */
interface Payer {
  readonly holder: LimitHolder;
  readonly budgets: readonly Budget[];
  readonly account: BudgetAccount;
}

/** All or nothing, in one go. */
function reserveNow(request: BudgetRequest, payers: readonly Payer[]): Hold {
  const { amount, now } = request;
  for (const { holder, account, budgets } of payers) {
    const shortfall = account.shortfall(budgets, amount, now);
    if (shortfall !== undefined) throw budgetRefusal(holder, shortfall, request);
  }
  for (const { account } of payers) account.setAside(amount);
  return new OwnHold(payers, amount);
}

class OwnHold implements Hold {
  readonly #payers: readonly Payer[];
  #tokens: number;
  #costNanoUsd: number;

  constructor(payers: readonly Payer[], { tokens, costNanoUsd }: Spending) {
    this.#payers = payers;
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
    for (const { account } of this.#payers) account.free(tokens, costNanoUsd);
  }
}
