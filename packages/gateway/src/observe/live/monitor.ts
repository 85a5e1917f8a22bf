import type { GatewayErrorShape, Loss } from "@dragoman/core";
import { shortRequestId } from "../../http/request-id.ts";
import type { Call } from "../../pipeline/call.ts";
import type { StoryEnd } from "../../pipeline/tell-story.ts";
import type { Clock } from "../../ports.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { CallObserver, Capture, RefusedRequest } from "../call-observer.ts";
import { CaptureShelf, type CaptureSettings } from "./capture-shelf.ts";
import type { LiveEntry, LiveState } from "./live-entry.ts";
import { Ring } from "./ring.ts";
import { RunningCalls } from "./running-calls.ts";

/** Requests that have ended and are still shown. */
const KEPT_REQUESTS = 500;
/** Refused ones that are still shown; they have a place of their own, or strangers could push everything else out. */
const KEPT_REFUSALS = 100;
/** Beyond so many at once, further ones run unseen. */
const MAX_RUNNING = 10_000;
/** Of one request with very many attempts, so many decisions, attempts and losses are kept. */
const MAX_DETAILS = 100;

export interface LiveListener {
  changed(entry: LiveEntry): void;
  /** There will be no more changes. */
  ended(): void;
}

/** The last requests and those under way, for people who watch. */
export class LiveMonitor implements CallObserver {
  readonly capture: CaptureShelf;
  readonly #clock: Clock;
  readonly #running = new RunningCalls();
  readonly #ended = new Ring<LiveEntry>(KEPT_REQUESTS);
  readonly #refused = new Ring<LiveEntry>(KEPT_REFUSALS);
  readonly #listeners = new Set<LiveListener>();

  constructor(clock: Clock, capture: CaptureSettings) {
    this.#clock = clock;
    this.capture = new CaptureShelf(capture, clock);
  }

  get openRequests(): number {
    return this.#running.size;
  }

  /** Newest first. */
  list(): readonly LiveEntry[] {
    return [...this.#ended.items, ...this.#refused.items, ...this.#running.calls.map(entryOf)].sort((a, b) => b.startedAt - a.startedAt);
  }

  /** By the whole name, or by the short one that log lines bear. */
  find(requestId: string): LiveEntry | undefined {
    return this.list().find((entry) => entry.requestId === requestId || shortRequestId(entry.requestId) === requestId);
  }

  get watchers(): number {
    return this.#listeners.size;
  }

  /** @returns ends the listening */
  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The program ends: nobody need wait for more. */
  close(): void {
    for (const { ended } of [...this.#listeners]) ended();
  }

  requestBegan(call: Call): Capture | undefined {
    if (this.#running.size >= MAX_RUNNING) return undefined;
    call.story.decisions = [];
    this.#running.add(call);
    const capture = this.capture.isOn ? this.#capture(call, entryOf(call)) : undefined;
    this.#changed(call);
    return capture;
  }

  attemptBegan(call: Call): void {
    this.#changed(call);
  }

  answerBegan(call: Call): void {
    this.#changed(call);
  }

  attemptEnded(call: Call, record: AttemptRecord, losses: readonly Loss[]): void {
    if (!this.#running.has(call)) return;
    const entry = entryOf(call);
    if (entry.attempts.length >= MAX_DETAILS) return;
    entry.attempts.push({ record, losses: losses.length > MAX_DETAILS ? losses.slice(0, MAX_DETAILS) : losses });
    this.#tell(entry);
  }

  requestEnded(call: Call, end: StoryEnd): void {
    if (!this.#running.delete(call)) return;
    const entry = entryOf(call);
    entry.endedAt = call.story.endedAt;
    entry.status = end.status;
    entry.state = stateOf(end);
    entry.losses = end.losses.length;
    entry.error = end.error?.message;
    entry.errorCode = end.error?.code;
    if (entry.decisions.length > MAX_DETAILS) entry.decisions.length = MAX_DETAILS;
    this.#ended.add(entry);
    this.#tell(entry);
  }

  requestRefused(refusal: RefusedRequest): void {
    const entry = refusedEntry(refusal, this.#clock.now());
    this.#refused.add(entry);
    this.#tell(entry);
  }

  #capture(call: Call, entry: LiveEntry): Capture | undefined {
    entry.capture = this.capture.take(call, () => {
      entry.capture = undefined;
      this.#tell(entry);
    });
    return entry.capture;
  }

  /** While nobody watches there is nothing to be done: an entry is made when it is looked at. */
  #changed(call: Call): void {
    if (this.#listeners.size > 0 && this.#running.has(call)) this.#tell(entryOf(call));
  }

  #tell(entry: LiveEntry): void {
    if (this.#listeners.size === 0) return;
    for (const { changed } of this.#listeners) changed(entry);
  }
}

function stateOf({ status, error }: { readonly status: number; readonly error?: GatewayErrorShape }): LiveState {
  if (status === 499 || error?.code === "client_closed") return "cancelled";
  return status >= 400 || error !== undefined ? "failed" : "succeeded";
}

/** What is shown of a call, as it stands now; one entry a call. */
function entryOf(call: Call): LiveEntry {
  const { story } = call;
  const entry = (story.live ??= newEntry(call));
  entry.begun = story.attempts;
  entry.modelAsked = story.modelAsked;
  entry.streamed = story.streamed;
  entry.provider = story.provider;
  entry.credential = story.credential;
  entry.modelUpstream = story.modelUpstream;
  entry.upstreamDialect = story.upstreamDialect;
  entry.firstEventMs = story.firstEventMs;
  return entry;
}

function newEntry({ requestId, startedAt, principal, endpoint, dialect, story }: Call): LiveEntry {
  return blankEntry(requestId, startedAt, { principal: principal.id, keyId: principal.keyId, userId: principal.userId, endpoint, clientDialect: dialect.id, decisions: story.decisions ?? [] });
}

function refusedEntry({ requestId, endpoint, clientDialect, status, error }: RefusedRequest, now: number): LiveEntry {
  const entry = blankEntry(requestId, now, { principal: "unknown", keyId: undefined, userId: undefined, endpoint, clientDialect, decisions: [] });
  // The words about a path that leads nowhere repeat it, and it may be anything, a key as well.
  return Object.assign(entry, { state: "failed", endedAt: now, status, errorCode: error.code, ...(error.code !== "not_found" && { error: error.message }) } satisfies Partial<LiveEntry>);
}

/** Named one by one: a spread costs more than all the rest. */
function blankEntry(requestId: string, startedAt: number, { principal, keyId, userId, endpoint, clientDialect, decisions }: Pick<LiveEntry, "principal" | "keyId" | "userId" | "endpoint" | "clientDialect" | "decisions">): LiveEntry {
  return {
    requestId, startedAt, principal, keyId, userId, endpoint, clientDialect, decisions, attempts: [],
    state: "running", endedAt: undefined, streamed: undefined, modelAsked: undefined, provider: undefined, credential: undefined,
    modelUpstream: undefined, upstreamDialect: undefined, begun: 0, status: undefined, firstEventMs: undefined, losses: 0,
    error: undefined, errorCode: undefined, capture: undefined,
  };
}
