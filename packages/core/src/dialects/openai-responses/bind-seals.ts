import type { DecodeContext } from "../../exchange.ts";
import type { Message, Part, ReasoningPart, Seal } from "../../canonical/index.ts";

type Carrier = ReasoningPart & { readonly seal: Seal };

/** A reasoning item that holds nothing but the seal of its neighbour. */
function carrierOf(message: Message): Carrier | undefined {
  const part = message.parts[0];
  if (message.parts.length !== 1 || part?.kind !== "reasoning" || part.text !== "" || part.seal === undefined) return undefined;
  return part.seal.bindsTo === "self" || part.seal.bindKind === undefined || part.seal.bindKind === "any" ? undefined : (part as Carrier);
}

function neighbour(messages: readonly Message[], from: number, step: 1 | -1): number {
  let at = from + step;
  for (let message = messages[at]; message !== undefined && carrierOf(message) !== undefined; message = messages[at]) at += step;
  return at;
}

/** The message with the seal on its nearest part of the kind, or `undefined` when there is none without a seal. */
function sealed(message: Message | undefined, seal: Seal, step: 1 | -1): Message | undefined {
  if (message === undefined || message.role !== "assistant") return undefined;
  const fits = (part: Part): boolean => part.kind === seal.bindKind && (part.kind === "text" || part.kind === "tool-call") && part.seal === undefined;
  const index = step === 1 ? message.parts.findIndex(fits) : message.parts.findLastIndex(fits);
  const part = message.parts[index];
  if (part === undefined || (part.kind !== "text" && part.kind !== "tool-call")) return undefined;
  const { bindKind: _kind, ...rest } = seal;
  return { ...message, parts: message.parts.with(index, { ...part, seal: { ...rest, bindsTo: "self" } }) };
}

/**
 * Other vendors seal calls and texts themselves. For a Responses client such a seal became an empty reasoning item
 * beside the signed one; here it goes back onto the part. A carrier without its part is left out.
 */
export function bindCarriedSeals(messages: readonly Message[], context: DecodeContext): readonly Message[] {
  if (!messages.some((message) => carrierOf(message) !== undefined)) return messages;
  const bound = [...messages];
  const spent = new Set<number>();
  messages.forEach((message, index) => {
    const carrier = carrierOf(message);
    if (carrier === undefined) return;
    spent.add(index);
    const step = carrier.seal.bindsTo === "next" ? 1 : -1;
    const at = neighbour(messages, index, step);
    const target = sealed(bound[at], carrier.seal, step);
    if (target === undefined) context.report({ code: "unbound-seal", path: message.path ?? "", action: "dropped", detail: "the sealed part is not beside it" });
    else bound[at] = target;
  });
  return bound.filter((_, index) => !spent.has(index));
}
