import type { Loss, Usage } from "@dragoman/core";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { AttemptInput } from "./attempt.ts";
import type { CallStory } from "./call.ts";
import { decidedReasoning, type Parcel } from "./pack.ts";
import { attemptCost } from "../prices/attempt-cost.ts";
import { tellStory } from "./tell-story.ts";

/** What a reply told about itself. */
export interface ReplyFacts {
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
  readonly finishReason?: string | undefined;
}

const NO_LOSSES: readonly string[] = [];

/** What of an attempt is written down. */
export type LedgerInput = Pick<AttemptInput, "call" | "plan" | "question" | "candidate"> & { readonly request: Pick<AttemptInput["request"], "model" | "stream" | "reasoning" | "maxOutputTokens"> & Partial<Pick<AttemptInput["request"], "messages">> };

/** What the upstream was asked for, in short: set one by one, as nearly every request has other ones. */
function noteWish(story: CallStory, { request, plan, candidate }: LedgerInput): void {
  if (request.maxOutputTokens !== undefined) story.maxOutputTokens = request.maxOutputTokens;
  if (request.messages !== undefined) story.messages = request.messages.length;
  const reasoning = decidedReasoning(plan, candidate) ?? request.reasoning;
  if (reasoning !== undefined) story.reasoning = reasoning;
}

/** Writes one attempt down, once, however it ends, and tells routing how it went. */
export class AttemptLedger {
  readonly #input: LedgerInput;
  readonly #parcel: Pick<Parcel, "passthrough">;
  readonly #losses: readonly Loss[];
  readonly #number: number;
  readonly #startedAt: number;
  #firstEventMs: number | undefined;
  #committed = false;
  #closed = false;
  #onClosed: (() => void) | undefined;

  constructor(input: LedgerInput, parcel: Pick<Parcel, "passthrough">, losses: readonly Loss[]) {
    this.#input = input;
    this.#parcel = parcel;
    this.#losses = losses;
    this.#startedAt = input.call.engine.ports.clock.now();
    const { story } = input.call;
    this.#number = ++story.attempts;
    const { candidate } = input;
    story.provider = candidate.upstream.name;
    story.credential = candidate.credential.label;
    story.upstreamDialect = candidate.upstream.dialect.id;
    story.modelUpstream = candidate.model;
    story.passthrough = parcel.passthrough;
    story.streamed = input.request.stream;
    story.upstreamUrl = candidate.upstream.baseUrl;
    noteWish(story, input);
    const { observers } = input.call.engine;
    if (observers.attemptBegan.length > 0) {
      const begun = { number: this.#number, candidate, streamed: input.request.stream, passthrough: parcel.passthrough };
      for (const observer of observers.attemptBegan) observer.attemptBegan(input.call, begun);
    }
  }

  /** Counts from 1 within the request. */
  get number(): number {
    return this.#number;
  }

  /** Called once, when the attempt is over. */
  whenClosed(onClosed: () => void): void {
    this.#onClosed = onClosed;
  }

  /** The upstream has begun to answer. */
  begun(): void {
    if (this.#firstEventMs !== undefined) return;
    const now = this.#input.call.engine.ports.clock.now();
    this.#firstEventMs = now - this.#startedAt;
    const { call } = this.#input;
    call.story.firstEventMs = now - call.startedAt;
    for (const observer of call.engine.observers.answerBegan) observer.answerBegan(call);
  }

  /** The client has been given a status: nobody else will be asked, so that the end of this attempt is the end of the request. */
  commit(): void {
    this.#committed = true;
  }

  succeed(facts: ReplyFacts): void {
    this.#close({ type: "succeeded" }, "succeeded", facts);
  }

  fail(outcome: Extract<AttemptOutcome, { type: "failed" }>, facts: ReplyFacts = {}): void {
    this.#close(outcome, outcome.kind === "client-closed" ? "cancelled" : "failed", facts);
  }

  #close(outcome: AttemptOutcome, result: "succeeded" | "failed" | "cancelled", facts: ReplyFacts): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed?.();
    this.#input.candidate.hold?.release();
    const { call, candidate, plan, question } = this.#input;
    if (result !== "cancelled") call.engine.switchboard.report({ candidate, plan, question }, outcome);
    const record = this.#record(outcome, result, facts);
    if (call.settings.keepStatistics || record.keyId !== undefined) call.engine.ports.usage.record(record);
    call.story.pass?.spend(record);
    for (const observer of call.engine.observers.attemptEnded) observer.attemptEnded(call, record, this.#losses);
    if (this.#committed || this.#firstEventMs !== undefined || result === "cancelled") {
      tellStory(call, { status: outcome.type === "failed" ? outcome.error.status : 200, ...facts, losses: this.#losses, ...(outcome.type === "failed" && { error: outcome.error }) });
    }
  }

  /** Members are set one by one: spreads of optional ones cost more than all the rest of this. */
  #record(outcome: AttemptOutcome, result: AttemptRecord["outcome"], facts: ReplyFacts): AttemptRecord {
    const { call, candidate, request } = this.#input;
    const record: { -readonly [K in keyof AttemptRecord]: AttemptRecord[K] } = {
      requestId: call.requestId,
      attempt: this.#number,
      startedAt: this.#startedAt,
      durationMs: call.engine.ports.clock.now() - this.#startedAt,
      principal: call.principal.id,
      endpoint: call.endpoint,
      clientDialect: call.dialect.id,
      upstreamDialect: candidate.upstream.dialect.id,
      provider: candidate.upstream.name,
      credential: candidate.credential.label,
      credentialIndex: candidate.credential.index,
      modelAsked: request.model,
      modelUpstream: candidate.model,
      streamed: request.stream,
      passthrough: this.#parcel.passthrough,
      outcome: result,
      status: outcome.type === "failed" ? outcome.error.status : 200,
      losses: this.#losses.length === 0 ? NO_LOSSES : this.#losses.map(({ code }) => code),
    };
    const { principal, visitor } = call;
    if (principal.keyId !== undefined) record.keyId = principal.keyId;
    if (principal.userId !== undefined) record.userId = principal.userId;
    if (visitor.address !== undefined) record.clientAddress = visitor.address;
    if (request.reasoning?.effort !== undefined) record.reasoningEffort = request.reasoning.effort;
    if (this.#firstEventMs !== undefined) record.firstEventMs = this.#firstEventMs;
    if (facts.model !== undefined) record.modelAnswered = facts.model;
    if (facts.finishReason !== undefined) record.finishReason = facts.finishReason;
    if (facts.usage !== undefined) {
      record.usage = facts.usage;
      const cost = attemptCost(facts.usage, candidate, call.settings.prices);
      if (cost !== undefined) record.costNanoUsd = cost;
    }
    if (outcome.type === "failed") {
      record.failure = outcome.kind;
      record.errorCode = outcome.error.code;
    }
    return record;
  }
}
