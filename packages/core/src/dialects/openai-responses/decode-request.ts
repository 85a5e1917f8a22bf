import {
  isJsonObject, type CacheRequest, type ConversationState, type Effort, type GenerateRequest, type Identity, type Json, type JsonObject, type Message, type MutableJsonObject,
  type OutputFormat, type OutputRequest, type ReasoningRequest, type Sampling, type Tool,
} from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import {
  optionalArray, optionalBoolean, optionalInteger, optionalNumber, optionalObject, optionalString, readObject, readString,
} from "../../wire/read.ts";
import type { WireInput } from "../dialect.ts";
import { decodeInputItem, type ItemScope } from "./decode-items.ts";
import { decodeItemTools, decodeToolChoice, decodeTools, ITEMS_WITH_TOOLS } from "./decode-tools.ts";
import { DIALECT, ownWire } from "./dialect-id.ts";

/** What canonical has words for; the rest is residue. */
const KNOWN = new Set([
  "model", "input", "instructions", "stream", "tools", "tool_choice", "parallel_tool_calls", "max_output_tokens", "max_tool_calls", "temperature", "top_p",
  "top_logprobs", "reasoning", "text", "metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "store",
  "background", "include", "truncation", "prompt", "context_management", "previous_response_id", "conversation",
]);

const EFFORTS = new Set(["minimal", "low", "medium", "high", "xhigh", "max"]);
const VISIBILITIES = new Set(["auto", "concise", "detailed", "none"]);

function decodeMessages(body: JsonObject, scope: ItemScope): readonly Message[] {
  const instructions = optionalString(body, "instructions", "");
  const leading: readonly Message[] = instructions === undefined || instructions === ""
    ? []
    : [{ role: "system", origin: "instructions", parts: [{ kind: "text", text: instructions, path: "instructions" }], path: "instructions" }];
  const { input } = body;
  if (typeof input === "string") return [...leading, { role: "user", parts: [{ kind: "text", text: input, path: "input" }], wire: ownWire(input), path: "input" }];
  const items = optionalArray(body, "input", "") ?? [];
  return [...leading, ...items.map((item, index) => decodeInputItem(item, `input[${index}]`, scope))];
}

function decodeAllTools(body: JsonObject, context: DecodeContext): readonly Tool[] {
  const tools = [...decodeTools(optionalArray(body, "tools", "") ?? [], "tools")];
  if (!Array.isArray(body.input)) return tools;
  (body.input as readonly Json[]).forEach((item, index) => {
    if (isJsonObject(item) && typeof item.type === "string" && ITEMS_WITH_TOOLS.has(item.type)) tools.push(...decodeItemTools(item, `input[${index}]`, tools, context));
  });
  return tools;
}

function decodeSampling(body: JsonObject, include: readonly string[]): Sampling {
  const temperature = optionalNumber(body, "temperature", "");
  const topP = optionalNumber(body, "top_p", "");
  const topLogprobs = optionalInteger(body, "top_logprobs", "");
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topLogprobs !== undefined && { topLogprobs }),
    ...(include.includes("message.output_text.logprobs") && { logprobs: true }),
  };
}

/** Reasoning settings without a canonical word go into the residue with their full name. */
function decodeReasoning(body: JsonObject, residue: MutableJsonObject): ReasoningRequest | undefined {
  const reasoning = optionalObject(body, "reasoning", "");
  if (reasoning === undefined) return undefined;
  const { effort, summary, generate_summary, ...others } = reasoning;
  for (const [key, value] of Object.entries(others)) if (value !== null) residue[`reasoning.${key}`] = value;
  const shown = typeof summary === "string" ? summary : generate_summary;
  const visibility = typeof shown === "string" && VISIBILITIES.has(shown) ? { visibility: shown as NonNullable<ReasoningRequest["visibility"]> } : {};
  if (effort === "none") return { mode: "off", ...visibility, from: "body" };
  if (effort === "auto") return { mode: "auto", ...visibility, from: "body" };
  if (typeof effort === "string" && EFFORTS.has(effort)) return { mode: "effort", effort: effort as Effort, ...visibility, from: "body" };
  if (effort !== undefined && effort !== null) residue["reasoning.effort"] = effort;
  return { mode: "default", ...visibility, from: "body" };
}

function decodeFormat(value: Json | undefined): OutputFormat | undefined {
  if (!isJsonObject(value)) return undefined;
  if (value.type === "json_object") return { type: "json-object" };
  if (value.type === "text") return { type: "text" };
  if (value.type !== "json_schema") throw invalidRequest("text.format.type", `unknown format ${JSON.stringify(value.type)}`);
  return {
    type: "json-schema",
    ...(typeof value.name === "string" && { name: value.name }),
    ...(typeof value.description === "string" && { description: value.description }),
    schema: value.schema ?? {},
    ...((typeof value.strict === "boolean" || value.strict === null) && { strict: value.strict }),
  };
}

function decodeOutput(body: JsonObject, residue: MutableJsonObject): OutputRequest | undefined {
  const text = optionalObject(body, "text", "");
  if (text === undefined) return undefined;
  const { format: formatWire, verbosity, ...others } = text;
  for (const [key, value] of Object.entries(others)) residue[`text.${key}`] = value;
  const format = decodeFormat(formatWire);
  return { ...(format !== undefined && { format }), ...(typeof verbosity === "string" && { verbosity }) };
}

