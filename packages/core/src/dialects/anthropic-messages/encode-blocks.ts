import { isJsonObject, parseArguments, parseJson, type Citation, type JsonObject, type MutableJsonObject, type Part, type ReasoningPart, type TextPart, type ToolCallPart, type ToolResultPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { encodeCitation } from "./citations.ts";
import { encodeFile, encodeImage } from "./encode-media.ts";
import { present } from "../../wire/present.ts";
import { propertyNames } from "./property-names.ts";
import { VENDOR, wireOf } from "./wire.ts";

/** Writes one part of a request. `undefined`: there is nothing to write (the loss is reported here or was before). */
export function encodePart(part: Part, exchange: Exchange): MutableJsonObject | undefined {
  const block = encodeBare(part, exchange);
  if (block === undefined || part.cache === undefined || part.kind === "reasoning") return block;
  return { ...block, cache_control: encodeCacheMark(part.cache) };
}

function encodeBare(part: Part, exchange: Exchange): MutableJsonObject | undefined {
  switch (part.kind) {
    case "text":
      return encodeText(part, exchange);
    case "refusal":
      return part.text.trim() === "" ? undefined : { type: "text", text: part.text };
    case "reasoning":
      return encodeReasoning(part, exchange);
    case "image":
      return encodeImage(part);
    case "file":
      return encodeFile(part);
    case "tool-call":
      return encodeToolCall(part, exchange);
    case "tool-result":
      return encodeToolResult(part, exchange);
    case "compaction":
      return present<MutableJsonObject>({ type: "compaction", content: part.text ?? null, encrypted_content: part.encrypted });
    default:
      return wireOf(part) ?? dropped(part, exchange);
  }
}

function dropped(part: Part, exchange: Exchange): undefined {
  exchange.report({ code: "unsupported-part", path: part.path ?? "", action: "dropped", detail: `${part.kind} has no form in this dialect` });
  return undefined;
}

function encodeText(part: TextPart, exchange: Exchange): MutableJsonObject | undefined {
  if (part.text.trim() === "") return undefined;
  if (part.seal !== undefined) reportForeignSeal(part, exchange);
  const citations = (part.citations ?? []).filter(isReplayable).map(encodeCitation).filter((citation) => citation !== undefined);
  if (citations.length < (part.citations?.length ?? 0)) {
    exchange.report({ code: "citation", path: part.path ?? "", action: "dropped", detail: "this vendor takes back only citations of its own" });
  }
  return present<MutableJsonObject>({ type: "text", text: part.text, citations: citations.length === 0 ? undefined : citations });
}

/** Search citations carry a proof that only the vendor can make. */
function isReplayable(citation: Citation): boolean {
  return citation.type !== "url" || (citation.encryptedIndex ?? "") !== "";
}

/** Thoughts go back only under the vendor's own seal; all others it would refuse, or the model would imitate them as text. */
export function encodeReasoning(part: ReasoningPart, exchange: Exchange): MutableJsonObject | undefined {
  const seal = part.seal;
  if (seal?.vendor !== VENDOR) {
    if (exchange.policy.reasoningAsText && part.text.trim() !== "") return { type: "text", text: part.text };
    reportForeignSeal(part, exchange);
    return undefined;
  }
  return seal.form === "redacted" ? { type: "redacted_thinking", data: seal.value } : { type: "thinking", thinking: part.text, signature: seal.value };
}

export function reportForeignSeal(part: TextPart | ReasoningPart | ToolCallPart, exchange: Exchange): void {
  const code = part.seal === undefined || part.seal.vendor === "other" ? "unsealed-reasoning" : "foreign-seal";
  exchange.report({ code, path: part.path ?? "", action: "dropped", detail: "this vendor takes back only reasoning that it sealed itself" });
}

function encodeToolCall(part: ToolCallPart, exchange: Exchange): MutableJsonObject {
  if (part.seal !== undefined && part.seal.vendor !== VENDOR) reportForeignSeal(part, exchange);
  return {
    type: "tool_use",
    id: exchange.callIds.toWire(part.callId),
    name: exchange.names.toWire(part.name, part.namespace),
    input: encodeInput(part, exchange),
  };
}

/** This dialect wants an object. What the model once wrote is kept, even where it was none. */
function encodeInput(part: ToolCallPart, exchange: Exchange): JsonObject {
  if (part.variant === "custom") return { input: part.argumentsText };
  const parsed = part.arguments ?? parseArguments(part.argumentsText) ?? unquote(part.argumentsText);
  if (parsed !== undefined) return propertyNames(exchange, part.name, part.namespace)?.toWire(parsed) ?? parsed;
  exchange.report({ code: "invalid-arguments", path: part.path ?? "", action: "repaired", detail: "the arguments are no JSON object; they are sent as `_raw`" });
  return { _raw: part.argumentsText };
}

/** Arguments that were encoded twice: a JSON string that holds the object. */
function unquote(argumentsText: string): JsonObject | undefined {
  if (!argumentsText.trimStart().startsWith('"')) return undefined;
  try {
    const inner: unknown = parseJson(argumentsText);
    const value: unknown = typeof inner === "string" ? parseJson(inner) : undefined;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function encodeToolResult(part: ToolResultPart, exchange: Exchange): MutableJsonObject {
  const blocks = part.content.map((inner) => encodePart(inner, exchange)).filter((block) => block !== undefined);
  const [first] = blocks;
  const isPlain = blocks.length === 1 && first?.type === "text" && Object.keys(first).length === 2;
  return present<MutableJsonObject>({
    type: "tool_result",
    tool_use_id: exchange.callIds.toWire(part.callId),
    content: isPlain ? first.text : blocks.length === 0 ? undefined : blocks,
    is_error: part.isError === true ? true : undefined,
  });
}

/** Only two lifetimes exist here; half an hour becomes the one that is long enough. */
export function encodeCacheMark(cache: NonNullable<Part["cache"]>): MutableJsonObject {
  return present<MutableJsonObject>({ type: "ephemeral", ttl: cache.ttl === "30m" ? "1h" : cache.ttl });
}
