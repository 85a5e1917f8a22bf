import type { CustomTool, FunctionTool, GenerateRequest, Json, JsonObject, MutableJsonObject, ServerTool, Tool, ToolChoice } from "../../canonical/index.ts";
import { unsupportedParameter } from "./caller-path.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanStructuredOutput } from "../../schema/index.ts";
import { encodeCacheMark } from "./encode-blocks.ts";
import { present } from "../../wire/present.ts";
import { renamedSchema } from "./property-names.ts";
import { wireOf } from "./wire.ts";

export interface WireTools {
  readonly tools: readonly MutableJsonObject[];
  readonly toolChoice?: MutableJsonObject;
}

/** Declarations and choice. Neither is sent empty; a choice without tools is refused. */
export function encodeTools(request: GenerateRequest, exchange: Exchange): WireTools {
  const allowed = request.toolChoice?.mode === "allowed" || request.toolChoice?.mode === "validated" ? request.toolChoice.names : undefined;
  const declared = allowed === undefined ? request.tools : onlyAllowed(request.tools, allowed, exchange);
  const tools = unique(declared.map((tool) => encodeTool(tool, exchange)).filter((tool) => tool !== undefined), exchange);
  if (tools.length === 0) {
    const forced = request.toolChoice?.mode === "tool" || request.toolChoice?.mode === "required";
    if (forced && request.tools.length > 0) throw unsupportedParameter("tool_choice", "the tool that must be called has no form at this model");
    const recalled = declarationsFromHistory(request, exchange);
    return recalled.length === 0 ? { tools } : { tools: recalled, toolChoice: { type: "none" } };
  }
  return present<WireTools>({ tools, toolChoice: encodeToolChoice(request, exchange, tools) });
}

export function encodeTool(tool: Tool, exchange: Exchange): MutableJsonObject | undefined {
  const own = wireOf(tool);
  const wire = own ?? encodeForeignTool(tool, exchange);
  return wire === undefined || own !== undefined || tool.cache === undefined ? wire : { ...wire, cache_control: encodeCacheMark(tool.cache) };
}

function encodeForeignTool(tool: Tool, exchange: Exchange): MutableJsonObject | undefined {
  switch (tool.kind) {
    case "function":
      return encodeFunctionTool(tool, exchange);
    case "custom":
      return encodeCustomTool(tool, exchange);
    case "server":
      return encodeServerTool(tool, exchange);
  }
}

function encodeFunctionTool(tool: FunctionTool, exchange: Exchange): MutableJsonObject {
  const path = tool.path ?? tool.name;
  const onLoss = (keyword: string, at: string) => exchange.report({ code: "schema-keyword", path: `${path}${at === "" ? "" : `: ${at}`}`, action: "converted", detail: keyword });
  const { capabilities } = exchange;
  const schema = renamedSchema(tool, exchange, onLoss).schema;
  const wantsStrict = tool.strict === true && (capabilities.strictTools ?? capabilities.basicAnthropic !== true);
  const strictSchema = wantsStrict ? cleanStructuredOutput(schema, onLoss) : undefined;
  if (tool.strict === true && strictSchema === undefined) {
    exchange.report({ code: "strict-tool", path, action: "dropped", detail: "the model does not check this tool's calls against its schema" });
  }
  return present<MutableJsonObject>({
    name: exchange.names.toWire(tool.name, tool.namespace),
    description: tool.description,
    input_schema: strictSchema ?? schema,
    strict: strictSchema === undefined ? undefined : true,
    defer_loading: capabilities.basicAnthropic === true ? undefined : tool.deferLoading,
  });
}

/** Free text as the only member of an object; a grammar can only be described. */
function encodeCustomTool(tool: CustomTool, exchange: Exchange): MutableJsonObject {
  const grammar = tool.grammar;
  if (grammar !== undefined) exchange.report({ code: "tool-grammar", path: tool.path ?? tool.name, action: "converted", detail: "the grammar became part of the description" });
  const hint = grammar === undefined ? undefined : `The input must follow this ${grammar.syntax} grammar:\n${grammar.definition}`;
  const description = [tool.description, hint].filter((line) => line !== undefined).join("\n\n");
  return present<MutableJsonObject>({
    name: exchange.names.toWire(tool.name, tool.namespace),
    description: description === "" ? undefined : description,
    input_schema: { type: "object", properties: { input: { type: "string", description: "The whole input of the tool, as plain text." } }, required: ["input"] },
  });
}

type ServerToolEncoder = (tool: ServerTool, exchange: Exchange) => MutableJsonObject;

/** The oldest version of each tool: compatible servers know it, and nothing that another dialect can say needs a newer one. */
const SERVER_TOOLS: Partial<Readonly<Record<ServerTool["family"], ServerToolEncoder>>> = {
  "web-search": encodeWebSearch,
  "web-fetch": () => ({ type: "web_fetch_20250910", name: "web_fetch" }),
  "code-execution": () => ({ type: "code_execution_20250825", name: "code_execution" }),
};

