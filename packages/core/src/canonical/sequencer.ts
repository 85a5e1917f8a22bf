import type { GatewayErrorShape } from "./error-shape.ts";
import type { Delta, EmitEvent, GenerateEvent } from "./event.ts";
import { reconcileFinish, type Finish } from "./finish.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Part, ToolCallPart } from "./message.ts";
import { PartBuilder } from "./part-builder.ts";
import { isWholeJson } from "./tool-arguments.ts";
import { mergeUsage, type Usage } from "./usage.ts";

/** Identity of a part within one candidate of one stream; any value the dialect finds handy. */
export type PartKey = string | number;

/** Kinds of text that simply flow: the next thing of another kind ends them. */
export type FlowKind = "text" | "reasoning" | "refusal";

/** Key of parts that nobody needs to find again. */
const WHOLE = Symbol("whole");

interface Slot {
  readonly key: PartKey | symbol | undefined;
  part: Part;
  /** A call needs both name and id before it can be announced. */
  ready: boolean;
  closed: boolean;
  builder: PartBuilder | undefined;
  index: number;
  /** What arrived while another part was open. */
  waiting: Delta[];
}

class Lane {
  readonly candidate: number;
  active: Slot | undefined;
  queue: Slot[] = [];
  nextIndex = 0;
  hasToolCalls = false;
  finish: Finish | undefined;
  finishExtras: { logprobs?: Json; grounding?: Json } = {};
  constructor(candidate: number) {
    this.candidate = candidate;
  }
}

export interface SequencerOptions {
  /** Used when the upstream never says: `response-start` must come first whatever it sends. */
  readonly fallbackId: () => string;
  readonly fallbackModel: string;
  /** A call whose id or name never came is given one, and this hears of it. */
  readonly onNamelessCall?: (part: ToolCallPart) => void;
  readonly newCallId: () => string;
}

/**
 * Puts what an upstream streams, in whatever order and overlap, into the serial form that `GenerateEvent` promises.
 * Deltas of the open part go through at once; those of others wait for their turn.
 *
 * A decoder calls `flow` for text that has no identity, `open`/`delta`/`close` for parts that have, `whole` for parts
 * that come in one piece, then `finish` and `end` (or `fail`).
 */
export class EventSequencer {
  readonly #emit: EmitEvent;
  readonly #options: SequencerOptions;
  readonly #lanes = new Map<number, Lane>();
  #started = false;
  #done = false;
  #usage: Usage | undefined;

  constructor(emit: EmitEvent, options: SequencerOptions) {
    this.#emit = (event) => {
      if (!this.#done) emit(event);
    };
    this.#options = options;
  }

  get started(): boolean {
    return this.#started;
  }

  get done(): boolean {
    return this.#done;
  }

  get usageSoFar(): Usage | undefined {
    return this.#usage;
  }

