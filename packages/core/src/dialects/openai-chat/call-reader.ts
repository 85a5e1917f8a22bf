import { isWholeJson, parseArguments, type EventSequencer, type Json, type Seal, type ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { thoughtSignature } from "./reasoning-fields.ts";
import { repairJson } from "./repair-json.ts";
import type { CallShape } from "./tool-shapes.ts";
import type { ChatToolCall } from "./wire.ts";

/** One call while it comes in. */
interface Call {
  readonly key: number;
  readonly index: number | undefined;
  /** As the upstream gave it; empty until then. */
  id: string;
  /** The id was made here, since none had come when the arguments did. */
  madeUp: boolean;
  name: string;
  custom: boolean;
  shape: CallShape | undefined;
  /** Arguments that wait for the call to be announced, or to be whole. */
  held: string;
  /** All arguments so far. */
  text: string;
  seal: Seal | undefined;
}

/**
 * Reads the tool calls of one candidate. Servers spread id and name over chunks, repeat them, send empty ones, leave
 * out the index, or give every call index 0; what belongs together is found out here.
 */
export class CallReader {
  readonly #candidate: number;
  readonly #exchange: Exchange;
  readonly #sequencer: EventSequencer;
  readonly #shapeOf: (wireName: string, custom: boolean) => CallShape;
  readonly #calls: Call[] = [];

   
  constructor(candidate: number, exchange: Exchange, sequencer: EventSequencer, shapeOf: (wireName: string, custom: boolean) => CallShape) {
    this.#candidate = candidate;
    this.#exchange = exchange;
    this.#sequencer = sequencer;
    this.#shapeOf = shapeOf;
  }

  get any(): boolean {
    return this.#calls.length > 0;
  }

  /** Whether every call has all of its arguments, as far as one can tell from them. */
  get whole(): boolean {
    return this.#calls.every(({ text, custom }) => custom || isWholeJson(text));
  }

  push(delta: ChatToolCall): void {
    const wire = delta.function ?? delta.custom;
    const id = typeof delta.id === "string" ? delta.id : "";
    const name = typeof wire?.name === "string" ? wire.name : "";
    const call = this.#find(typeof delta.index === "number" ? delta.index : undefined, id, name);
    if (call.id === "") call.id = id;
    if (call.name === "") call.name = name;
    if (delta.custom !== undefined && delta.custom !== null) call.custom = true;
    const text = argumentsOf(delta);
    call.text += text;
    if (delta.extra_content !== undefined) this.#seal(call, delta);
    if (call.shape !== undefined) this.#deliver(call, text);
    else {
      call.held += text;
      if (call.name !== "" && (call.id !== "" || text !== "")) this.#announce(call);
    }
  }

  /** The answer is over: what still waits is announced as well as can be, and ends. What was cut short is not mended. */
  finish(cutShort: boolean): void {
    for (const call of this.#calls) {
      if (call.shape !== undefined) this.#settle(call, cutShort);
      else if (call.name !== "") {
        this.#announce(call);
        this.#settle(call, cutShort);
      } else if (call.id !== "" || call.text !== "") this.#leaveNameless(call);
    }
  }

  #find(index: number | undefined, id: string, name: string): Call {
    const known = index === undefined ? this.#findUnnumbered(id, name) : this.#calls.findLast((call) => call.index === index);
    if (known !== undefined && !startsAnother(known, id, name)) return known;
    // One that still waits for an id will not get it any more, and must not come after this one.
    for (const waiting of this.#calls) if (waiting.shape === undefined && waiting.name !== "") this.#announce(waiting);
    const call: Call = { key: this.#calls.length, index, id: "", madeUp: false, name: "", custom: false, shape: undefined, held: "", text: "", seal: undefined };
    this.#calls.push(call);
    return call;
  }

  /** Without an index the id tells, and without an id a name begins a call. */
  #findUnnumbered(id: string, name: string): Call | undefined {
    if (id !== "") return this.#calls.find((call) => call.id === id) ?? this.#calls.findLast((call) => call.id === "");
    const last = this.#calls.at(-1);
    return name !== "" && last !== undefined && last.name !== "" ? undefined : last;
  }

  #announce(call: Call): void {
    for (const other of this.#calls) if (other !== call && (other.custom || (this.#holds(other) && isWholeJson(other.text)))) this.#settle(other, false);
    const shape = this.#shapeOf(call.name, call.custom);
    call.shape = shape;
    if (call.id === "") {
      call.madeUp = true;
      call.id = this.#exchange.newId("call_");
    }
    this.#sequencer.open(this.#candidate, call.key, this.#partOf(call, shape));
    const held = call.held;
    call.held = "";
    this.#deliver(call, held);
  }

  #partOf(call: Call, shape: CallShape): ToolCallPart {
    return {
      kind: "tool-call",
      callId: call.madeUp ? call.id : this.#callerId(call),
      name: shape.name,
      variant: shape.variant,
      argumentsText: "",
      complete: true,
      ...(shape.namespace !== undefined && { namespace: shape.namespace }),
      ...(call.seal !== undefined && { seal: call.seal }),
    };
  }

  /** Some servers give two calls one id; results could not be told apart. */
  #callerId(call: Call): string {
    const before = this.#calls.slice(0, call.key).filter((other) => other.id === call.id).length;
    return this.#exchange.callIds.fromWire(before === 0 ? call.id : `${call.id}_${before + 1}`);
  }

  #deliver(call: Call, text: string): void {
    if (text === "") return;
    if (this.#holds(call)) call.held += text;
    else this.#sequencer.delta(this.#candidate, call.key, { type: "arguments", text });
  }

  /** Whether the arguments are changed, or may have to be mended, before they go on. */
  #holds(call: Call): boolean {
    return call.shape?.rewrite !== undefined || (this.#exchange.capabilities.sloppyJson === true && !call.custom);
  }

  /** Arguments that need to be whole go out now; no more will come. */
  #settle(call: Call, cutShort: boolean): void {
    if (call.held !== "") {
      const text = cutShort ? call.held : this.#mended(call);
      this.#sequencer.delta(this.#candidate, call.key, { type: "arguments", text: call.shape?.rewrite?.(text) ?? text });
    }
    call.held = "";
    this.#sequencer.close(this.#candidate, call.key);
  }

  #mended(call: Call): string {
    if (this.#exchange.capabilities.sloppyJson !== true || call.custom || parseArguments(call.held) !== undefined) return call.held;
    const mended = repairJson(call.held);
    if (mended === undefined) return call.held;
    this.#exchange.report({ code: "arguments-repaired", path: `choices[${this.#candidate}].message.tool_calls[${call.key}]`, action: "repaired", detail: call.name });
    return mended;
  }

  /** The sequencer gives it a name when the answer ends. */
  #leaveNameless(call: Call): void {
    this.#sequencer.open(this.#candidate, call.key, { ...this.#partOf(call, { name: "", variant: call.custom ? "custom" : "function" }) }, false);
    if (call.text !== "") this.#sequencer.delta(this.#candidate, call.key, { type: "arguments", text: call.text });
  }

  #seal(call: Call, delta: ChatToolCall): void {
    const value = thoughtSignature(delta);
    if (value === undefined) return;
    call.seal = { vendor: "google", form: "thought-signature", value, bindsTo: "self", bindKind: "tool-call" };
    if (call.shape !== undefined) this.#sequencer.delta(this.#candidate, call.key, { type: "seal", seal: call.seal });
  }
}

/** Another id with another name at the same index: the server does not count (Google's compatible endpoint, 2025). */
function startsAnother(call: Call, id: string, name: string): boolean {
  return id !== "" && name !== "" && call.name !== "" && call.id !== "" && call.id !== id;
}

function argumentsOf(delta: ChatToolCall): string {
  const value: Json | undefined = delta.custom === undefined || delta.custom === null ? delta.function?.arguments : delta.custom.input;
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
