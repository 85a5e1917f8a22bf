// A model's answer reaches a client in pieces, and clients keep the pieces as parts. What belongs together is joined
// again, so that a thought stands before its seal byte for byte as its vendor made it.
import type { Json, Part, ReasoningPart, TextPart, Wire } from "../../canonical/index.ts";
import { DIALECT_ID } from "./wire.ts";

/** Joins pieces of text and of thoughts in a model's content; a seal ends a run. */
export function joinRuns(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const both = last === undefined ? undefined : join(last, part);
    if (both === undefined) joined.push(part);
    else joined[joined.length - 1] = both;
  }
  return joined.map((part, index) => nameTarget(part, joined[index - 1]));
}

function join(first: Part, second: Part): Part | undefined {
  if (first.kind === "text" && first.seal === undefined) {
    if (second.kind === "text") return joinTexts(first, second);
    if (isTrailingSeal(second)) return { ...first, seal: second.seal, ...joinedWire(first, second) };
  }
  if (first.kind === "reasoning" && first.seal === undefined && second.kind === "reasoning" && second.redacted !== true && !isTrailingSeal(second)) {
    return joinThoughts(first, second);
  }
  return undefined;
}

function joinTexts(first: TextPart, second: TextPart): TextPart {
  const shift = first.text.length;
  const moved = (second.citations ?? []).map((citation) => (citation.type === "url" ? { ...citation, start: (citation.start ?? 0) + shift, end: (citation.end ?? second.text.length) + shift } : citation));
  const citations = [...(first.citations ?? []), ...moved];
  return {
    ...first,
    text: first.text + second.text,
    ...(citations.length > 0 && { citations }),
    ...(second.seal !== undefined && { seal: second.seal }),
    ...joinedWire(first, second),
  };
}

function joinThoughts(first: ReasoningPart, second: ReasoningPart): ReasoningPart {
  const text = first.text + second.text;
  return { ...first, text, textKind: text === "" ? "none" : "raw", ...(second.seal !== undefined && { seal: second.seal }), ...joinedWire(first, second) };
}

/** Google's signature of what came before, in an empty part of its own. */
function isTrailingSeal(part: Part): part is ReasoningPart & { readonly seal: NonNullable<ReasoningPart["seal"]> } {
  return part.kind === "reasoning" && part.text === "" && part.seal?.bindsTo === "previous";
}

/** A trailing seal that stayed alone says what kind of part it signs. */
function nameTarget(part: Part, before: Part | undefined): Part {
  if (!isTrailingSeal(part) || before?.kind !== "tool-call") return part;
  return { ...part, seal: { ...part.seal, bindKind: "tool-call" } };
}

/** The wire nodes of a joined part are a list, in order. */
function joinedWire(first: Part, second: Part): { readonly wire?: Wire } {
  const nodes = [...wireNodes(first), ...wireNodes(second)];
  return nodes.length === 0 ? {} : { wire: { dialect: DIALECT_ID, value: nodes } };
}

/** The nodes that a part was decoded from. */
export function wireNodes(part: Part): readonly Json[] {
  if (part.wire?.dialect !== DIALECT_ID) return [];
  const { value } = part.wire;
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
