import type { Part, ToolCallPart, ToolResultPart } from "../canonical/index.ts";
import { invalidRequest } from "../errors/index.ts";
import type { Exchange } from "../exchange.ts";
import { sha256Hex } from "../seals/sha256.ts";
import type { Turn } from "./arrange.ts";
import { isBlank, mergeTurns, pathOf } from "./merge-turns.ts";

const NO_RESULT = "[no result was returned for this call]";

/** The place of one call's result. */
interface Slot {
  readonly call: ToolCallPart;
  readonly turn: number;
  result: ToolResultPart | undefined;
}

/**
 * Puts behind each turn with calls one user turn that begins with exactly one result for each call, in call order.
 * Results are found by id, wherever they stand after their call; unknown ids by name and order, when the numbers fit.
 * Whatever stood between a call and its results moves behind them.
 */
export function pairResults(turns: readonly Turn[], exchange: Exchange): Turn[] {
  const pairing = new Pairing(exchange);
  turns.forEach((turn, index) => pairing.read(turn, index));
  pairing.settle();
  const paired = turns.flatMap((turn, index): Turn[] => {
    const slots = pairing.slotsOf(index);
    if (turn.role === "user") return [{ ...turn, parts: turn.parts.flatMap((part) => pairing.withoutTaken(part)) }];
    if (slots.length === 0) return [turn];
    const calls = slots.values();
    const parts = turn.parts.map((part) => (part.kind === "tool-call" ? (calls.next().value?.call ?? part) : part));
    return [{ ...turn, parts }, { role: "user", parts: slots.map((slot) => slot.result ?? pairing.missing(slot.call)) }];
  });
  return mergeTurns(paired.filter((turn) => turn.parts.length > 0), (loss) => exchange.report(loss));
}

