import type { ReasoningPart, Seal, ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";

/** Keeps what the model thought before a call under the call's id: some clients bring back nothing but that. */
export class CallRecorder {
  readonly #exchange: Exchange;
  #reasoning: ReasoningPart[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  thought(part: ReasoningPart): void {
    if (part.seal !== undefined || part.text !== "") this.#reasoning.push(part);
  }

  called(part: Pick<ToolCallPart, "callId" | "name">, vendorCallId: string): void {
    const reasoning = this.#reasoning;
    this.#reasoning = [];
    if (reasoning.length === 0 && vendorCallId === part.callId) return;
    const seals = reasoning.map((thought) => thought.seal).filter((seal): seal is Seal => seal !== undefined);
    const reasoningText = reasoning.map((thought) => thought.text).filter((text) => text !== "").join("\n\n");
    this.#exchange.sealer.remember(part.callId, {
      seals,
      ...(reasoningText !== "" && { reasoningText }),
      ...(reasoning.length > 1 && { reasoning }),
      ...(vendorCallId !== part.callId && { vendorCallId }),
      name: part.name,
    });
  }
}
