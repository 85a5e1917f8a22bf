// Another vendor's seal is valid for the very text that it was made for. The pieces of that text may stand in contents
// of their own (the official SDK keeps each chunk of a stream as a content), or the client never saw them.
import type { Message, Part, ReasoningPart, Seal } from "../../canonical/index.ts";
import type { Sealer } from "../../exchange.ts";
import { VENDOR } from "./wire.ts";

type SealedThought = ReasoningPart & { readonly seal: Seal };

/** Puts each thought that another vendor sealed together again, from the contents before it or from memory. */
export function gatherThoughts(messages: readonly Message[], sealer: Sealer): readonly Message[] {
  if (!messages.some(({ parts }) => parts.some(isForeignThought))) return messages;
  const gathered = [...messages];
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant" || !message.parts.some(isForeignThought)) continue;
    const [first] = message.parts;
    const before = first !== undefined && isForeignThought(first) ? takeThoughtsBefore(gathered, index) : "";
    const parts = message.parts.map((part, position) => {
      if (!isForeignThought(part)) return part;
      const text = (position === 0 ? before : "") + part.text || rememberedText(part, callAfter(messages, index, position), sealer);
      return text === part.text ? part : { ...part, text, textKind: "raw" as const };
    });
    gathered[index] = { ...message, parts };
  }
  return gathered;
}

function isForeignThought(part: Part): part is SealedThought {
  return part.kind === "reasoning" && part.seal !== undefined && part.seal.vendor !== VENDOR && part.redacted !== true;
}

/** Takes the unsigned thoughts at the end of the contents before, back to the first that ends otherwise. */
function takeThoughtsBefore(messages: Message[], index: number): string {
  let text = "";
  for (let at = index - 1; at >= 0; at--) {
    const message = messages[at];
    const last = message?.parts.at(-1);
    if (message?.role !== "assistant" || last?.kind !== "reasoning" || last.seal !== undefined) break;
    text = last.text + text;
    messages[at] = { ...message, parts: message.parts.slice(0, -1) };
    if (message.parts.length > 1) break;
  }
  return text;
}

/** The call that a thought led to, in its content or in those that follow it. */
function callAfter(messages: readonly Message[], index: number, position: number): string | undefined {
  for (let at = index; messages[at]?.role === "assistant"; at++) {
    const found = messages[at]?.parts.find((part, place) => part.kind === "tool-call" && (at > index || place > position));
    if (found?.kind === "tool-call") return found.callId;
  }
  return undefined;
}

/** What was thought before that call, if it was this very thought. */
function rememberedText(thought: SealedThought, callId: string | undefined, sealer: Sealer): string {
  const memory = callId === undefined ? undefined : sealer.recall(callId);
  const own = memory?.reasoning?.find(({ seal }) => seal?.value === thought.seal.value);
  if (own !== undefined) return own.text;
  const fits = memory?.reasoning === undefined && memory?.seals.some(({ value }) => value === thought.seal.value);
  return fits === true ? (memory?.reasoningText ?? "") : "";
}
