import type { Part, ReasoningPart, Seal, TextPart, ToolCallPart } from "../../canonical/index.ts";
import type { Loss } from "../../canonical/index.ts";

type Signed = TextPart | ToolCallPart;

/**
 * Some vendors sign a text or a call itself. This dialect has no field for that, so such a seal travels in a thinking
 * block before the part (`bindsTo: next`) or, when it became known too late, after it (`previous`). Here it goes back
 * to its part. A carrier whose part is gone stands alone; one that meets another kind of part is of no use.
 */
export function bindCarriers(parts: readonly Part[], report: (loss: Loss) => void): readonly Part[] {
  if (!parts.some(isCarrier)) return parts;
  const bound: (Part | undefined)[] = [...parts];
  parts.forEach((part, index) => {
    if (!isCarrier(part)) return;
    const step = part.seal.bindsTo === "next" ? 1 : -1;
    const at = neighbour(bound, index, step);
    const target = at === undefined ? undefined : bound[at];
    if (at === undefined || target === undefined) return;
    if (target.kind === part.seal.bindKind && target.seal === undefined) bound[at] = { ...target, seal: ownSeal(part.seal) };
    else report({ code: "seal-without-part", path: part.path ?? "", action: "dropped", detail: "the signed part is not where it was" });
    bound[index] = withoutSeal(part);
  });
  return bound.filter((part) => part !== undefined);
}

type Carrier = ReasoningPart & { readonly seal: Seal };

function isCarrier(part: Part): part is Carrier {
  const seal = part.kind === "reasoning" ? part.seal : undefined;
  return seal !== undefined && seal.bindsTo !== "self" && (seal.bindKind === "text" || seal.bindKind === "tool-call");
}

/** The next text or call in the direction, over other carriers. */
function neighbour(parts: readonly (Part | undefined)[], from: number, step: 1 | -1): number | undefined {
  for (let at = from + step; at >= 0 && at < parts.length; at += step) {
    const part = parts[at];
    if (part === undefined || isCarrier(part)) continue;
    return isSignable(part) ? at : undefined;
  }
  return undefined;
}

function isSignable(part: Part): part is Signed {
  return part.kind === "text" || part.kind === "tool-call";
}

function ownSeal(seal: Seal): Seal {
  const { bindKind: _bindKind, ...rest } = seal;
  return { ...rest, bindsTo: "self" };
}

/** A carrier that also held thoughts stays as those thoughts. */
function withoutSeal(part: Carrier): Part | undefined {
  if (part.text === "") return undefined;
  const { seal: _seal, ...rest } = part;
  return rest;
}
