import { capabilitiesOf, isJsonObject, sha256Hex, without, type Json, type JsonObject, type MutableJsonObject, type Provider } from "@dragoman/core";
import { customAsFunction, itemsAsFunctions } from "./custom-tools.ts";

export interface AccountMembers {
  /** The upstream's name for it. */
  readonly model: string;
  readonly provider: Provider;
  readonly injectsSearch: boolean;
  /** The same in all turns; put in, unrecognizably, where the client names no cache. */
  readonly conversation?: string | undefined;
}

/** The vendor answers requests that have one of these with 400 (seen 2026-08). */
const REFUSED = [
  "stop", "max_completion_tokens", "truncation", "user", "context_management", "prompt_cache_options", "prompt_cache_retention",
  "safety_identifier", "generate", "stream_options", "previous_response_id",
];

/** What the account's endpoint wants of a body, and does not want. Values out of range are left for it to refuse. */
export function withAccountMembers(body: JsonObject, { model, provider, injectsSearch, conversation }: AccountMembers): JsonObject {
  const tools = toolsFor(body.tools, model, injectsSearch);
  const result: MutableJsonObject = {
    ...without(body, REFUSED),
    stream: true,
    store: false,
    include: includes(body.include),
    instructions: typeof body.instructions === "string" ? body.instructions : "",
    input: itemsOf(body.input),
  };
  if (body.service_tier !== "priority") delete result.service_tier;
  if (typeof body.prompt_cache_key !== "string" || body.prompt_cache_key === "") {
    delete result.prompt_cache_key;
    if (conversation !== undefined) result.prompt_cache_key = sha256Hex(`dragoman:prompt-cache:${conversation}`).slice(0, 32);
  }
  if (tools.length > 0) {
    result.tools = tools;
    result.parallel_tool_calls = body.parallel_tool_calls ?? true;
    const choice = body.tool_choice === undefined ? undefined : choiceFor(body.tool_choice, tools);
    if (choice === undefined) delete result.tool_choice;
    else result.tool_choice = choice;
  } else for (const name of ["tools", "tool_choice", "parallel_tool_calls"]) delete result[name];
  return withoutEffort(result, model, provider);
}

const SEALED = "reasoning.encrypted_content";

/** Thoughts come back sealed, as nothing is stored. */
function includes(given: Json | undefined): Json {
  const own: readonly Json[] = Array.isArray(given) ? given : [];
  return own.includes(SEALED) ? own : [...own, SEALED];
}

function itemsOf(input: Json | undefined): Json {
  if (typeof input === "string") return [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }];
  const items: readonly Json[] = Array.isArray(input) ? input : [];
  return itemsAsFunctions(items).map((item) => (isJsonObject(item) ? itemFor(item) : item));
}

/** By type; another id than one that begins so is refused, and none is needed. */
const ID_BEGINS: Readonly<Record<string, string>> = { message: "msg_", reasoning: "rs_", function_call: "fc_" };
const MAX_ID = 64;
const MARK = "prompt_cache_breakpoint";

function itemFor(item: JsonObject): JsonObject {
  const { id, role, content, type = "message" } = item;
  const isForeign = typeof id === "string" && (id.length > MAX_ID || !id.startsWith(ID_BEGINS[String(type)] ?? ""));
  return {
    ...(isForeign ? without(item, ["id"]) : item),
    ...(role === "system" && { role: "developer" }),
    ...(Array.isArray(content) && { content: content.map((part) => (isJsonObject(part) ? without(part, [MARK]) : part)) }),
  };
}

const FOREIGN_TOOLS: ReadonlySet<Json | undefined> = new Set(["tool_search", "apply_patch"]);
const SEARCH: ReadonlySet<Json | undefined> = new Set(["web_search", "web_search_preview", "web_search_preview_2025_03_11"]);

function toolsFor(given: Json | undefined, model: string, injectsSearch: boolean): readonly Json[] {
  const own: readonly Json[] = Array.isArray(given) ? given : [];
  const tools = own.flatMap((tool): Json[] => (isJsonObject(tool) ? toolFor(tool, model) : []));
  const searches = tools.some((tool) => isJsonObject(tool) && tool.type === "x_search");
  return injectsSearch && !searches ? [...tools, { type: "x_search" }] : tools;
}

function toolFor(tool: JsonObject, model: string): JsonObject[] {
  const { type } = tool;
  if (FOREIGN_TOOLS.has(type) || (type === "custom" && FOREIGN_TOOLS.has(tool.name))) return [];
  if (type === "image_generation" && !drawsPictures(model)) return [];
  if (SEARCH.has(type)) return [{ ...without(tool, ["external_web_access"]), type: "web_search" }];
  if (type === "custom") return [customAsFunction(tool)];
  if (type === "function" && !isJsonObject(tool.parameters)) return [{ ...tool, parameters: { type: "object", properties: {} } }];
  return [tool];
}

/** From Grok 4.6 on. */
function drawsPictures(model: string): boolean {
  const [, major, minor] = /^grok-(\d+)(?:\.(\d+))?/.exec(model.toLowerCase()) ?? [];
  if (major === undefined || (minor !== undefined && minor.length > 1)) return false;
  return Number(major) > 4 || (Number(major) === 4 && Number(minor ?? 0) >= 6);
}

/** What is chosen, in the words of the tools that are left; `undefined` when it is none of them. */
function choiceFor(choice: Json, tools: readonly Json[]): Json | undefined {
  if (!isJsonObject(choice)) return choice;
  if (choice.type === "allowed_tools" && Array.isArray(choice.tools)) {
    const allowed = choice.tools.flatMap((each) => choiceFor(each, tools) ?? []);
    return allowed.length === 0 ? undefined : { ...choice, tools: allowed };
  }
  const type = SEARCH.has(choice.type) ? "web_search" : choice.type === "custom" ? "function" : choice.type;
  const isThere = tools.some((tool) => isJsonObject(tool) && tool.type === type && (choice.name === undefined || tool.name === choice.name));
  return isThere ? { ...choice, type: type ?? null } : undefined;
}

/** Models without levels refuse to be told one. */
function withoutEffort(body: JsonObject, model: string, provider: Provider): JsonObject {
  const { reasoning } = body;
  if (!isJsonObject(reasoning) || reasoning.effort === undefined || capabilitiesOf(provider, model).reasoning?.levels !== undefined) return body;
  const rest = without(reasoning, ["effort"]);
  return Object.keys(rest).length === 0 ? without(body, ["reasoning"]) : { ...body, reasoning: rest };
}
