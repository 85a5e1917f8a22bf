import type { Part, ReasoningPart, Seal, ToolCallPart } from "../../canonical/index.ts";
import type { CallMemory, Exchange, Sealer } from "../../exchange.ts";
import { DIALECT_ID, VENDOR } from "./wire.ts";

/** Keeps what goes with a call but may not come back: clients may strip thinking, and ids may have to change. */
export class CallMemoryWriter {
  readonly #exchange: Exchange;
  #reasoning: ReasoningPart[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Hears of each whole part, in order. @param wireId the id under which the client knows a call */
  push(part: Part, wireId?: string): void {
    if (part.kind === "reasoning") this.#reasoning.push(part);
    if (part.kind !== "tool-call") return;
    const memory = this.#memoryOf(part, wireId);
    this.#reasoning = [];
    if (memory === undefined) return;
    this.#exchange.sealer.remember(part.callId, memory);
    if (wireId !== undefined && wireId !== part.callId) this.#exchange.sealer.remember(wireId, memory);
  }

  #memoryOf(call: ToolCallPart, wireId: string | undefined): CallMemory | undefined {
    const reasoning = this.#reasoning;
    const seals: Seal[] = reasoning.map((part) => part.seal).filter((seal) => seal !== undefined);
    if (call.seal !== undefined) seals.push({ ...call.seal, bindsTo: "self", bindKind: "tool-call" });
    const text = reasoning.map((part) => part.text).filter((piece) => piece !== "").join("\n\n");
    const keepsText = text !== "" && this.#exchange.upstreamDialect !== DIALECT_ID;
    const renamed = wireId !== undefined && wireId !== call.callId;
    if (seals.length === 0 && !keepsText && !renamed) return undefined;
    return {
      seals,
      name: call.name,
      ...(text !== "" && { reasoningText: text }),
      ...(reasoning.length > 1 && { reasoning }),
      ...(renamed && { vendorCallId: call.callId }),
    };
  }
}

/**
 * Puts back another vendor's seals where the client sent calls without any thinking. The vendor of this dialect is
 * left out: whether its thoughts go back is the client's own business.
 */
export function recallForeignSeals(parts: readonly Part[], sealer: Sealer): readonly Part[] {
  if (parts.some((part) => part.kind === "reasoning" || ((part.kind === "text" || part.kind === "tool-call") && part.seal !== undefined))) return parts;
  return parts.flatMap((part): readonly Part[] => {
    const memory = part.kind === "tool-call" ? sealer.recall(part.callId) : undefined;
    if (part.kind !== "tool-call" || memory === undefined) return [part];
    const foreign = memory.seals.filter((seal) => seal.vendor !== VENDOR);
    const callSeal = foreign.find(isCallSeal);
    const reasoning = foreign.length === 0 ? [] : (memory.reasoning ?? rebuilt(foreign.filter((seal) => !isCallSeal(seal)), memory.reasoningText ?? ""));
    return [...reasoning, callSeal === undefined ? part : { ...part, seal: callSeal }];
  });
}

function isCallSeal(seal: Seal): boolean {
  return seal.bindKind === "tool-call" && seal.bindsTo === "self";
}

function rebuilt(seals: readonly Seal[], text: string): readonly ReasoningPart[] {
  return seals.map((seal, index): ReasoningPart => {
    const own = index === 0 ? text : "";
    return { kind: "reasoning", text: own, textKind: own === "" ? "none" : "summary", seal };
  });
}