class Pairing {
  readonly #exchange: Exchange;
  readonly #slots = new Map<number, readonly Slot[]>();
  readonly #byId = new Map<string, Slot[]>();
  readonly #ids = new Set<string>();
  readonly #taken = new Set<Part>();
  /** The latest assistant turn, and what came after it: results that no id explains, and the first thing that is no result. */
  #latest = -1;
  #unknown: ToolResultPart[] = [];
  #spoken: string | undefined;
  #calls = 0;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  slotsOf(turn: number): readonly Slot[] {
    return this.#slots.get(turn) ?? [];
  }

  read(turn: Turn, index: number): void {
    if (turn.role === "assistant") {
      this.settle();
      this.#latest = index;
      this.#spoken = undefined;
      this.#slots.set(index, turn.parts.filter((part) => part.kind === "tool-call").map((call) => this.#claim(call, index)));
      return;
    }
    if (turn.role === "system") this.#spoken ??= pathOf(turn);
    else for (const part of turn.parts) this.#readUserPart(part);
  }

  /** Gives results without a known id to the open calls of the latest turn. */
  settle(): void {
    const unknown = this.#unknown;
    this.#unknown = [];
    const open = this.slotsOf(this.#latest).filter((slot) => slot.result === undefined);
    const numbersFit = unknown.length === open.length;
    const eligible = numbersFit ? unknown : unknown.filter((result) => result.callId === "");
    for (const result of eligible) {
      const slot = open.find((slot) => slot.result === undefined && slot.call.name === result.name);
      if (slot !== undefined) this.#adopt(slot, result);
    }
    for (const result of eligible) {
      if (this.#taken.has(result) || !(numbersFit || result.name === undefined)) continue;
      const slot = open.find((slot) => slot.result === undefined);
      if (slot !== undefined) this.#adopt(slot, result);
    }
  }

  /** What is left of a user's part once the results went to their calls; a result without a call becomes text. */
  withoutTaken(part: Part): readonly Part[] {
    if (part.kind !== "tool-result") return [part];
    if (this.#taken.has(part)) return [];
    this.#repair(part, { code: "orphan-tool-result", action: "converted", detail: `no call has the id ${part.callId}` });
    const tool = part.name ?? this.#exchange.sealer.recall(part.callId)?.name ?? part.callId;
    const text = part.content.flatMap((inner) => (inner.kind === "text" ? [inner.text] : [])).join("\n");
    return [
      { kind: "text", text: `[result of tool ${tool}]\n${text}`, ...(part.path !== undefined && { path: part.path }), ...(part.cache !== undefined && { cache: part.cache }) },
      ...part.content.filter((inner) => inner.kind !== "text"),
    ];
  }

  missing(call: ToolCallPart): ToolResultPart {
    this.#repair(call, { code: "missing-tool-result", action: "synthesised", detail: `no result for the call ${call.callId}` });
    return answer(call, { kind: "tool-result", callId: call.callId, variant: call.variant, isError: true, content: [{ kind: "text", text: NO_RESULT }] });
  }

  /**
   * Some upstreams count their call ids anew in each turn, others give none (both seen in the field); a vendor that
   * pairs by id needs them to differ. The ids are derived and not drawn, so that they are the same in the next turn.
   */
  #claim(call: ToolCallPart, turn: number): Slot {
    const wanted = call.callId === "" ? `call_${sha256Hex(JSON.stringify([this.#calls, call.name, call.argumentsText])).slice(0, 24)}` : call.callId;
    this.#calls += 1;
    let callId = wanted;
    for (let copy = 2; this.#ids.has(callId); copy += 1) callId = `${wanted}_${copy}`;
    this.#ids.add(callId);
    if (callId !== wanted) this.#exchange.report({ code: "duplicate-call-id", path: call.path ?? "", action: "repaired", detail: `${wanted} → ${callId}` });
    const slot: Slot = { call: callId === call.callId ? call : { ...call, callId }, turn, result: undefined };
    if (call.callId !== "") this.#byId.set(call.callId, [...(this.#byId.get(call.callId) ?? []), slot]);
    return slot;
  }

  #readUserPart(part: Part): void {
    if (part.kind !== "tool-result") {
      if (!isBlank(part)) this.#spoken ??= part.path ?? "";
      return;
    }
    const slots = this.#byId.get(part.callId) ?? [];
    const latestOpen = slots.findLast((slot) => slot.result === undefined);
    const slot = slots.find((slot) => slot.result === undefined && slot.turn === latestOpen?.turn);
    if (slot !== undefined) {
      this.#noteWay(slot, part);
      this.#fill(slot, part);
      return;
    }
    const answered = slots.at(-1);
    if (answered === undefined) {
      this.#unknown.push(part);
      return;
    }
    this.#repair(part, { code: "duplicate-tool-result", action: "dropped", detail: `the last of several results for ${part.callId} counts` });
    this.#fill(answered, part);
  }

  /** Tells what had to move for the result to stand behind its call. */
  #noteWay(slot: Slot, part: ToolResultPart): void {
    if (slot.turn !== this.#latest) {
      this.#repair(part, { code: "belated-tool-result", action: "moved", detail: `back to the call ${part.callId}` });
    } else if (this.#spoken !== undefined) {
      this.#exchange.report({ code: "deferred-after-results", path: this.#spoken, action: "moved", detail: "behind the results of the calls before it" });
      this.#spoken = undefined;
    }
  }

  #adopt(slot: Slot, result: ToolResultPart): void {
    if (result.callId !== "") this.#repair(result, { code: "tool-result-id", action: "repaired", detail: `${result.callId} → ${slot.call.callId}, by name and order` });
    this.#fill(slot, result);
  }

  #fill(slot: Slot, result: ToolResultPart): void {
    slot.result = answer(slot.call, result);
    this.#taken.add(result);
  }

  #repair(part: Part, loss: { code: string; action: "dropped" | "converted" | "synthesised" | "repaired" | "moved"; detail: string }): void {
    const path = part.path ?? "";
    if (this.#exchange.policy.repair === "strict") throw invalidRequest(path, `${loss.code}: ${loss.detail}`);
    this.#exchange.report({ ...loss, path });
  }
}

/** The result under the name and the id of its call: what a client writes there is often wrong or missing. */
function answer(call: ToolCallPart, result: ToolResultPart): ToolResultPart {
  return { ...result, callId: call.callId, name: call.name, variant: call.variant, ...(call.namespace !== undefined && { namespace: call.namespace }) };
}
