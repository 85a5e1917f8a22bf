import type { MutableJsonObject, ReasoningPart, Seal, TextPart, ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { sha256Hex } from "../../seals/sha256.ts";
import { DIALECT_ID, VENDOR } from "./wire.ts";

/**
 * What stands in a thinking block's `signature`. Thoughts that nobody sealed get an envelope over the hash of their
 * text: clients send thinking back, and the envelope tells us then whose it is not. An upstream of this dialect that
 * signs nothing (compatible servers, seen in the field) gets back what it gave.
 */
export function reasoningSignature(text: string, seal: Seal | undefined, exchange: Exchange, summary?: readonly string[]): string {
  if (seal !== undefined) {
    const summaryLengths = summary !== undefined && summary.length > 1 ? summary.map((part) => part.length) : undefined;
    return exchange.sealer.close(summaryLengths === undefined ? seal : { ...seal, summaryLengths }, VENDOR);
  }
  if (exchange.upstreamDialect === DIALECT_ID) return "";
  return exchange.sealer.close({ vendor: "other", form: "plain-text-hash", value: sha256Hex(text), bindsTo: "self" }, VENDOR);
}

export function encodeReplyReasoning(part: ReasoningPart, exchange: Exchange): MutableJsonObject {
  if (part.seal?.form === "redacted" && part.seal.vendor === VENDOR) return { type: "redacted_thinking", data: part.seal.value };
  return { type: "thinking", thinking: part.text, signature: reasoningSignature(part.text, part.seal, exchange, part.summary) };
}

type Signed = Pick<TextPart | ToolCallPart, "kind" | "seal">;

/** Envelope that travels before a part that another vendor signed; `undefined` when there is none to carry. */
export function carrierBefore(part: Signed, exchange: Exchange): string | undefined {
  const seal = part.seal;
  if (seal === undefined || seal.vendor === VENDOR || seal.bindsTo === "previous") return undefined;
  return exchange.sealer.close({ ...seal, bindsTo: "next", bindKind: bindKind(part) }, VENDOR);
}

/**
 * Envelope that travels behind the part: where the vendor itself puts the seal behind it, and where a stream told the
 * seal only after the part had begun (`late`).
 */
export function carrierBehind(part: Signed, exchange: Exchange, late: boolean): string | undefined {
  const seal = part.seal;
  if (seal === undefined || seal.vendor === VENDOR) return undefined;
  if (seal.bindsTo === "previous") return exchange.sealer.close(withoutKind(seal), VENDOR);
  return late ? exchange.sealer.close({ ...seal, bindsTo: "previous", bindKind: bindKind(part) }, VENDOR) : undefined;
}

function bindKind(part: Signed): "text" | "tool-call" {
  return part.kind === "text" ? "text" : "tool-call";
}

function withoutKind(seal: Seal): Seal {
  const { bindKind: _bindKind, ...rest } = seal;
  return rest;
}
