import type { LimitHeaders, LimitState, LimitStates } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { Ports } from "../ports.ts";
import type { Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { Budgets, Hold } from "./budgets.ts";
import { estimateOf } from "./estimate.ts";
import type { Admitted, Pass } from "./guard.ts";
import { crowdRefusal, rateRefusal, stateOf, type RefusalContext } from "./limit-refusal.ts";
import { MinuteWindow } from "./minute-window.ts";
import type { LimitHolder } from "./principal.ts";
import { NOTHING, spendingOf } from "./spending.ts";

/** What one holder of limits does in this process. */
class Activity {
  readonly requests = new MinuteWindow();
  readonly tokens = new MinuteWindow();
  running = 0;
}

interface Watched {
  readonly holder: LimitHolder;
  readonly activity: Activity;
}

/** A request that runs for longer than this loses what is set aside for it, ms. */
const LONGEST_MS = 3_600_000;

/** Holds requests to the limits of their key and its user. Without budgets it answers at once. */
export class Limiter {
  readonly #budgets: Budgets;
  readonly #clock: Ports["clock"];
  readonly #activities = new Map<string, Activity>();

  constructor(budgets: Budgets, clock: Ports["clock"]) {
    this.#budgets = budgets;
    this.#clock = clock;
  }

  /** An attempt was written down, of somebody with limits or without: he may get some meanwhile. */
  note(record: AttemptRecord): Spending {
    const amount = spendingOf(record);
    this.#budgets.note(record, amount);
    return amount;
  }

  /** @throws GatewayError `rate_limited`, `budget_exhausted`, `money_budget_exhausted`, `permission_denied`, `store_unavailable` */
  admit(call: Call, request: Admitted, holders: readonly LimitHolder[]): Pass | Promise<Pass> {
    const now = this.#clock.now();
    const spends = request.spends !== false;
    const watched = holders.map((holder) => ({ holder, activity: this.#activity(holder.id) }));
    const context = { dialect: call.dialect, now };
    const amount = spends && holders.some(limitsTokens) ? estimateOf(call, request, holders) : NOTHING;
    refuseByRate(watched, amount, spends, context);
    const pass = new LimitPass({ limiter: this, watched, amount, spends, now });
    pass.headers = call.dialect.encodeLimits?.(statesOf(watched, now)) ?? NO_HEADERS;
    const payers = spends ? holders.filter(({ limits }) => (limits.budgets?.length ?? 0) > 0) : [];
    if (payers.length === 0) return pass;
    return holdFor(pass, () => this.#budgets.reserve({ requestId: call.requestId, amount, holders: payers, expiresAt: expiryOf(call, now), ...context }));
  }

  #activity(id: string): Activity {
    const known = this.#activities.get(id);
    if (known !== undefined) return known;
    const activity = new Activity();
    this.#activities.set(id, activity);
    return activity;
  }
}

const NO_HEADERS: LimitHeaders = {};

function limitsTokens({ limits }: LimitHolder): boolean {
  return limits.tokensPerMinute !== undefined || (limits.budgets?.length ?? 0) > 0;
}

function expiryOf({ settings, startedAt }: Call, now: number): number {
  return settings.totalTimeoutMs > 0 ? startedAt + settings.totalTimeoutMs + LONGEST_MS / 60 : now + LONGEST_MS;
}

/** A refused request has made none, and holds nothing. */
function holdFor(pass: LimitPass, reserve: () => Hold | Promise<Hold>): Pass | Promise<Pass> {
  const undo = (thrown: unknown): never => {
    pass.takeBack();
    throw thrown;
  };
  try {
    const hold = reserve();
    if (hold instanceof Promise) return hold.then((held) => pass.holding(held), undo);
    return pass.holding(hold);
  } catch (thrown) {
    return undo(thrown);
  }
}

function refuseByRate(watched: readonly Watched[], amount: Spending, spends: boolean, context: RefusalContext): void {
  const { now } = context;
  for (const { holder, activity } of watched) {
    const { requestsPerMinute, tokensPerMinute, concurrentRequests } = holder.limits;
    if (requestsPerMinute !== undefined && activity.requests.sum(now) + 1 > requestsPerMinute) {
      throw rateRefusal(holder, "requests", { limit: requestsPerMinute, waitMs: activity.requests.msUntil(requestsPerMinute - 1, now) }, context);
    }
    if (!spends) continue;
    if (concurrentRequests !== undefined && activity.running >= concurrentRequests) throw crowdRefusal(holder, concurrentRequests, context);
    if (tokensPerMinute === undefined) continue;
    const used = activity.tokens.sum(now);
    // What alone is more than the limit may still go, once a minute.
    if (used > 0 && used + amount.tokens > tokensPerMinute) {
      throw rateRefusal(holder, "tokens", { limit: tokensPerMinute, waitMs: activity.tokens.msUntil(Math.max(0, tokensPerMinute - amount.tokens), now) }, context);
    }
  }
}

/** Of each kind the limit with the least left. */
function statesOf(watched: readonly Watched[], now: number): LimitStates {
  let requests: LimitState | undefined;
  let tokens: LimitState | undefined;
  for (const { holder: { limits }, activity } of watched) {
    requests = tighter(requests, limits.requestsPerMinute, activity.requests, now);
    tokens = tighter(tokens, limits.tokensPerMinute, activity.tokens, now);
  }
  return { ...(requests !== undefined && { requests }), ...(tokens !== undefined && { tokens }) };
}

function tighter(known: LimitState | undefined, limit: number | undefined, window: MinuteWindow, now: number): LimitState | undefined {
  if (limit === undefined) return known;
  const remaining = limit - window.sum(now);
  return known !== undefined && known.remaining <= remaining ? known : stateOf(limit, remaining, window.msUntil(0, now), now);
}

interface PassParts {
  readonly limiter: Limiter;
  readonly watched: readonly Watched[];
  readonly amount: Spending;
  readonly spends: boolean;
  /** Epoch ms of its admission. */
  readonly now: number;
}

class LimitPass implements Pass {
  headers: LimitHeaders = NO_HEADERS;
  readonly #parts: PassParts;
  #usedTokens = 0;
  #hold: Hold | undefined;
  #isOver = false;

  constructor(parts: PassParts) {
    this.#parts = parts;
    const { amount, now, spends } = parts;
    for (const { activity } of parts.watched) {
      activity.requests.add(1, now);
      if (!spends) continue;
      activity.running++;
      activity.tokens.add(amount.tokens, now);
    }
  }

  holding(hold: Hold): this {
    this.#hold = hold;
    return this;
  }

  spend(record: AttemptRecord): void {
    const amount = this.#parts.limiter.note(record);
    this.#usedTokens += amount.tokens;
    this.#hold?.spend(amount);
    // An answer that could not be read is followed by another attempt, although the request was taken for over.
    if (this.#isOver) for (const { activity } of this.#parts.watched) activity.tokens.add(amount.tokens, this.#parts.now);
  }

  release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hold?.release();
    const { watched, amount, spends, now } = this.#parts;
    if (!spends) return;
    for (const { activity } of watched) {
      activity.running--;
      activity.tokens.add(this.#usedTokens - amount.tokens, now);
    }
  }

  /** It was refused after all. */
  takeBack(): void {
    this.release();
    for (const { activity } of this.#parts.watched) activity.requests.add(-1, this.#parts.now);
  }
}
