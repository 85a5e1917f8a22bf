import type { CustomTool, FunctionTool, GenerateRequest, JsonObject, ServerTool, Tool, ToolChoice } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { callerPath, reportDropped } from "./caller-path.ts";
import { present } from "../../wire/present.ts";
import { toolShape } from "./tool-shapes.ts";
import { asJson, isOurs, type WireFunctionDeclaration } from "./wire.ts";

export interface WireTools {
  readonly tools?: readonly JsonObject[];
  readonly toolConfig?: JsonObject;
}

/** All declarations in one tool object, each of Google's own tools in one of its own. */
export function encodeTools(request: GenerateRequest, exchange: Exchange): WireTools {
  const choice = request.toolChoice;
  refuseForcedServerTool(request, choice);
  const offered = offeredTools(request, choice, exchange);
  const declarations = declare(offered, exchange);
  const builtIns = encodeBuiltIns(offered.filter((tool) => tool.kind === "server"), declarations.length > 0, exchange);
  const tools = [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...builtIns];
  if (request.parallelToolCalls === false && tools.length > 0) {
    reportDropped(exchange, callerPath(request, "parallel_tool_calls", "tool_choice"), "calls in parallel cannot be forbidden here");
  }
  if (tools.length === 0) return {};
  const toolConfig = encodeToolConfig(declarations.length > 0 ? choice : undefined, builtIns.length > 0 && declarations.length > 0, exchange);
  return Object.keys(toolConfig).length === 0 ? { tools } : { tools, toolConfig };
}

function refuseForcedServerTool(request: GenerateRequest, choice: ToolChoice | undefined): void {
  if (choice?.mode !== "tool" || choice.variant !== "server") return;
  const path = callerPath(request, "tool_choice");
  throw new GatewayError("unsupported_parameter", { message: `${path}: ${choice.name} cannot be forced here`, path, source: "client" });
}

/** Without `VALIDATED`, a choice among some tools is made by declaring only those. */
function offeredTools(request: GenerateRequest, choice: ToolChoice | undefined, exchange: Exchange): readonly Tool[] {
  const filters = choice?.mode === "allowed" && choice.allowedMode === "auto" && exchange.capabilities.validatedMode === false;
  if (!filters) return request.tools;
  exchange.report({ code: "tools-filtered", path: callerPath(request, "tool_choice"), action: "converted", detail: "only the allowed tools are declared" });
  return request.tools.filter((tool) => tool.kind === "server" || choice.names.includes(tool.name));
}

/** Names that became the same are declared once. */
function declare(tools: readonly Tool[], exchange: Exchange): readonly JsonObject[] {
  const byName = new Map<string, JsonObject>();
  for (const tool of tools) {
    if (tool.kind === "server") continue;
    if (tool.cache !== undefined) exchange.report({ code: "cache-mark", path: tool.path ?? "", action: "dropped", detail: "caching is implicit here" });
    const name = exchange.names.toWire(tool.name, tool.namespace);
    if (byName.has(name)) exchange.report({ code: "duplicate-tool", path: tool.path ?? "", action: "dropped", detail: tool.name });
    else byName.set(name, declaration(tool, name, exchange));
  }
  return [...byName.values()];
}

function declaration(tool: FunctionTool | CustomTool, name: string, exchange: Exchange): JsonObject {
  if (tool.kind === "custom") return customDeclaration(tool, name, exchange);
  if (tool.strict === true) reportDropped(exchange, `${tool.path ?? tool.name}.strict`, "schemas are not enforced to the letter here");
  const slot = exchange.capabilities.protoSchemaOnly === true ? "parameters" : "parametersJsonSchema";
  const schema = tool.schema === undefined ? undefined : toolShape(tool, exchange, (keyword, path) => {
    exchange.report({ code: "schema-constraint", path: `${tool.path ?? tool.name}${path === "" ? "" : `.${path}`}`, action: "converted", detail: keyword });
  }).schema;
  return asJson(present<WireFunctionDeclaration>({ name, description: tool.description, ...(schema !== undefined && { [slot]: schema }) }));
}

