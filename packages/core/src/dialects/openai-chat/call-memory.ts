import type { Part, ReasoningPart, Seal, ToolCallPart } from "../../canonical/index.ts";
import type { CallMemory, Exchange, Sealer } from "../../exchange.ts";

/**
 * Chat has no field for sealed reasoning, and most clients keep no more of a turn than its text and its calls. So
 * the reasoning before a call is remembered under the call's id when a reply is written, and put back when the id
 * returns in a history.
 */
export class CallMemoryWriter {
  readonly #exchange: Exchange;
  #reasoning: ReasoningPart[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Hears of each whole part of one candidate, in order. */
  push(part: Part): void {
    if (part.kind === "reasoning") this.#reasoning.push(part);
    if (part.kind !== "tool-call") return;
    const memory = this.#memoryOf(part);
    this.#reasoning = [];
    if (memory !== undefined) this.#exchange.sealer.remember(part.callId, memory);
  }

  #memoryOf(call: ToolCallPart): CallMemory | undefined {
    const { capabilities, callIds } = this.#exchange;
    const reasoning = this.#reasoning;
    const seals: Seal[] = reasoning.flatMap(({ seal }) => (seal === undefined ? [] : [seal]));
    if (call.seal !== undefined) seals.push({ ...call.seal, bindsTo: "self", bindKind: "tool-call" });
    const text = reasoning.map((part) => part.text).filter((part) => part !== "").join("\n\n");
    const replayed = capabilities.reasoningReplay === "required" || capabilities.reasoningReplay === "allowed";
    if (seals.length === 0 && !(replayed && text !== "")) return undefined;
    const vendorCallId = callIds.toWire(call.callId);
    return {
      seals,
      name: call.name,
      ...(text !== "" && { reasoningText: text }),
      ...(reasoning.length > 1 && { reasoning }),
      ...(vendorCallId !== call.callId && { vendorCallId }),
    };
  }
}

/** Puts back, into the parts of an assistant message, what was remembered of its calls. */
export function restoreSeals(parts: readonly Part[], sealer: Sealer): Part[] {
  const restored: Part[] = [];
  let firstCall = true;
  for (const part of parts) {
    if (part.kind !== "tool-call") {
      restored.push(part);
      continue;
    }
    const memory = sealer.recall(part.callId);
    if (memory === undefined) restored.push(part);
    else if (firstCall) restored.splice(0, restored.length, ...withReasoning(restored, reasoningOf(memory)), withSeal(part, memory));
    else restored.push(...reasoningOf(memory).filter(({ seal }) => seal !== undefined), withSeal(part, memory));
    firstCall = false;
  }
  return restored;
}

function withSeal(call: ToolCallPart, memory: CallMemory): ToolCallPart {
  const seal = memory.seals.find(isCallSeal);
  return call.seal !== undefined || seal === undefined ? call : { ...call, seal };
}

function isCallSeal(seal: Seal): boolean {
  return seal.bindKind === "tool-call" && seal.bindsTo === "self";
}

/** The remembered reasoning wins over what the client echoed if it is sealed: a seal fits only its own text. */
function withReasoning(parts: readonly Part[], remembered: readonly ReasoningPart[]): Part[] {
  const sealed = remembered.some(({ seal }) => seal !== undefined);
  const echoed = parts.some((part) => part.kind === "reasoning");
  const echoSealed = parts.some((part) => part.kind === "reasoning" && part.seal !== undefined);
  if (remembered.length === 0 || echoSealed || (echoed && !sealed)) return [...parts];
  return [...remembered, ...parts.filter((part) => part.kind !== "reasoning")];
}

function reasoningOf(memory: CallMemory): readonly ReasoningPart[] {
  if (memory.reasoning !== undefined) return memory.reasoning;
  const [first, ...rest] = memory.seals.filter((seal) => !isCallSeal(seal));
  const text = memory.reasoningText ?? "";
  if (first === undefined) return text === "" ? [] : [{ kind: "reasoning", text, textKind: "raw" }];
  return [reasoningPart(first, text), ...rest.map((seal) => reasoningPart(seal, ""))];
}

function reasoningPart(seal: Seal, text: string): ReasoningPart {
  const textKind = text === "" ? "none" : seal.form === "encrypted-content" ? "summary" : "raw";
  return { kind: "reasoning", text, textKind, seal, ...(seal.form === "redacted" && { redacted: true }) };
}
