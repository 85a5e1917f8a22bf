import { GatewayError, type Dialect, type ErrorCode, type LimitState, type LimitStates } from "@dragoman/core";
import type { Spending } from "../store/port.ts";
import type { BudgetWindow } from "./limits.ts";
import type { LimitHolder } from "./principal.ts";
import { toUsd } from "../prices/nano-usd.ts";

/** A budget that has no room; amounts are tokens, or billionths of a dollar. */
export interface Shortfall {
  readonly window: BudgetWindow;
  readonly member: keyof Spending;
  readonly limit: number;
  readonly spent: number;
  /** By requests under way; absent: by so much that it does not suffice. */
  readonly setAside: number | undefined;
  /** Epoch ms; absent: never. */
  readonly resetsAt: number | undefined;
}

/** Who is told, and when. */
export interface RefusalContext {
  readonly dialect: Pick<Dialect, "encodeLimits">;
  readonly now: number;
}

/** When requests under way may have freed what they set aside, nobody can tell. */
const SOON_MS = 5000;
/** SDKs repeat a 429 by themselves; for waits longer than this it is no use. */
const LONG_MS = 60_000;

const SPANS: Readonly<Record<BudgetWindow, string>> = { "5h": "for five hours", day: "for the day", week: "for the week", month: "for the month", total: "in all" };

export function labelOf({ id, label }: LimitHolder): string {
  return label ?? id;
}

/** Too many requests or tokens in a minute. */
export function rateRefusal(holder: LimitHolder, kind: "requests" | "tokens", rate: { readonly limit: number; readonly waitMs: number }, context: RefusalContext): GatewayError {
  const message = `The ${labelOf(holder)} may ${kind === "requests" ? `make ${rate.limit} requests` : `use ${rate.limit} tokens`} a minute. Please try again in ${seconds(rate.waitMs)}.`;
  return refusal("rate_limited", { message, waitMs: rate.waitMs, states: { [kind]: stateOf(rate.limit, 0, rate.waitMs, context.now) } }, context);
}

/** Too many requests at once. */
export function crowdRefusal(holder: LimitHolder, limit: number, context: RefusalContext): GatewayError {
  const message = `The ${labelOf(holder)} may have ${limit} ${limit === 1 ? "request" : "requests"} under way at once. Please try again when one is done.`;
  return refusal("rate_limited", { message, waitMs: 1000, states: {} }, context);
}

/** A budget that is spent, or whose rest is set aside for requests under way. */
export function budgetRefusal(holder: LimitHolder, shortfall: Shortfall, context: RefusalContext): GatewayError {
  const { window, member, limit, spent, setAside, resetsAt } = shortfall;
  const budget = `the budget of the ${labelOf(holder)} ${SPANS[window]}, ${amountText(member, limit)}`;
  const isSpent = spent >= limit;
  const waitMs = isSpent ? (resetsAt === undefined ? undefined : Math.max(1, resetsAt - context.now)) : SOON_MS;
  const message = isSpent
    ? `All of ${budget}, is used up. ${resetsAt === undefined ? "It does not begin anew." : `There is more of it at ${moment(resetsAt)}.`}`
    : `What is left of ${budget}, does not suffice for this request: ${amountText(member, spent)} ${member === "tokens" ? "are" : "is"} used, and ${setAside === undefined ? "some" : amountText(member, setAside)} set aside for requests under way.`;
  const states = member === "tokens" && waitMs !== undefined ? { tokens: stateOf(limit, Math.max(0, limit - spent - (setAside ?? limit)), waitMs, context.now) } : {};
  return refusal(member === "tokens" ? "budget_exhausted" : "money_budget_exhausted", { message, waitMs, states }, context);
}

interface Refusal {
  readonly message: string;
  /** Absent: waiting does not help. */
  readonly waitMs: number | undefined;
  readonly states: LimitStates;
}

function refusal(code: ErrorCode, { message, waitMs, states }: Refusal, { dialect }: RefusalContext): GatewayError {
  const isHopeless = waitMs === undefined || waitMs > LONG_MS;
  return new GatewayError(code, {
    source: "gateway",
    message,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    headers: { ...dialect.encodeLimits?.(states), ...(isHopeless && { "x-should-retry": "false" }) },
  });
}

export function stateOf(limit: number, remaining: number, resetMs: number, now: number): LimitState {
  return {
    limit,
    remaining: Math.max(0, Math.floor(remaining)),
    resetMs,
    // Few dialects ask, and a date costs more than the rest.
    get resetAt() {
      return moment(now + resetMs);
    },
  };
}

function amountText(member: keyof Spending, amount: number): string {
  return member === "tokens" ? `${amount} tokens` : `$${toUsd(amount).toFixed(amount % 10_000_000 === 0 ? 2 : 6)}`;
}

const moment = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
const seconds = (durationMs: number): string => `${Math.ceil(durationMs / 1000)} s`;