/** Free text becomes the one string argument of a function; its grammar can only be told. */
function customDeclaration(tool: CustomTool, name: string, exchange: Exchange): JsonObject {
  const { grammar } = tool;
  if (grammar !== undefined) exchange.report({ code: "grammar-as-description", path: tool.path ?? tool.name, action: "converted", detail: grammar.syntax });
  const rules = grammar === undefined ? undefined : `The input must follow this ${grammar.syntax} grammar:\n${grammar.definition}`;
  const description = [tool.description, rules].filter((text) => text !== undefined).join("\n\n");
  const schema: JsonObject = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };
  const slot = exchange.capabilities.protoSchemaOnly === true ? "parameters" : "parametersJsonSchema";
  return { name, ...(description !== "" && { description }), [slot]: schema };
}

/** Beside functions they work only on models that tell of their own calls too (Gemini 3 and later). */
function encodeBuiltIns(tools: readonly ServerTool[], besideFunctions: boolean, exchange: Exchange): readonly JsonObject[] {
  const builtIns: JsonObject[] = [];
  for (const tool of tools) {
    const wire = encodeBuiltIn(tool, exchange);
    if (wire === undefined) continue;
    if (besideFunctions && exchange.capabilities.requiresCallSeal !== true) reportDropped(exchange, tool.path ?? tool.name, "this model does not take it beside functions");
    else builtIns.push(wire);
  }
  return builtIns;
}

function encodeBuiltIn(tool: ServerTool, exchange: Exchange): JsonObject | undefined {
  if (isOurs(tool.wire?.dialect)) return tool.type === "mcpServers" ? { mcpServers: [tool.config] } : { [tool.type]: tool.config };
  switch (tool.family) {
    case "web-search":
      return encodeWebSearch(tool, exchange);
    case "web-fetch":
      return { urlContext: {} };
    case "code-execution":
      return { codeExecution: {} };
    case "mcp":
      throw new GatewayError("unsupported_parameter", { message: `${tool.path ?? tool.name}: MCP servers of other vendors cannot be reached from here`, path: tool.path ?? tool.name, source: "client" });
    default:
      reportDropped(exchange, tool.path ?? tool.name, `no ${tool.family} tool here`);
      return undefined;
  }
}

function encodeWebSearch(tool: ServerTool, exchange: Exchange): JsonObject | undefined {
  const path = tool.path ?? tool.name;
  if (tool.config.external_web_access === false) {
    reportDropped(exchange, path, "only a live search is offered here");
    return undefined;
  }
  const settings = tool.webSearch ?? {};
  const lost = (["maxUses", "allowedDomains", "contextSize", "userLocation"] as const).filter((key) => settings[key] !== undefined);
  if (lost.length > 0) reportDropped(exchange, path, lost.join(", "));
  return { googleSearch: present<JsonObject>({ excludeDomains: settings.blockedDomains }) };
}

function encodeToolConfig(choice: ToolChoice | undefined, tellsOwnCalls: boolean, exchange: Exchange): JsonObject {
  const functionCallingConfig = choice === undefined ? undefined : encodeToolChoice(choice, exchange);
  return present<JsonObject>({ functionCallingConfig, includeServerSideToolInvocations: tellsOwnCalls ? true : undefined });
}

const MODES = { auto: "AUTO", none: "NONE", required: "ANY" } as const;

export function encodeToolChoice(choice: ToolChoice, exchange: Exchange): JsonObject {
  const wireNames = (names: readonly string[]): readonly string[] => names.map((name) => exchange.names.toWire(name, namespaceOf(name, exchange)));
  switch (choice.mode) {
    case "tool":
      return { mode: "ANY", allowedFunctionNames: wireNames([choice.name]) };
    case "allowed":
      if (choice.allowedMode === "required") return { mode: "ANY", allowedFunctionNames: wireNames(choice.names) };
      return exchange.capabilities.validatedMode === false ? { mode: "AUTO" } : { mode: "VALIDATED", allowedFunctionNames: wireNames(choice.names) };
    case "validated":
      if (exchange.capabilities.validatedMode === false) return { mode: "AUTO" };
      return present<JsonObject>({ mode: "VALIDATED", allowedFunctionNames: choice.names && wireNames(choice.names) });
    default:
      return { mode: MODES[choice.mode] };
  }
}

/** A choice names a tool without its namespace. */
function namespaceOf(name: string, exchange: Exchange): string | undefined {
  const tool = exchange.request.tools.find((entry) => entry.name === name);
  return tool === undefined || tool.kind === "server" ? undefined : tool.namespace;
}
