import { isJsonObject, type Json, type JsonObject, type ReasoningPart, type Seal } from "../../canonical/index.ts";

function texts(list: Json | undefined): readonly string[] {
  return (Array.isArray(list) ? (list as readonly Json[]) : []).filter(isJsonObject).map((entry) => (typeof entry.text === "string" ? entry.text : ""));
}

/** One part for one item, however many summary parts it has: only the item as a whole is sealed. */
export function decodeReasoningItem(item: JsonObject, seal: Seal | undefined): ReasoningPart {
  const summary = texts(item.summary);
  const raw = texts(item.content);
  const text = summary.length > 0 ? summary.join("\n\n") : raw.join("");
  return {
    kind: "reasoning",
    text,
    textKind: summary.length > 0 ? "summary" : raw.length > 0 ? "raw" : "none",
    ...(summary.length > 0 && { summary }),
    ...(typeof item.id === "string" && item.id !== "" && { itemId: item.id }),
    ...(seal !== undefined && { seal }),
    ...(seal?.form === "redacted" && { redacted: true }),
  };
}

/** The seal of an item that came straight from the vendor. */
export function nativeSeal(item: JsonObject, vendor: string, model: string): Seal | undefined {
  const value = item.encrypted_content;
  if (typeof value !== "string" || value === "") return undefined;
  const lengths = texts(item.summary).map((text) => text.length);
  return {
    vendor,
    form: "encrypted-content",
    value,
    model,
    ...(typeof item.id === "string" && item.id !== "" && { itemId: item.id }),
    ...(lengths.length > 1 && { summaryLengths: lengths }),
    bindsTo: "self",
  };
}
