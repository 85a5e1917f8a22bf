import type { GenerateRequest, JsonObject, MutableJsonObject, ServerTool, Tool, ToolChoice } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanPlain, cleanStrict, type SchemaLoss } from "../../schema/index.ts";
import { CHAT } from "./identity.ts";
import { customAsFunction, customToolAsFunction } from "./tool-shapes.ts";
import { reportDropped, unsupported } from "./unsupported.ts";

/** `tools` and all that goes with them; nothing of it when there are none. */
export function encodeTools(request: GenerateRequest, exchange: Exchange): MutableJsonObject {
  const members: MutableJsonObject = {};
  const tools = new Map<string, JsonObject>();
  for (const tool of allowedOnly(request, exchange)) {
    if (tool.kind === "server") encodeServerTool(tool, exchange, members, tools);
    else declare(tool, exchange, tools);
  }
  if (tools.size > 0) members.tools = [...tools.values()];
  const choice = encodeToolChoice(request.toolChoice, exchange);
  if (tools.size === 0) {
    if (choice !== undefined && choice !== "auto" && choice !== "none") reportDropped(exchange, ["tool_choice", "toolConfig"], "there are no tools");
    return members;
  }
  if (choice !== undefined) members.tool_choice = choice;
  if (request.parallelToolCalls !== undefined) members.parallel_tool_calls = request.parallelToolCalls;
  return members;
}

/** Servers that do not know `allowed_tools` are shown the allowed ones only. */
function allowedOnly(request: GenerateRequest, exchange: Exchange): readonly Tool[] {
  const choice = request.toolChoice;
  if (choice?.mode !== "allowed" || exchange.capabilities.firstParty !== false) return request.tools;
  exchange.report({ code: "allowed-tools", path: "tool_choice", action: "converted", detail: "only the allowed tools are declared" });
  return request.tools.filter((tool) => choice.names.includes(tool.name));
}

/** Names that are the same upstream: the first declaration counts. */
function declare(tool: Exclude<Tool, ServerTool>, exchange: Exchange, tools: Map<string, JsonObject>): void {
  const name = exchange.names.toWire(tool.name, tool.namespace);
  if (tools.has(name)) {
    exchange.report({ code: "duplicate-tool", path: tool.path ?? "tools", action: "dropped", detail: name });
    return;
  }
  tools.set(name, { ...encodeTool(tool, name, exchange), ...cacheMember(tool, exchange) });
}

export function encodeTool(tool: Exclude<Tool, ServerTool>, name: string, exchange: Exchange): JsonObject {
  if (tool.kind === "custom") {
    const description = tool.description === undefined ? {} : { description: tool.description };
    if (customAsFunction(exchange)) {
      exchange.report({ code: "custom-tool", path: tool.path ?? "tools", action: "converted", detail: "a function with one argument, `input`" });
      return { type: "function", function: { name, ...customToolAsFunction(tool) } };
    }
    return { type: "custom", custom: { name, ...description, ...(tool.grammar !== undefined && { format: { type: "grammar", grammar: { ...tool.grammar } } }) } };
  }
  if (tool.deferLoading === true) exchange.report({ code: "unsupported-parameter", path: `${tool.path ?? "tools"}.defer_loading`, action: "dropped", detail: "the tool is declared at once" });
  const onLoss: SchemaLoss = (keyword, path) => exchange.report({ code: "schema-keyword", path: `${tool.path ?? "tools"}${path === "" ? "" : `.${path}`}`, action: "converted", detail: keyword });
  const description = tool.description === undefined ? {} : { description: tool.description };
  if (tool.strict !== true || exchange.capabilities.strictTools === false) {
    if (tool.strict === true) exchange.report({ code: "strict-tool", path: tool.path ?? "tools", action: "dropped", detail: "the upstream has no strict tools" });
    return { type: "function", function: { name, ...description, parameters: cleanPlain(tool.schema, onLoss) } };
  }
  const cleaned = cleanStrict(tool.schema, { plain: exchange.capabilities.strictPlain === true }, onLoss);
  if (!cleaned.strict) exchange.report({ code: "strict-tool", path: tool.path ?? "tools", action: "dropped", detail: "the schema cannot be closed" });
  return { type: "function", function: { name, ...description, parameters: cleaned.strict ? cleaned.schema : cleanPlain(tool.schema, onLoss), strict: cleaned.strict } };
}