function encodeServerTool(tool: ServerTool, exchange: Exchange): MutableJsonObject | undefined {
  // A search that may only look at what is stored must not become a live one.
  const encoder = tool.config.external_web_access === false ? undefined : SERVER_TOOLS[tool.family];
  if (encoder !== undefined) return encoder(tool, exchange);
  const isForced = exchange.request.toolChoice?.mode === "tool" && exchange.request.toolChoice.name === tool.name;
  if (isForced) throw unsupportedParameter(tool.path ?? "tools", `the model has no tool like ${tool.type}`);
  exchange.report({ code: "server-tool", path: tool.path ?? tool.name, action: "dropped", detail: `the model has no tool like ${tool.type}` });
  return undefined;
}

function encodeWebSearch(tool: ServerTool, exchange: Exchange): MutableJsonObject {
  const settings = tool.webSearch ?? {};
  const allowed = filled(settings.allowedDomains);
  const blocked = allowed === undefined ? filled(settings.blockedDomains) : undefined;
  const report = (what: string) => exchange.report({ code: "web-search-setting", path: tool.path ?? tool.name, action: "dropped", detail: what });
  if (allowed !== undefined && filled(settings.blockedDomains) !== undefined) report("blocked domains beside allowed ones");
  if (settings.contextSize !== undefined) report("context size");
  const location = settings.userLocation;
  return present<MutableJsonObject>({
    type: "web_search_20250305",
    name: "web_search",
    max_uses: settings.maxUses,
    allowed_domains: allowed,
    blocked_domains: blocked,
    user_location: location === undefined ? undefined : present<MutableJsonObject>({ type: "approximate", ...location }),
  });
}

function filled(domains: readonly string[] | undefined): readonly string[] | undefined {
  return domains === undefined || domains.length === 0 ? undefined : domains;
}

function onlyAllowed(tools: readonly Tool[], names: readonly string[], exchange: Exchange): readonly Tool[] {
  const kept = tools.filter((tool) => names.includes(tool.name));
  if (kept.length < tools.length) {
    exchange.report({ code: "allowed-tools", path: "tool_choice", action: "converted", detail: "only the allowed tools are declared, which changes the cached prefix" });
  }
  return kept;
}

/** Two tools that came to the same name: the first one stays. */
function unique(tools: readonly MutableJsonObject[], exchange: Exchange): readonly MutableJsonObject[] {
  const seen = new Set<Json | undefined>();
  return tools.filter((tool) => {
    if (tool.name === undefined || !seen.has(tool.name)) return seen.add(tool.name) !== undefined;
    exchange.report({ code: "duplicate-tool", path: String(tool.name), action: "dropped" });
    return false;
  });
}

/** The API refuses tool blocks in a conversation without tools, so what history calls is declared, and forbidden. */
function declarationsFromHistory(request: GenerateRequest, exchange: Exchange): readonly MutableJsonObject[] {
  const names = new Set<string>();
  for (const message of request.messages) {
    for (const part of message.parts) if (part.kind === "tool-call") names.add(exchange.names.toWire(part.name, part.namespace));
  }
  if (names.size > 0) exchange.report({ code: "undeclared-tools", path: "tools", action: "synthesised", detail: "tools that history calls are declared without their schemas" });
  return [...names].map((name) => ({ name, input_schema: { type: "object", properties: {} } }));
}

function encodeToolChoice(request: GenerateRequest, exchange: Exchange, tools: readonly JsonObject[]): MutableJsonObject | undefined {
  const choice = encodeChoice(request.toolChoice, exchange, tools);
  if (request.parallelToolCalls !== false || choice?.type === "none") return choice;
  return { ...(choice ?? { type: "auto" }), disable_parallel_tool_use: true };
}

function encodeChoice(choice: ToolChoice | undefined, exchange: Exchange, tools: readonly JsonObject[]): MutableJsonObject | undefined {
  switch (choice?.mode) {
    case undefined:
      return undefined;
    case "auto":
    case "validated":
      return { type: "auto" };
    case "none":
      return { type: "none" };
    case "required":
      return { type: "any" };
    case "allowed":
      return { type: choice.allowedMode === "required" ? "any" : "auto" };
    case "tool": {
      const server = exchange.request.tools.find((tool) => tool.kind === "server" && tool.name === choice.name);
      const encoded = server === undefined ? undefined : encodeTool(server, exchange);
      const namespace = namespaceOf(choice.name, exchange);
      const name = encoded?.name ?? exchange.names.toWire(choice.name, namespace);
      if (!tools.some((tool) => tool.name === name)) throw unsupportedParameter("tool_choice", `there is no tool ${choice.name}`);
      return { type: "tool", name };
    }
  }
}

function namespaceOf(name: string, exchange: Exchange): string | undefined {
  const tool = exchange.request.tools.find((entry) => entry.name === name);
  return tool === undefined || tool.kind === "server" ? undefined : tool.namespace;
}
