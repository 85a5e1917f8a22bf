import type { Part, ReasoningPart, Seal, ToolCallPart } from "../../canonical/index.ts";
import type { CallMemory, Exchange } from "../../exchange.ts";
import { DIALECT_ID } from "./wire.ts";

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
