import { isJsonObject, type GenerateRequest, type Json, type JsonObject } from "../../canonical/index.ts";
import type { Dialect, WireInput } from "../dialect.ts";
import { withoutReasoning } from "./without-seals.ts";

/** The body passes byte for byte; at most the model's name is replaced, and reasoning goes that no server could find. */
export function passthroughRequest(input: WireInput, request: GenerateRequest, upstreamModel: string): ReturnType<Dialect["passthroughRequest"]> {
  const body = isJsonObject(input.body) ? input.body : {};
  const items = body.store === false && Array.isArray(body.input) ? findable(body.input as readonly Json[]) : undefined;
  return {
    path: "/responses",
    headers: request.headers ?? {},
    edits: { ...(body.model !== upstreamModel && { model: upstreamModel }), ...(items !== undefined && { set: { input: items } }) },
  };
}

/**
 * The items without reasoning that is a summary and an id alone: it came from an upstream that seals nothing, and where
 * nothing is stored the id is refused. Codex sends it after a change of the model (seen with 0.169, 2026-11).
 */
function findable(items: readonly Json[]): readonly Json[] | undefined {
  const found = withoutReasoning(items, isLost);
  return found.length === items.length ? undefined : found;
}

function isLost({ id, encrypted_content: sealed, content }: JsonObject): boolean {
  return typeof id === "string" && (sealed === undefined || sealed === null) && (!Array.isArray(content) || content.length === 0);
}
