import type { FailureKind, GenerateRequest, ModelInfo } from "@dragoman/core";
import type { SeatView } from "../hooks/hooks.ts";
import type { OwnKey } from "../credentials/credential-account.ts";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import type { Candidate, RoutePlan } from "./candidate.ts";

/** Everything that routing looks at; nothing of it is changed. */
export interface RouteQuestion {
  readonly model: string;
  /** Client dialect: a candidate that speaks it is preferred when all else is equal. */
  readonly dialect: string;
  /** The request brings function tools: some models take those better in one of their dialects. */
  readonly hasTools?: boolean;
  /** Finds the same credential again for the same conversation. Scoped to the principal by the caller. */
  readonly sessionIds: readonly string[];
  readonly principal: string;
  /** A name that stands in for one that nobody serves, before the operator's patterns do. */
  readonly otherwise?: string | undefined;
  /** See `OwnKey`; asked for only where somebody answers with such keys. */
  readonly ownKey?: () => OwnKey | undefined;
}

/** Turns names into candidates and remembers how they fared. Its state outlives configuration reloads. */
export interface Switchboard {
  /** @throws GatewayError `model_not_found` */
  plan(question: RouteQuestion): RoutePlan;
  /** A fresh selection for one round: each call of `next` gives a candidate not tried in this round. */
  select(plan: RoutePlan, question: RouteQuestion): Selection;
  /** Milliseconds until the first candidate of the plan is usable again; 0 when one is, `undefined` when none will be. */
  waitMs(plan: RoutePlan): number | undefined;
  /**
   * Waits until an account that is as busy as it may be has room again. @returns whether one had within `limitMs`;
   * `undefined`: there is nothing to wait for
   */
  room?(plan: RoutePlan, within: { readonly limitMs: number; readonly signal: AbortSignal }): Promise<boolean> | undefined;
  /** Why nothing can be selected: `model_cooldown` with `retryAfterMs`, or `no_credential`. */
  unavailable(plan: RoutePlan): Error;
  report(attempted: { readonly candidate: Candidate; readonly plan: RoutePlan; readonly question: RouteQuestion }, outcome: AttemptOutcome): void;
  listModels(): readonly ModelInfo[];
  findModel(name: string): ModelInfo | undefined;
  /** Who may answer to a name, whatever their state; the same list until something about it changes. Empty: nobody. */
  targetsOf?(name: string): readonly ModelTarget[];
}

/** A provider and its name for a model: what prices are known by. */
export interface ModelTarget {
  /** Id of its description. */
  readonly provider: string;
  /** What the configuration calls it. */
  readonly upstream: string;
  readonly model: string;
}

export interface Selection {
  next(): Candidate | undefined;
  /** Why the last candidate was the one. */
  readonly choice?: Choice;
  /** All seats in the order in which they would be asked, those that pause or are busy last. Called before the first `next`. */
  seats?(): readonly SeatView[];
  /** Only these of the seats, in this order. */
  keep?(seats: readonly SeatView[]): void;
  /** Some of those who are not asked because they pause; for people, so at most `limit`. */
  pausing?(limit: number): readonly PausingSeat[];
}

/** A conversation stays where it was; else it is somebody's turn; or nobody is free, and one is asked all the same. */
export type Choice = "conversation" | "turn" | "last-resort";

export interface PausingSeat {
  readonly credential: string;
  readonly model: string;
  /** Epoch ms. */
  readonly until: number;
  readonly reason?: FailureKind;
  readonly vendorAsked: boolean;
}

/** Ids by which a conversation is recognised, best first: headers, then the request's own, then a hash of its opening. */
export type SessionIdsOf = (request: GenerateRequest, headers: { get(name: string): string | null }) => readonly string[];