  /** Whether any finish was reported; a stream that stops without one was cut. */
  get finished(): boolean {
    for (const lane of this.#lanes.values()) if (lane.finish !== undefined) return true;
    return false;
  }

  /** True once any part was announced or queued. */
  get hasContent(): boolean {
    for (const lane of this.#lanes.values()) if (lane.active !== undefined || lane.nextIndex > 0 || lane.queue.length > 0) return true;
    return false;
  }

  /** Later calls are ignored: some upstreams repeat themselves. */
  start(head: { id?: string | undefined; model?: string | undefined; createdAt?: number | undefined; serviceTier?: string | undefined }): void {
    if (this.#started) return;
    this.#started = true;
    this.#emit({
      type: "response-start",
      id: head.id || this.#options.fallbackId(),
      model: head.model || this.#options.fallbackModel,
      ...(head.createdAt && { createdAt: head.createdAt }),
      ...(head.serviceTier && { serviceTier: head.serviceTier }),
    });
  }

  /** Text without identity. Empty text is nothing. */
  flow(candidate: number, kind: FlowKind, delta: { text: string; logprobs?: Json | undefined }): void {
    if (delta.text === "" && delta.logprobs === undefined) return;
    const lane = this.#lane(candidate);
    const last = lane.queue.at(-1) ?? lane.active;
    const slot = last !== undefined && last.key === undefined && last.part.kind === kind && !last.closed
      ? last
      : this.#place(lane, undefined, flowPart(kind), true);
    this.#deliver(lane, slot, { type: "text", text: delta.text, ...(delta.logprobs !== undefined && { logprobs: delta.logprobs }) });
  }

  /** Ends flowing text, so that the next text of the same kind is a part of its own. */
  breakFlow(candidate: number): void {
    const lane = this.#lane(candidate);
    const last = lane.queue.at(-1) ?? lane.active;
    if (last !== undefined && last.key === undefined) this.#close(lane, last);
  }

  /** Hangs a seal or a citation on the flowing part of that kind; false when there is none. */
  attach(candidate: number, kind: FlowKind, delta: Extract<Delta, { type: "seal" | "citation" }>): boolean {
    const lane = this.#lane(candidate);
    const last = lane.queue.at(-1) ?? lane.active;
    if (last === undefined || last.part.kind !== kind || last.closed) return false;
    this.#deliver(lane, last, delta);
    return true;
  }

  /** Announces a part with identity. With `ready: false` it waits for `identify`. */
  open(candidate: number, key: PartKey, part: Part, ready = true): void {
    const lane = this.#lane(candidate);
    if (this.#find(lane, key) === undefined) this.#place(lane, key, part, ready);
  }

  has(candidate: number, key: PartKey): boolean {
    return this.#find(this.#lane(candidate), key) !== undefined;
  }

  /** Completes the identity of a call that was opened before its name or id was known. */
  identify(candidate: number, key: PartKey, identity: { callId?: string | undefined; name?: string | undefined; itemId?: string | undefined }): void {
    const lane = this.#lane(candidate);
    const slot = this.#find(lane, key);
    if (slot === undefined || slot.ready || slot.part.kind !== "tool-call") return;
    const part = slot.part;
    slot.part = {
      ...part,
      callId: part.callId || identity.callId || "",
      name: part.name || identity.name || "",
      ...(identity.itemId !== undefined && { itemId: identity.itemId }),
    };
    slot.ready = slot.part.callId !== "" && slot.part.name !== "";
    if (slot.ready) this.#advance(lane);
  }

  delta(candidate: number, key: PartKey, delta: Delta): void {
    const lane = this.#lane(candidate);
    const slot = this.#find(lane, key);
    if (slot !== undefined && !slot.closed) this.#deliver(lane, slot, delta);
  }

  /** The text that a keyed part has so far, sent or waiting. */
  textOf(candidate: number, key: PartKey): string {
    const slot = this.#find(this.#lane(candidate), key);
    if (slot === undefined) return "";
    let text = slot.builder?.text ?? "";
    for (const delta of slot.waiting) if (delta.type === "text" || delta.type === "arguments") text += delta.text;
    return text;
  }

  close(candidate: number, key: PartKey): void {
    const lane = this.#lane(candidate);
    const slot = this.#find(lane, key);
    if (slot !== undefined) this.#close(lane, slot);
  }

  /** A part that came in one piece. */
  whole(candidate: number, part: Part): void {
    const lane = this.#lane(candidate);
    const slot = this.#place(lane, WHOLE, part, true);
    this.#close(lane, slot);
  }

  usage(usage: Usage): void {
    if (this.#done) return;
    this.#ensureStarted();
    this.#usage = mergeUsage(this.#usage, usage);
    this.#emit({ type: "usage", usage: this.#usage });
  }

  residue(dialect: string, value: JsonObject): void {
    this.#ensureStarted();
    this.#emit({ type: "residue", dialect, value });
  }

  /** Remembered until `end`. The first one wins, unless a later one says that tools were called. */
  finish(candidate: number, finish: Finish, extras: { logprobs?: Json; grounding?: Json } = {}): void {
    const lane = this.#lane(candidate);
    if (lane.finish === undefined || (finish.reason === "tool-use" && lane.finish.reason === "end")) lane.finish = finish;
    lane.finishExtras = { ...lane.finishExtras, ...extras };
  }

  /** Closes all that is open, tells the finish of every candidate, and ends the answer. */
  end(): void {
    if (this.#done) return;
    this.#ensureStarted();
    if (this.#lanes.size === 0) this.#lane(0);
    for (const lane of this.#lanes.values()) this.#drain(lane);
    for (const lane of this.#lanes.values()) {
      const finish = reconcileFinish(lane.finish ?? { reason: "other" }, lane.hasToolCalls);
      this.#emit({ type: "finish", candidate: lane.candidate, finish, ...lane.finishExtras });
    }
    this.#emit({ type: "response-end" });
    this.#done = true;
  }

  fail(error: GatewayErrorShape): void {
    if (this.#done) return;
    this.#ensureStarted();
    this.#emit({ type: "error", error });
    this.#done = true;
  }

  #ensureStarted(): void {
    if (!this.#started) this.start({});
  }

  #lane(candidate: number): Lane {
    let lane = this.#lanes.get(candidate);
    if (lane === undefined) {
      lane = new Lane(candidate);
      this.#lanes.set(candidate, lane);
    }
    return lane;
  }

  #find(lane: Lane, key: PartKey): Slot | undefined {
    if (lane.active?.key === key) return lane.active;
    return lane.queue.find((slot) => slot.key === key);
  }

   
  #place(lane: Lane, key: Slot["key"], part: Part, ready: boolean): Slot {
    const slot: Slot = { key, part, ready, closed: false, builder: undefined, index: -1, waiting: [] };
    const active = lane.active;
    if (active !== undefined && (active.key === undefined || isFinishedCall(active))) active.closed = true;
    lane.queue.push(slot);
    this.#advance(lane);
    return slot;
  }

  #deliver(lane: Lane, slot: Slot, delta: Delta): void {
    if (slot.builder === undefined) {
      slot.waiting.push(delta);
      return;
    }
    slot.builder.add(delta);
    this.#emit({ type: "part-delta", candidate: lane.candidate, index: slot.index, delta });
  }

  #close(lane: Lane, slot: Slot): void {
    slot.closed = true;
    this.#advance(lane);
  }

  /** Ends the open part if it is closed and starts the next that can start, as long as there is something to do. */
  #advance(lane: Lane): void {
    for (;;) {
      const active = lane.active;
      if (active !== undefined) {
        if (!active.closed) return;
        this.#finishPart(lane, active);
      }
      const next = lane.queue[0];
      if (next === undefined || !next.ready) return;
      lane.queue.shift();
      this.#startPart(lane, next);
      if (next.key === undefined && lane.queue.length > 0) next.closed = true;
    }
  }

  #startPart(lane: Lane, slot: Slot): void {
    this.#ensureStarted();
    lane.active = slot;
    slot.index = lane.nextIndex++;
    slot.builder = new PartBuilder(slot.part);
    if (slot.part.kind === "tool-call") lane.hasToolCalls = true;
    this.#emit({ type: "part-start", candidate: lane.candidate, index: slot.index, part: slot.part });
    const waiting = slot.waiting;
    slot.waiting = [];
    for (const delta of waiting) this.#deliver(lane, slot, delta);
  }

