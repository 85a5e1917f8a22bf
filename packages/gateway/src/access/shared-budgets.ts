import { GatewayError } from "@dragoman/core";
import type { Ports } from "../ports.ts";
import type { BudgetClaim, BudgetStore, Spending } from "../store/port.ts";
import { limitsOf } from "./budget-account.ts";
import { runningReset, windowEnd, windowStart } from "./budget-window.ts";
import type { BudgetRequest, Budgets, Hold } from "./budgets.ts";
import { budgetRefusal, type Shortfall } from "./limit-refusal.ts";
import type { BudgetWindow } from "./limits.ts";
import type { LimitHolder } from "./principal.ts";

/** One member of one budget, as it is claimed. */
interface Claim {
  readonly holder: LimitHolder;
  readonly window: BudgetWindow;
  readonly member: keyof Spending;
  readonly limit: number;
  readonly claim: BudgetClaim;
}

type SharedPorts = Pick<Ports, "usage" | "background" | "logger">;

/** Budgets of a store that several programs work on: the store itself decides, so that all together do not overrun. */
export class SharedBudgets implements Budgets {
  readonly #store: BudgetStore;
  readonly #ports: SharedPorts;
  /** Reservations of requests that are over, whose records may not be in the store yet. */
  #done: string[] = [];
  #releasing = false;

  constructor(store: BudgetStore, ports: SharedPorts) {
    this.#store = store;
    this.#ports = ports;
  }

  async reserve(request: BudgetRequest): Promise<Hold> {
    const { requestId: id, amount, now, expiresAt } = request;
    const claims = claimsOf(request);
    let refused: Claim | undefined;
    let shortfall: Shortfall | undefined;
    try {
      const answer = await this.#store.reserve({ id, amount, claims: claims.map(({ claim }) => claim), expiresAt }, now);
      refused = answer === undefined ? undefined : claims.find(({ claim }) => sameClaim(claim, answer));
      if (answer !== undefined && refused === undefined) throw new Error(`the store refused a claim of ${answer.holder} that nobody made`);
      if (refused !== undefined) shortfall = await this.#shortfall(refused, now);
    } catch (cause) {
      throw new GatewayError("store_unavailable", { source: "gateway", cause });
    }
    if (refused !== undefined && shortfall !== undefined) throw budgetRefusal(refused.holder, shortfall, request);
    return { spend: () => undefined, release: () => this.#releaseSoon(id) };
  }

  /** The store counts records itself. */
  note(): void {}

  /** What is set aside by others is not told by the store; `spent` is. */
  async #shortfall({ holder, window, member, limit, claim }: Claim, now: number): Promise<Shortfall> {
    const hours = window === "5h" ? await this.#store.spentByHour(holder.id, claim.from) : undefined;
    const spent = hours === undefined ? (await this.#store.spent(holder.id, claim.from))[member] : hours.reduce((sum, each) => sum + each[member], 0);
    const resetsAt = hours === undefined ? windowEnd(window, now) : runningReset(hours.map((each) => ({ hour: each.hour, amount: each[member] })), limit, now);
    return { window, member, limit, spent, setAside: undefined, resetsAt };
  }

  #releaseSoon(id: string): void {
    this.#done.push(id);
    if (this.#releasing) return;
    this.#releasing = true;
    this.#ports.background.run(this.#release());
  }

  /** Only when the records are in the store: till then the reservation stands for them. If that fails, it lapses in time. */
  async #release(): Promise<void> {
    while (this.#done.length > 0) {
      const ids = this.#done;
      this.#done = [];
      try {
        await this.#ports.usage.flush?.();
        await this.#store.release(ids);
      } catch (cause) {
        this.#ports.logger.log("warn", "budgets.unreleased", { reservations: ids.length, cause: String(cause) });
      }
    }
    this.#releasing = false;
  }
}

/** Tokens and money are claimed apart, so that the answer tells which of them has no room. */
function claimsOf({ holders, now }: BudgetRequest): Claim[] {
  return holders.flatMap((holder) => (holder.limits.budgets ?? []).flatMap((budget) => limitsOf(budget).map(([member, limit]): Claim => ({
    holder,
    window: budget.window,
    member,
    limit,
    claim: { holder: holder.id, from: windowStart(budget.window, now), ...(member === "tokens" ? { limitTokens: limit } : { limitNanoUsd: limit }) },
  }))));
}

function sameClaim(a: BudgetClaim, b: BudgetClaim): boolean {
  return a.holder === b.holder && a.from === b.from && a.limitTokens === b.limitTokens && a.limitNanoUsd === b.limitNanoUsd;
}
