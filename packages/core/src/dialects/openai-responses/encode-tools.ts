import {
  isJsonObject, type CustomTool, type FunctionTool, type Json, type JsonObject, type MutableJsonObject, type ServerTool, type Tool, type ToolChoice, type WebSearchSettings,
} from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanPlain, cleanStrict, toJsonSchema, type SchemaLoss } from "../../schema/index.ts";
import { callerPath } from "./caller-path.ts";

function schemaLoss(tool: Tool, exchange: Exchange): SchemaLoss {
  return (keyword, path) => exchange.report({ code: "schema-keyword", path: `${tool.path ?? "tools"}: ${path}`, action: "converted", detail: keyword });
}

function encodeFunction(tool: FunctionTool, exchange: Exchange): JsonObject {
  const onLoss = schemaLoss(tool, exchange);
  const strict = tool.strict === true ? cleanStrict(toJsonSchema(tool.schema), { plain: exchange.capabilities.strictPlain === true }, onLoss) : undefined;
  if (strict?.strict === false) exchange.report({ code: "strict-schema", path: tool.path ?? "tools", action: "converted", detail: "the schema cannot be strict" });
  const isStrict = strict?.strict === true;
  if (tool.deferLoading === true) exchange.report({ code: "unsupported-parameter", path: `${tool.path ?? "tools"}.defer_loading`, action: "dropped" });
  return {
    type: "function",
    name: exchange.names.toWire(tool.name, tool.namespace),
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: isStrict ? strict.schema : cleanPlain(toJsonSchema(tool.schema), onLoss),
    // Absent would mean strict here, and an unprepared schema would be refused (seen in the field).
    strict: isStrict,
  };
}

function encodeCustom(tool: CustomTool, exchange: Exchange): JsonObject {
  return {
    type: "custom",
    name: exchange.names.toWire(tool.name, tool.namespace),
    ...(tool.description !== undefined && { description: tool.description }),
    ...(tool.grammar !== undefined && { format: { type: "grammar", syntax: tool.grammar.syntax, definition: tool.grammar.definition } }),
  };
}

function encodeWebSearch(tool: ServerTool, exchange: Exchange): JsonObject {
  const settings: WebSearchSettings = tool.webSearch ?? {};
  const dropped = (name: string): void => exchange.report({ code: "unsupported-parameter", path: `${tool.path ?? "tools"}.${name}`, action: "dropped" });
  if (settings.maxUses !== undefined) dropped("max_uses");
  if (settings.blockedDomains !== undefined && settings.blockedDomains.length > 0) dropped("blocked_domains");
  return {
    type: "web_search",
    ...(settings.allowedDomains !== undefined && settings.allowedDomains.length > 0 && { filters: { allowed_domains: settings.allowedDomains } }),
    ...(settings.userLocation !== undefined && { user_location: { type: "approximate", ...settings.userLocation } }),
    ...(settings.contextSize !== undefined && { search_context_size: settings.contextSize }),
  };
}

/** Servers are described alike by all who know the protocol: a label and an address, and perhaps a token. */
function encodeMcp(tool: ServerTool): JsonObject | undefined {
  const { config } = tool;
  const url = config.server_url ?? config.url;
  if (typeof url !== "string") return undefined;
  const authorization = config.authorization ?? config.authorization_token;
  const allowed = config.allowed_tools;
  return {
    type: "mcp",
    server_label: typeof config.server_label === "string" ? config.server_label : tool.name,
    server_url: url,
    ...(typeof authorization === "string" && { authorization }),
    ...(Array.isArray(allowed) && { allowed_tools: allowed }),
    require_approval: "never",
  };
}

function encodeServer(tool: ServerTool, exchange: Exchange): JsonObject | undefined {
  switch (tool.family) {
    case "web-search":
      return encodeWebSearch(tool, exchange);
    case "code-execution":
      return { type: "code_interpreter", container: { type: "auto" } };
    case "image-generation":
      return { type: "image_generation" };
    case "mcp":
      return encodeMcp(tool);
    default:
      return undefined;
  }
}

function isForced(tool: Tool, choice: ToolChoice | undefined): boolean {
  return choice?.mode === "tool" && choice.variant === "server" && choice.name === tool.name;
}

