import type { GatewayErrorShape, Loss } from "@dragoman/core";
import { shortRequestId } from "../../http/request-id.ts";
import type { Call } from "../../pipeline/call.ts";
import type { StoryEnd } from "../../pipeline/tell-story.ts";
import type { Clock } from "../../ports.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { BegunAttempt, CallObserver, Capture } from "../call-observer.ts";
import { CaptureShelf, type CaptureSettings } from "./capture-shelf.ts";
import type { LiveEntry, LiveState } from "./live-entry.ts";

/** Requests that have ended and are still shown. */
const KEPT_REQUESTS = 500;
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
  readonly #running = new Set<LiveEntry>();
  /** A ring: the oldest is written over. */
  readonly #ended: LiveEntry[] = [];
  #next = 0;
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
    return [...this.#ended, ...this.#running].sort((a, b) => b.startedAt - a.startedAt);
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
    const entry = newEntry(call);
    call.story.live = entry;
    call.story.decisions = entry.decisions;
    if (this.capture.isOn) this.#capture(call, entry);
    this.#running.add(entry);
    this.#tell(entry);
    return entry.capture;
  }

  attemptBegan({ story }: Call, { number, candidate, streamed }: BegunAttempt): void {
    const entry = story.live;
    if (entry === undefined) return;
    entry.begun = number;
    entry.modelAsked = story.modelAsked;
    entry.streamed = streamed;
    entry.provider = candidate.upstream.name;
    entry.credential = candidate.credential.label;
    entry.modelUpstream = candidate.model;
    entry.upstreamDialect = candidate.upstream.dialect.id;
    this.#tell(entry);
  }

  answerBegan({ story }: Call): void {
    const entry = story.live;
    if (entry === undefined) return;
    entry.firstEventMs = story.firstEventMs;
    this.#tell(entry);
  }

  attemptEnded({ story }: Call, record: AttemptRecord, losses: readonly Loss[]): void {
    const entry = story.live;
    if (entry === undefined || entry.attempts.length >= MAX_DETAILS) return;
    entry.attempts.push({ record, losses: losses.length > MAX_DETAILS ? losses.slice(0, MAX_DETAILS) : losses });
    this.#tell(entry);
  }

  requestEnded({ story }: Call, end: StoryEnd): void {
    const entry = story.live;
    if (entry === undefined) return;
    entry.endedAt = this.#clock.now();
    entry.modelAsked ??= story.modelAsked;
    entry.status = end.status;
    entry.state = stateOf(end);
    entry.losses = end.losses.length;
    entry.error = end.error?.message;
    if (entry.decisions.length > MAX_DETAILS) entry.decisions.length = MAX_DETAILS;
    this.#running.delete(entry);
    this.#ended[this.#next] = entry;
    this.#next = (this.#next + 1) % KEPT_REQUESTS;
    this.#tell(entry);
  }

  #capture(call: Call, entry: LiveEntry): void {
    entry.capture = this.capture.take(call, () => {
      entry.capture = undefined;
      this.#tell(entry);
    });
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

function newEntry(call: Call): LiveEntry {
  const { principal } = call;
  return {
    requestId: call.requestId, startedAt: call.startedAt, principal: principal.id, keyId: principal.keyId, userId: principal.userId,
    endpoint: call.endpoint, clientDialect: call.dialect.id, decisions: [], attempts: [],
    state: "running", endedAt: undefined, streamed: undefined, modelAsked: undefined, provider: undefined, credential: undefined,
    modelUpstream: undefined, upstreamDialect: undefined, begun: 0, status: undefined, firstEventMs: undefined, losses: 0,
    error: undefined, capture: undefined,
  };
}
