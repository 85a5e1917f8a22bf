import type { Part, ReasoningPart, Seal, ToolCallPart } from "../../canonical/index.ts";
import type { CallMemory, Exchange, Sealer } from "../../exchange.ts";

/**
 * Chat has no field for sealed reasoning, and most clients keep no more of a turn than its text and its calls. So
 * the reasoning before a call is remembered under the call's id when a reply is written; it is put back, when the id
 * returns in a history, by whoever arranges the conversation.
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

/** What was thought before the first call of a message; empty when nobody knows. */
export function rememberedReasoning(parts: readonly Part[], sealer: Sealer): string {
  const call = parts.find((part) => part.kind === "tool-call");
  return (call && sealer.recall(call.callId)?.reasoningText) ?? "";
}