function decodeCache(body: JsonObject): CacheRequest | undefined {
  const key = optionalString(body, "prompt_cache_key", "");
  const retention = optionalString(body, "prompt_cache_retention", "");
  return key === undefined && retention === undefined ? undefined : { ...(key !== undefined && { key }), ...(retention !== undefined && { retention }) };
}

function decodeIdentity(body: JsonObject, headers: WireInput["headers"]): Identity | undefined {
  const endUserId = optionalString(body, "user", "");
  const safetyId = optionalString(body, "safety_identifier", "");
  const sessionId = headers.get("session_id") ?? headers.get("session-id") ?? undefined;
  const metadata = optionalObject(body, "metadata", "");
  const identity: Identity = {
    ...(endUserId !== undefined && { endUserId }),
    ...(safetyId !== undefined && { safetyId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(metadata !== undefined && { metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)])) }),
  };
  return Object.keys(identity).length === 0 ? undefined : identity;
}

function conversationIdOf(body: JsonObject): string | undefined {
  const { conversation } = body;
  return isJsonObject(conversation) ? optionalString(conversation, "id", "conversation") : optionalString(body, "conversation", "");
}

function decodeState(body: JsonObject, include: readonly string[] | undefined, itemReferences: readonly string[]): ConversationState | undefined {
  const previousResponseId = optionalString(body, "previous_response_id", "");
  const conversationId = conversationIdOf(body);
  const store = optionalBoolean(body, "store", "");
  const background = optionalBoolean(body, "background", "");
  const truncation = optionalString(body, "truncation", "");
  const state: ConversationState = {
    ...(previousResponseId !== undefined && { previousResponseId }),
    ...(conversationId !== undefined && { conversationId }),
    ...(itemReferences.length > 0 && { itemReferences }),
    ...(store !== undefined && { store }),
    ...(background !== undefined && { background }),
    ...(include !== undefined && { include }),
    ...(truncation !== undefined && { truncation }),
    ...(isJsonObject(body.prompt) && { promptReference: body.prompt }),
    ...(body.context_management !== undefined && body.context_management !== null && { contextManagement: body.context_management }),
  };
  return Object.keys(state).length === 0 ? undefined : state;
}

/** What may stand alone without any input. */
function requireInput(body: JsonObject, state: ConversationState | undefined): void {
  if (body.input !== undefined && body.input !== null) return;
  if (state?.previousResponseId === undefined && state?.conversationId === undefined && state?.promptReference === undefined) throw invalidRequest("input", "required");
}

const HEADERS = ["openai-beta"];

function decodeHeaders(headers: WireInput["headers"]): { readonly [name: string]: string } {
  return Object.fromEntries(HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  }));
}

/** Everything beside the conversation and the tools. */
function decodeSettings(body: JsonObject, headers: WireInput["headers"]): Partial<GenerateRequest> & Pick<GenerateRequest, "sampling" | "residue"> {
  const residue: MutableJsonObject = Object.fromEntries(Object.entries(body).filter(([key]) => !KNOWN.has(key)));
  const include = optionalArray(body, "include", "")?.filter((entry) => typeof entry === "string") ?? [];
  const toolChoice = decodeToolChoice(body.tool_choice);
  const parallelToolCalls = optionalBoolean(body, "parallel_tool_calls", "");
  const maxOutputTokens = optionalInteger(body, "max_output_tokens", "", 1);
  const maxToolCalls = optionalInteger(body, "max_tool_calls", "");
  const reasoning = decodeReasoning(body, residue);
  const output = decodeOutput(body, residue);
  const cache = decodeCache(body);
  const identity = decodeIdentity(body, headers);
  const tier = optionalString(body, "service_tier", "");
  const vendorHeaders = decodeHeaders(headers);
  return {
    sampling: decodeSampling(body, include),
    residue,
    ...(toolChoice !== undefined && { toolChoice }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(maxToolCalls !== undefined && { maxToolCalls }),
    ...(reasoning !== undefined && { reasoning }),
    ...(output !== undefined && { output }),
    ...(cache !== undefined && { cache }),
    ...(identity !== undefined && { identity }),
    ...(tier !== undefined && { service: { tier } }),
    ...(Object.keys(vendorHeaders).length > 0 && { headers: vendorHeaders }),
  };
}

export function decodeRequest(wire: WireInput, context: DecodeContext): GenerateRequest {
  const body = readObject(wire.body, "");
  const scope: ItemScope = { context, callNames: new Map(), callOfItem: new Map(), references: [] };
  const messages = decodeMessages(body, scope);
  const include = optionalArray(body, "include", "")?.filter((entry) => typeof entry === "string");
  const state = decodeState(body, include, scope.references);
  requireInput(body, state);
  return {
    dialect: DIALECT,
    model: readString(body.model, "model"),
    stream: optionalBoolean(body, "stream", "") ?? false,
    framing: "sse",
    includeUsage: true,
    messages,
    tools: decodeAllTools(body, context),
    ...(state !== undefined && { state }),
    ...decodeSettings(body, wire.headers),
    wire: body,
  };
}
