import type { Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { RefusalContext } from "./limit-refusal.ts";
import type { LimitHolder } from "./principal.ts";

/** What a request wants to have set aside. */
export interface BudgetRequest extends RefusalContext {
  readonly requestId: string;
  readonly amount: Spending;
  /** Those with budgets. */
  readonly holders: readonly LimitHolder[];
  /** By when the request is over for sure, epoch ms. */
  readonly expiresAt: number;
}

/** An amount that is set aside for one request. */
export interface Hold {
  /** So much of it is spent now. */
  spend(amount: Spending): void;
  /** The rest is free again; called once. */
  release(): void;
}

/** Keeps what is spent and set aside within budgets. */
export interface Budgets {
  /** @throws GatewayError `budget_exhausted`, `money_budget_exhausted`, `store_unavailable` */
  reserve(request: BudgetRequest): Hold | Promise<Hold>;
  /** An attempt of anybody was written down. */
  note(record: AttemptRecord, amount: Spending): void;
}