function cacheMember(tool: Exclude<Tool, ServerTool>, exchange: Exchange): JsonObject {
  if (tool.cache === undefined) return {};
  if (exchange.capabilities.cacheControlParts === true) return { cache_control: { type: "ephemeral", ...(tool.cache.ttl !== undefined && { ttl: tool.cache.ttl }) } };
  exchange.report({ code: "cache-mark", path: tool.path ?? "tools", action: "dropped", detail: "the upstream caches by itself" });
  return {};
}

/** Search is a parameter here, and only of models made for it; other tools that a vendor runs have no equivalent. */
 
function encodeServerTool(tool: ServerTool, exchange: Exchange, members: MutableJsonObject, tools: Map<string, JsonObject>): void {
  const path = tool.path ?? "tools";
  if (tool.wire?.dialect === CHAT) {
    tools.set(`server ${tool.name}`, tool.wire.value as JsonObject);
    return;
  }
  if (tool.family === "mcp") throw unsupported(path, "this model's endpoint cannot call MCP servers");
  if (tool.family !== "web-search" || exchange.capabilities.webSearchOptions !== true) {
    exchange.report({ code: "server-tool", path, action: "dropped", detail: tool.type });
    return;
  }
  const { contextSize, userLocation, maxUses, allowedDomains, blockedDomains } = tool.webSearch ?? {};
  members.web_search_options = {
    ...(contextSize !== undefined && { search_context_size: contextSize }),
    ...(userLocation !== undefined && { user_location: { type: "approximate", approximate: { ...userLocation } } }),
  };
  for (const [word, value] of Object.entries({ max_uses: maxUses, allowed_domains: allowedDomains, blocked_domains: blockedDomains })) {
    if (value !== undefined) exchange.report({ code: "unsupported-parameter", path: `${path}.${word}`, action: "dropped", detail: "search takes no such limit here" });
  }
}

type WireChoice = string | JsonObject | undefined;

function encodeToolChoice(choice: ToolChoice | undefined, exchange: Exchange): WireChoice {
  switch (choice?.mode) {
    case undefined:
      return undefined;
    case "auto":
    case "none":
    case "required":
      return choice.mode;
    case "tool":
      return forcedTool(choice, exchange);
    case "allowed":
      if (exchange.capabilities.firstParty === false) return choice.allowedMode;
      return { type: "allowed_tools", allowed_tools: { mode: choice.allowedMode, tools: choice.names.map((name) => namedTool(name, exchange)) } };
    case "validated":
      exchange.report({ code: "tool-choice", path: "toolConfig", action: "converted", detail: "VALIDATED → auto" });
      return "auto";
  }
}

function forcedTool(choice: Extract<ToolChoice, { mode: "tool" }>, exchange: Exchange): JsonObject {
  if (choice.variant === "server") throw unsupported("tool_choice", `this model cannot be made to use ${choice.name}`);
  return namedTool(choice.name, exchange);
}

/** Choices name a tool without its namespace, so that is looked up. */
function namedTool(name: string, exchange: Exchange): JsonObject {
  const tool = exchange.request.tools.find((tool) => tool.name === name && tool.kind !== "server");
  const wireName = exchange.names.toWire(name, tool?.kind === "server" ? undefined : tool?.namespace);
  return tool?.kind === "custom" && !customAsFunction(exchange) ? { type: "custom", custom: { name: wireName } } : { type: "function", function: { name: wireName } };
}
