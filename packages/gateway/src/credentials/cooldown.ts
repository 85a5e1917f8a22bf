import type { FailureKind } from "@dragoman/core";
import type { AttemptOutcome } from "../upstream/outcome.ts";

export type Failure = Extract<AttemptOutcome, { type: "failed" }>;

/** What a credential remembers of its failures, for one model or for all. Times are epoch ms; 0 is never. */
export interface Cooldown {
  /** When the pause began, or was lengthened last. */
  coolSinceAt: number;
  coolUntilAt: number;
  /** What the vendor said, when we ask again earlier than that. */
  vendorUntilAt: number;
  /** Rate limits in a row that came without a time. */
  level: number;
  /** The vendor named the time; we do not know better. */
  vendorAsked: boolean;
  reason: FailureKind | undefined;
  /** Hides the model from lists: it is not a matter of waiting a little. */
  suspends: boolean;
  /** A request is trying it out before the vendor's time. */
  probing: boolean;
}

export interface CoolingPolicy {
  /** After 408, 5xx and network trouble; 0 is none. */
  readonly transientMs: number;
  /** A pause that the vendor wants longer than this is tried out after this time, by one request. */
  readonly probeAfterMs: number;
  /** 0 ≤ x < 1. */
  random(): number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const BACKOFF_CAP = 30 * MINUTE;
/** A vendor that asks for more is not believed; the longest real windows are weekly. */
const VENDOR_CAP = 7 * 24 * HOUR;
/** How long the others wait for the one that tries a credential out. */
const PROBE_WINDOW = MINUTE;

type Rule =
  | { readonly type: "none" | "backoff" | "transient" }
  | { readonly type: "fixed"; readonly pauseMs: number };

const RULES: Readonly<Record<FailureKind, Rule>> = {
  "rate-limited": { type: "backoff" },
  "quota-exhausted": { type: "fixed", pauseMs: 30 * MINUTE },
  "credential-rejected": { type: "fixed", pauseMs: 30 * MINUTE },
  "model-unavailable": { type: "fixed", pauseMs: 12 * HOUR },
  overloaded: { type: "transient" },
  unavailable: { type: "transient" },
  // The next three say nothing about the credential.
  "request-rejected": { type: "none" },
  "content-refused": { type: "none" },
  "client-closed": { type: "none" },
  // The reply had begun: the connection broke, not the credential.
  "stream-broken": { type: "none" },
};

export function isFailureKind(value: unknown): value is FailureKind {
  return typeof value === "string" && Object.hasOwn(RULES, value);
}

export function freshCooldown(): Cooldown {
  return { coolSinceAt: 0, coolUntilAt: 0, vendorUntilAt: 0, level: 0, vendorAsked: false, reason: undefined, suspends: false, probing: false };
}

/**
 * Writes a failure into the state. A later end is never made earlier, and rate limits that arrive while a pause lasts
 * (parallel requests) do not lengthen the next one.
 * @returns whether the pause began or grew
 */
export function cool(state: Cooldown, failure: Failure, now: number, policy: CoolingPolicy): boolean {
  const rule = ruleOf(failure);
  if (rule.type === "none") return false;
  const hint = failure.error.retryAfterMs === undefined ? undefined : Math.min(failure.error.retryAfterMs, VENDOR_CAP);
  const pauseMs = pauseOf(rule, state, hint, { now, policy });
  if (pauseMs === undefined || pauseMs <= 0 || now + pauseMs <= state.coolUntilAt) return false;
  const early = hint !== undefined && pauseMs > policy.probeAfterMs;
  const until = Math.max(state.coolUntilAt, now + (early ? policy.probeAfterMs : pauseMs));
  const grew = until > state.coolUntilAt;
  state.coolSinceAt = now;
  state.coolUntilAt = until;
  state.vendorUntilAt = Math.max(state.vendorUntilAt, now + pauseMs);
  state.reason = failure.kind;
  state.vendorAsked = hint !== undefined;
  state.probing = false;
  state.suspends = rule.type === "fixed" && failure.error.status !== 429;
  return grew;
}

/** The operator may spare a credential, or pause one for what says nothing about it to us. */
function ruleOf({ kind, verdict }: Failure): Rule {
  const rule = RULES[kind];
  if (verdict === undefined) return rule;
  if (!verdict.cools) return { type: "none" };
  return rule.type === "none" ? { type: "transient" } : rule;
}

interface PauseContext {
  readonly now: number;
  readonly policy: CoolingPolicy;
}

/** Milliseconds from now; `undefined`: the pause that already lasts covers it. */
function pauseOf(rule: Rule, state: Cooldown, hint: number | undefined, context: PauseContext): number | undefined {
  switch (rule.type) {
    case "fixed":
      return hint ?? rule.pauseMs;
    case "transient":
      // Some spread, so that several gateways do not come back as one.
      return Math.max(hint ?? 0, Math.ceil(context.policy.transientMs * (1 + context.policy.random() / 10)));
    case "backoff":
      if (hint !== undefined) return hint;
      if (context.now < state.coolUntilAt) return undefined;
      return Math.min(SECOND * 2 ** state.level++, BACKOFF_CAP);
    default:
      return undefined;
  }
}

/** One request may try out a credential whose vendor asked for a longer pause; the others wait until it is done. */
export function beginProbe(state: Cooldown, now: number): boolean {
  if (now >= state.vendorUntilAt || now < state.coolUntilAt) return false;
  state.coolUntilAt = now + PROBE_WINDOW;
  state.probing = true;
  return true;
}

export function warm(state: Cooldown): void {
  Object.assign(state, freshCooldown());
}