  #finishPart(lane: Lane, slot: Slot): void {
    lane.active = undefined;
    if (slot.builder === undefined) return;
    const event: GenerateEvent = { type: "part-end", candidate: lane.candidate, index: slot.index, part: slot.builder.build() };
    this.#emit(event);
  }

  #drain(lane: Lane): void {
    lane.queue = lane.queue.filter((slot) => !isGhost(slot));
    for (const slot of [...(lane.active === undefined ? [] : [lane.active]), ...lane.queue]) {
      slot.closed = true;
      if (!slot.ready && slot.part.kind === "tool-call") this.#nameCall(slot, lane);
    }
    this.#advance(lane);
  }

  #nameCall(slot: Slot, lane: Lane): void {
    const part = slot.part as ToolCallPart;
    const named = { ...part, callId: part.callId || this.#options.newCallId(), name: part.name || `tool_${lane.nextIndex}` };
    slot.part = named;
    slot.ready = true;
    this.#options.onNamelessCall?.(named);
  }
}

/** A call that was announced with nothing: no name, no id, no arguments. */
function isGhost({ part, ready, waiting }: Slot): boolean {
  return !ready && part.kind === "tool-call" && part.callId === "" && part.name === "" && waiting.length === 0;
}

function isFinishedCall(slot: Slot): boolean {
  return slot.part.kind === "tool-call" && slot.builder !== undefined && isWholeJson(slot.builder.text);
}

function flowPart(kind: FlowKind): Part {
  return kind === "reasoning" ? { kind, text: "", textKind: "raw" } : { kind, text: "" };
}
