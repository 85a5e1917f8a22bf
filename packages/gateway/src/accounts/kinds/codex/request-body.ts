// What the endpoint of ChatGPT accounts takes of a Responses body. It is stricter than the API: other fields are refused.
import { isJsonObject, sha256Hex, without, type Json, type JsonObject, type MutableJsonObject } from "@dragoman/core";

/** Refused by the endpoint (as of 2026-08). */
export const REFUSED_FIELDS: readonly string[] = [
  "max_output_tokens", "max_completion_tokens", "temperature", "top_p", "truncation", "user", "context_management", "prompt_cache_options",
  "prompt_cache_retention", "safety_identifier", "generate", "previous_response_id",
];

export interface BodyWishes {
  /** Put in where the caller names none; `undefined`: nothing is known that would stay the same. */
  readonly cacheKey?: string | undefined;
  /** The picture tool is added to every request that has none. */
  readonly offersPictures: boolean;
}

/** The body as the endpoint takes it. Pure; the caller's words are not changed. */
export function codexBody(body: JsonObject, { cacheKey, offersPictures }: BodyWishes): JsonObject {
  const kept = without(body, [...REFUSED_FIELDS, "service_tier", "stream_options", "tools", "tool_choice", "parallel_tool_calls"]);
  const tools = toolsOf(body.tools, offersPictures);
  const result: MutableJsonObject = {
    ...kept,
    stream: true,
    store: false,
    include: ["reasoning.encrypted_content"],
    instructions: typeof body.instructions === "string" ? body.instructions : "",
    input: inputOf(body.input),
  };
  if (body.service_tier === "priority") result.service_tier = "priority";
  const delivery = isJsonObject(body.stream_options) ? body.stream_options.reasoning_summary_delivery : undefined;
  if (delivery !== undefined) result.stream_options = { reasoning_summary_delivery: delivery };
  if (tools.length > 0) {
    result.tools = tools;
    result.parallel_tool_calls = typeof body.parallel_tool_calls === "boolean" ? body.parallel_tool_calls : true;
  }
  if (body.tool_choice !== undefined && tools.length > 0) result.tool_choice = currentName(body.tool_choice);
  const key = typeof body.prompt_cache_key === "string" && body.prompt_cache_key !== "" ? body.prompt_cache_key : cacheKey;
  if (key === undefined) delete result.prompt_cache_key;
  else result.prompt_cache_key = key;
  return result;
}

/** Names under which the search tool was tried out. */
const PREVIEWS: ReadonlySet<Json | undefined> = new Set(["web_search_preview", "web_search_preview_2025_03_11"]);

function currentName(tool: Json): Json {
  return isJsonObject(tool) && PREVIEWS.has(tool.type) ? { ...tool, type: "web_search" } : tool;
}

function toolsOf(given: Json | undefined, offersPictures: boolean): readonly Json[] {
  const own: readonly Json[] = Array.isArray(given) ? given : [];
  const tools = own.map((tool): Json => {
    const current = currentName(tool);
    return isJsonObject(current) && current.type === "function" && !isJsonObject(current.parameters) ? { ...current, parameters: { type: "object", properties: {} } } : current;
  });
  const draws = tools.some((tool) => isJsonObject(tool) && tool.type === "image_generation");
  return offersPictures && !draws ? [...tools, { type: "image_generation", output_format: "png" }] : tools;
}

function inputOf(input: Json | undefined): Json {
  if (typeof input === "string") return [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }];
  return Array.isArray(input) ? (input as readonly Json[]).map((item) => (isJsonObject(item) ? itemOf(item) : item)) : [];
}

/** How ids of items begin, by type. */
const ID_BEGINS: Readonly<Record<string, string>> = { message: "msg_", reasoning: "rs_", function_call: "fc_", custom_tool_call: "ctc_", custom_tool_call_output: "ctco_" };
const MAX_ID = 64;
const MARK = "prompt_cache_breakpoint";

function itemOf(item: JsonObject): JsonObject {
  const { id, role, type = "message" } = item;
  const begins = ID_BEGINS[String(type)];
  const isForeign = typeof id === "string" && ((begins !== undefined && !id.startsWith(begins)) || id.length > MAX_ID);
  return {
    ...item,
    ...(isForeign && { id: `${begins ?? ""}${sha256Hex(id).slice(0, 40)}` }),
    ...(role === "system" && { role: "developer" }),
    ...unmarked(item),
  };
}

/** Content and output without marks for a cache that the endpoint keeps by itself. */
function unmarked(item: JsonObject): JsonObject {
  const lists = ["content", "output"].flatMap((key): [string, Json][] => {
    const parts = item[key];
    if (!Array.isArray(parts) || !parts.some((part) => isJsonObject(part) && MARK in part)) return [];
    return [[key, parts.map((part) => (isJsonObject(part) ? without(part, [MARK]) : part))]];
  });
  return Object.fromEntries(lists);
}