function encodeTool(tool: Tool, exchange: Exchange): JsonObject | undefined {
  if (tool.kind !== "server" && tool.cache !== undefined) exchange.report({ code: "cache-mark", path: tool.path ?? "tools", action: "dropped" });
  if (tool.kind === "function") return encodeFunction(tool, exchange);
  if (tool.kind === "custom") return encodeCustom(tool, exchange);
  const encoded = encodeServer(tool, exchange);
  if (encoded !== undefined) return encoded;
  const path = tool.path ?? "tools";
  if (isForced(tool, exchange.request.toolChoice)) {
    throw new GatewayError("unsupported_parameter", { message: `${path}: the Responses API has no tool like "${tool.type}", and it is the one that must be used`, path, source: "client" });
  }
  exchange.report({ code: "unsupported-tool", path, action: "dropped", detail: tool.type });
  return undefined;
}

/** Declarations that became the same are written once. */
export function encodeTools(tools: readonly Tool[], exchange: Exchange): readonly JsonObject[] {
  const seen = new Set<string>();
  return tools.flatMap((tool) => {
    const encoded = encodeTool(tool, exchange);
    if (encoded === undefined) return [];
    const key = typeof encoded.name === "string" ? encoded.name : JSON.stringify(encoded);
    if (seen.has(key)) {
      exchange.report({ code: "duplicate-tool", path: tool.path ?? "tools", action: "dropped", detail: key });
      return [];
    }
    seen.add(key);
    return [encoded];
  });
}

/** How a choice names one tool: functions by name, hosted ones by type. */
function nameTool(name: string, exchange: Exchange, hosted: readonly JsonObject[]): JsonObject | undefined {
  const tool = exchange.request.tools.find((candidate) => candidate.name === name);
  if (tool === undefined || tool.kind !== "server") return { type: tool?.kind ?? "function", name: exchange.names.toWire(name, tool?.namespace) };
  const type = encodeServerType(tool);
  return hosted.some((entry) => entry.type === type) ? { type, ...(type === "mcp" && { server_label: tool.name }) } : undefined;
}

function encodeServerType(tool: ServerTool): string {
  const types: Readonly<Record<string, string>> = { "web-search": "web_search", "code-execution": "code_interpreter", "image-generation": "image_generation", mcp: "mcp" };
  return types[tool.family] ?? "";
}

function allow(mode: "auto" | "required", names: readonly string[], exchange: Exchange, encoded: readonly JsonObject[]): JsonObject {
  return { type: "allowed_tools", mode, tools: names.map((name) => nameTool(name, exchange, encoded)).filter((entry) => entry !== undefined) };
}

function encodeChoice(choice: ToolChoice, exchange: Exchange, encoded: readonly JsonObject[]): Json | undefined {
  switch (choice.mode) {
    case "tool":
      return nameTool(choice.name, exchange, encoded);
    case "allowed":
      return allow(choice.allowedMode, choice.names, exchange, encoded);
    case "validated":
      exchange.report({ code: "unsupported-parameter", path: callerPath(exchange.request, "toolChoice"), action: "converted", detail: "calls are not validated" });
      return choice.names === undefined ? "auto" : allow("auto", choice.names, exchange, encoded);
    default:
      return choice.mode;
  }
}

/** Pictures come from a tool here, not from the model itself. */
function pictureTool(exchange: Exchange): readonly JsonObject[] {
  const { request } = exchange;
  const wanted = request.output?.modalities?.includes("image") === true && !request.tools.some((tool) => tool.kind === "server" && tool.family === "image-generation");
  if (!wanted) return [];
  exchange.report({ code: "output-modality", path: callerPath(request, "modalities"), action: "converted", detail: "as a tool" });
  return [{ type: "image_generation" }];
}

/** Tools and how to choose among them; without tools neither choice nor parallelism may be named. */
export function encodeToolFields(exchange: Exchange): MutableJsonObject {
  const { request } = exchange;
  const tools = [...encodeTools(request.tools, exchange), ...pictureTool(exchange)];
  if (tools.length === 0) return {};
  const choice = request.toolChoice === undefined ? undefined : encodeChoice(request.toolChoice, exchange, tools);
  return {
    tools,
    ...(choice !== undefined && { tool_choice: choice }),
    ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
  };
}

/** A tool declaration for a caller of this dialect who added it without a source node. */
export function encodeNativeTool(tool: Tool): JsonObject {
  if (tool.kind === "server") return { type: tool.type, ...tool.config };
  const head = { name: tool.name, ...(tool.description !== undefined && { description: tool.description }) };
  if (tool.kind === "custom") return { type: "custom", ...head, ...(tool.grammar !== undefined && { format: { type: "grammar", ...tool.grammar } }) };
  return { type: "function", ...head, parameters: isJsonObject(tool.schema) ? tool.schema : { type: "object", properties: {} }, strict: tool.strict ?? false };
}
