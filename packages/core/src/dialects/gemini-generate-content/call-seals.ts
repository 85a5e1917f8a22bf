import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";
import { listAt } from "./members.ts";
import { SKIP_SIGNATURE } from "./wire.ts";

/**
 * Gemini 3 refuses a turn in progress whose calls are unsigned. Where the signature is unknown (the model was changed,
 * the client lost it), the documented stand-in goes on the first call of each model content of that turn, and only
 * there: its siblings were never signed. ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11).
 */
export function standInForMissingSeals(contents: readonly JsonObject[]): readonly JsonObject[] {
  const from = contents.findLastIndex(startsTurn) + 1;
  return contents.map((content, index) => (index < from || content.role !== "model" ? content : withStandIn(content)));
}

/** The user spoke and did not just bring results. */
function startsTurn(content: JsonObject): boolean {
  return content.role !== "model" && !listAt(content, "parts").some((part) => isJsonObject(part) && part.functionResponse !== undefined);
}

function withStandIn(content: JsonObject): JsonObject {
  const parts = listAt(content, "parts");
  const first = parts.findIndex((part) => isJsonObject(part) && part.functionCall !== undefined);
  const call: Json | undefined = parts[first];
  if (!isJsonObject(call) || call.thoughtSignature !== undefined) return content;
  return { ...content, parts: parts.with(first, { ...call, thoughtSignature: SKIP_SIGNATURE }) };
}
