import type { Part, ReasoningPart, Seal, TextPart, ToolCallPart } from "../canonical/index.ts";
import type { CallMemory, Exchange } from "../exchange.ts";
import type { Turn } from "./arrange.ts";
import { isBlank } from "./merge-turns.ts";

type Sealable = TextPart | ToolCallPart | ReasoningPart;
type Signable = TextPart | ToolCallPart;
type SealedReasoning = ReasoningPart & { readonly seal: Seal };

/**
 * Leaves no seal in the conversation but the upstream vendor's own, each on the part it belongs to, and brings back
 * from the memory of calls those that the client could not carry. Reasoning that loses its seal keeps its text.
 */
export function restoreSeals(turns: readonly Turn[], exchange: Exchange): Turn[] {
  return turns.map((turn) => (turn.role === "assistant" ? { ...turn, parts: restoreTurn(turn.parts, exchange) } : turn));
}

function restoreTurn(parts: readonly Part[], exchange: Exchange): readonly Part[] {
  const own = parts.flatMap((part) => withoutForeignSeal(part, exchange));
  return recallSeals(bindCarriers(own, exchange), exchange);
}

/** Reasoning that has neither text nor a seal is nothing. */
function withoutForeignSeal(part: Part, exchange: Exchange): readonly Part[] {
  if (!isSealable(part) || part.seal?.vendor === exchange.upstreamVendor) return [part];
  if (part.seal === undefined) return part.kind === "reasoning" && part.text === "" ? [] : [part];
  // Vendor `other` only marks text that nobody sealed; it takes nothing away.
  if (part.seal.vendor !== "other") {
    exchange.report({ code: "foreign-seal", path: part.path ?? "", action: "dropped", detail: `${part.kind} sealed by ${part.seal.vendor}` });
  }
  return withoutSeal(part);
}

function withoutSeal(part: Sealable): readonly Part[] {
  const { seal: _seal, ...rest } = part;
  return rest.kind === "reasoning" && rest.text === "" ? [] : [rest];
}

/**
 * In a dialect that cannot sign a text or a call, such a seal travels in reasoning beside the part. Here it goes onto
 * the part. One that was a part of its own at the vendor (after its text, without a kind) stays one.
 */
function bindCarriers(parts: readonly Part[], exchange: Exchange): readonly Part[] {
  if (!parts.some(isCarrier)) return parts;
  const bound = parts.map((part): readonly Part[] => [part]);
  parts.forEach((part, index) => {
    if (!isCarrier(part)) return;
    const at = neighbour(parts, index, part.seal.bindsTo === "next" ? 1 : -1);
    const target = bound[at]?.[0];
    if (part.seal.bindsTo === "previous" && isOwnPart(part.seal) && target !== undefined) return;
    bound[index] = withoutSeal(part);
    if (target !== undefined && isSignable(target) && target.seal === undefined && fits(part.seal, target)) bound[at] = [{ ...target, seal: onPart(part.seal) }];
    else exchange.report({ code: "unbound-seal", path: part.path ?? "", action: "dropped", detail: "the part it belongs to is not beside it" });
  });
  return bound.flat();
}

/** Index of the nearest part in a direction that is neither another carrier nor blank; -1 or the length when there is none. */
function neighbour(parts: readonly Part[], from: number, step: 1 | -1): number {
  let at = from + step;
  for (let part = parts[at]; part !== undefined && (isCarrier(part) || isBlank(part)); part = parts[at]) at += step;
  return at;
}

function recallSeals(parts: readonly Part[], exchange: Exchange): readonly Part[] {
  if (!parts.some((part) => part.kind === "tool-call")) return parts;
  const broughtBack = parts.some(isSealedReasoning);
  const restored: Part[] = [];
  const seen = new Set<string>();
  /** Where the thoughts before the next call begin. */
  let start = 0;
  for (const part of parts) {
    if (part.kind !== "tool-call") {
      restored.push(part);
      continue;
    }
    const memory = exchange.sealer.recall(part.callId);
    const remembered = memory === undefined || broughtBack ? [] : rememberedReasoning(memory, exchange.upstreamVendor).filter(({ seal }) => !seen.has(seal.value));
    if (remembered.length > 0) {
      // A seal fits only its own text, so what the client kept of these thoughts gives way.
      const others = restored.splice(start).filter((other) => other.kind !== "reasoning");
      restored.push(...remembered, ...others);
      for (const { seal } of remembered) seen.add(seal.value);
    }
    restored.push(withRememberedSeal(part, memory, exchange.upstreamVendor));
    start = restored.length;
  }
  return restored;
}

function withRememberedSeal(call: ToolCallPart, memory: CallMemory | undefined, vendor: string): ToolCallPart {
  if (memory === undefined || call.seal !== undefined) return call;
  const seal = memory.seals.find((seal) => seal.vendor === vendor && isCallSeal(seal, memory));
  return seal === undefined ? call : { ...call, seal: onPart(seal) };
}

/** A vendor that signs calls has nothing else to sign before one, so a signature without a kind is the call's. */
function isCallSeal(seal: Seal, memory: CallMemory): boolean {
  return seal.bindKind === "tool-call" || (seal.form === "thought-signature" && seal.bindKind === undefined && memory.reasoning === undefined);
}

function rememberedReasoning(memory: CallMemory, vendor: string): readonly SealedReasoning[] {
  const ofVendor = (part: Part): part is SealedReasoning => isSealedReasoning(part) && part.seal.vendor === vendor && part.seal.bindsTo === "self";
  if (memory.reasoning !== undefined) return memory.reasoning.filter(ofVendor);
  const seals = memory.seals.filter((seal) => seal.vendor === vendor && !isCallSeal(seal, memory));
  // A signature is valid for the very text it was made for, and of several nobody knows which fits.
  if (seals.filter((seal) => seal.form === "signature").length > 1) return [];
  const bearer = seals.find((seal) => seal.form !== "redacted");
  return seals.map((seal): ReasoningPart => {
    const text = seal === bearer ? (memory.reasoningText ?? "") : "";
    return { kind: "reasoning", text, textKind: text === "" ? "none" : "raw", seal, ...(seal.form === "redacted" && { redacted: true }) };
  }).filter(ofVendor);
}

function isSealable(part: Part): part is Sealable {
  return part.kind === "reasoning" || isSignable(part);
}

function isSignable(part: Part): part is Signable {
  return part.kind === "text" || part.kind === "tool-call";
}

function isSealedReasoning(part: Part): part is SealedReasoning {
  return part.kind === "reasoning" && part.seal !== undefined;
}

function isCarrier(part: Part): part is SealedReasoning {
  return isSealedReasoning(part) && part.seal.bindsTo !== "self";
}

/** Whether the vendor itself had it in a part of its own. */
function isOwnPart(seal: Seal): boolean {
  return seal.bindKind === undefined || seal.bindKind === "any";
}

function fits(seal: Seal, part: Signable): boolean {
  return isOwnPart(seal) || seal.bindKind === part.kind;
}

function onPart(seal: Seal): Seal {
  const { bindKind: _bindKind, ...rest } = seal;
  return { ...rest, bindsTo: "self" };
}
