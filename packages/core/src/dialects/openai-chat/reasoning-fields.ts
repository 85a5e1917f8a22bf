import { isJsonObject, type Json, type JsonObject, type Seal } from "../../canonical/index.ts";
import type { ChatDelta } from "./wire.ts";

/** What the many spellings of reasoning come to: text, and perhaps a seal. */
export interface ReasoningFields {
  readonly text: string;
  readonly seal?: Seal;
}

/**
 * Reads the reasoning of a message or a delta. Servers that send several spellings repeat the same text in each, so
 * the first one found counts and the others are not looked at: `reasoning_details` (OpenRouter), `reasoning_content`
 * (DeepSeek and most others), `reasoning` (Groq, vLLM), `thinking`. LiteLLM adds `thinking_blocks` for the signature.
 */
export function readReasoning(node: ChatDelta): ReasoningFields | undefined {
  if (Array.isArray(node.reasoning_details) && node.reasoning_details.length > 0) return fromDetails(node.reasoning_details as readonly Json[]);
  if (Array.isArray(node.thinking_blocks) && node.thinking_blocks.length > 0) return fromThinkingBlocks(node.thinking_blocks as readonly Json[]);
  if (typeof node.reasoning_content === "string") return plain(node.reasoning_content);
  if (node.reasoning !== undefined && node.reasoning !== null) return plain(reasoningText(node.reasoning));
  return node.thinking === undefined || node.thinking === null ? undefined : fromThinking(node.thinking);
}

function plain(text: string): ReasoningFields | undefined {
  return text === "" ? undefined : { text };
}

/** Text of a string, of `{text}`, `{content}`, `{thinking}` or `{summary}`, or of a list of those. */
export function reasoningText(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(reasoningText).join("");
  if (!isJsonObject(value)) return "";
  return reasoningText(value.text ?? value.content ?? value.thinking ?? value.summary);
}

function fromThinking(value: Json): ReasoningFields | undefined {
  const text = reasoningText(value);
  const signature = isJsonObject(value) ? value.signature : undefined;
  if (typeof signature === "string" && signature !== "") return { text, seal: anthropicSeal(signature, "signature") };
  return plain(text);
}

function fromThinkingBlocks(blocks: readonly Json[]): ReasoningFields | undefined {
  let text = "";
  let seal: Seal | undefined;
  for (const block of blocks) {
    if (!isJsonObject(block)) continue;
    text += reasoningText(block.thinking);
    if (typeof block.signature === "string" && block.signature !== "") seal = anthropicSeal(block.signature, "signature");
    else if (typeof block.data === "string" && block.data !== "") seal = anthropicSeal(block.data, "redacted");
  }
  return seal === undefined ? plain(text) : { text, seal };
}

function anthropicSeal(value: string, form: "signature" | "redacted"): Seal {
  return { vendor: "anthropic", form, value, bindsTo: "self" };
}

/** OpenRouter names the maker of sealed data in `format` (openrouter.ai/docs, read 2026-11). */
const SEAL_FORMATS: readonly { readonly prefix: string; readonly vendor: string; readonly encrypted: Seal["form"] }[] = [
  { prefix: "anthropic-", vendor: "anthropic", encrypted: "redacted" },
  { prefix: "openai-", vendor: "openai", encrypted: "encrypted-content" },
  { prefix: "azure-openai-", vendor: "openai", encrypted: "encrypted-content" },
  { prefix: "google-", vendor: "google", encrypted: "thought-signature" },
];

function fromDetails(details: readonly Json[]): ReasoningFields | undefined {
  let text = "";
  let seal: Seal | undefined;
  for (const detail of details) {
    if (!isJsonObject(detail)) continue;
    if (typeof detail.text === "string") text += detail.text;
    else if (typeof detail.summary === "string") text += detail.summary;
    seal = detailSeal(detail) ?? seal;
  }
  return seal === undefined ? plain(text) : { text, seal };
}

function detailSeal(detail: JsonObject): Seal | undefined {
  const row = SEAL_FORMATS.find(({ prefix }) => typeof detail.format === "string" && detail.format.startsWith(prefix));
  if (row === undefined) return undefined;
  const id = typeof detail.id === "string" ? { itemId: detail.id } : {};
  if (typeof detail.signature === "string" && detail.signature !== "") return { vendor: row.vendor, form: "signature", value: detail.signature, bindsTo: "self", ...id };
  if (typeof detail.data !== "string" || detail.data === "") return undefined;
  // Google seals what follows the thought, not the thought.
  return { vendor: row.vendor, form: row.encrypted, value: detail.data, bindsTo: row.encrypted === "thought-signature" ? "next" : "self", ...id };
}

/** The thought signature of a call, where Google's compatible endpoint puts it. */
export function thoughtSignature(call: { readonly extra_content?: Json }): string | undefined {
  const extra = call.extra_content;
  if (!isJsonObject(extra) || !isJsonObject(extra.google)) return undefined;
  const value = extra.google.thought_signature;
  return typeof value === "string" && value !== "" ? value : undefined;
}
