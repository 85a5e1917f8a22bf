import { isJsonObject, type FunctionTool, type Json, type JsonObject, type ServerTool, type Tool, type ToolChoice, type WebSearchSettings } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import { join, optionalArray, optionalBoolean, optionalObject, optionalString, readObject, readString } from "../../wire/read.ts";
import { clientTool } from "./client-tool-schemas.ts";
import { decodeCacheMark } from "./decode-blocks.ts";
import { present } from "../../wire/present.ts";
import { number, text } from "./loose-values.ts";
import { familyOf } from "./server-families.ts";
import { ownWire } from "./wire.ts";

export function decodeTools(body: JsonObject): readonly Tool[] {
  return (optionalArray(body, "tools", "") ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`));
}

export function decodeTool(value: Json | undefined, path: string): Tool {
  const tool = readObject(value, path);
  const type = optionalString(tool, "type", path);
  if (type === undefined || type === "custom") return decodeFunctionTool(tool, path);
  const known = clientTool(type);
  if (known === undefined) return decodeServerTool(tool, type, path);
  return present<FunctionTool>({
    kind: "function",
    name: readString(tool.name, join(path, "name")),
    ...known,
    ...common(tool, path),
  });
}

function common(tool: JsonObject, path: string): Pick<FunctionTool, "wire" | "path" | "cache"> {
  return present({ wire: ownWire(tool), path, cache: decodeCacheMark(tool.cache_control) });
}

function decodeFunctionTool(tool: JsonObject, path: string): FunctionTool {
  return present<FunctionTool>({
    kind: "function",
    name: readString(tool.name, join(path, "name")),
    description: optionalString(tool, "description", path),
    schema: tool.input_schema,
    strict: tool.strict === null ? null : optionalBoolean(tool, "strict", path),
    deferLoading: optionalBoolean(tool, "defer_loading", path),
    ...common(tool, path),
  });
}

function decodeServerTool(tool: JsonObject, type: string, path: string): ServerTool {
  const { type: _type, name: _name, cache_control: _cache, ...config } = tool;
  const family = familyOf(type);
  return present<ServerTool>({
    kind: "server",
    family,
    name: text(tool.name) ?? text(tool.mcp_server_name) ?? type,
    type,
    webSearch: family === "web-search" ? decodeWebSearch(tool) : undefined,
    config,
    ...common(tool, path),
  });
}

function decodeWebSearch(tool: JsonObject): WebSearchSettings {
  const location = isJsonObject(tool.user_location) ? tool.user_location : undefined;
  return present<WebSearchSettings>({
    maxUses: number(tool.max_uses),
    allowedDomains: strings(tool.allowed_domains),
    blockedDomains: strings(tool.blocked_domains),
    userLocation: location === undefined ? undefined : present({
      city: text(location.city), region: text(location.region), country: text(location.country), timezone: text(location.timezone),
    }),
  });
}

function strings(value: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list = (value as readonly Json[]).filter((entry) => typeof entry === "string");
  return list.length === 0 ? undefined : list;
}

export interface DecodedToolChoice {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

export function decodeToolChoice(body: JsonObject, tools: readonly Tool[]): DecodedToolChoice {
  const choice = optionalObject(body, "tool_choice", "");
  if (choice === undefined) return {};
  const disabled = optionalBoolean(choice, "disable_parallel_tool_use", "tool_choice");
  return present<DecodedToolChoice>({ toolChoice: decodeChoice(choice, tools), parallelToolCalls: disabled === undefined ? undefined : !disabled });
}

function decodeChoice(choice: JsonObject, tools: readonly Tool[]): ToolChoice {
  switch (choice.type) {
    case "auto":
    case "none":
      return { mode: choice.type };
    case "any":
      return { mode: "required" };
    case "tool": {
      const name = readString(choice.name, "tool_choice.name");
      const isServer = tools.some((tool) => tool.kind === "server" && tool.name === name);
      return { mode: "tool", name, variant: isServer ? "server" : "function" };
    }
    default:
      throw invalidRequest("tool_choice.type", `unknown choice ${JSON.stringify(choice.type ?? null)}`);
  }
}

/** A block by which a system message changes the tools, and where it stood. */
export interface ToolChange {
  readonly block: JsonObject;
  readonly path: string;
}

/**
 * System messages may add and remove tools in mid-conversation. For a vendor that does not know of this, the list as
 * it stands at the end is what counts.
 */
export function applyToolChanges(declared: readonly Tool[], changes: readonly ToolChange[]): readonly Tool[] {
  let effective = declared;
  for (const { block, path } of changes) {
    const tool = isJsonObject(block.tool) ? block.tool : {};
    const definition = isJsonObject(tool.definition) ? tool.definition : undefined;
    const name = definition?.name ?? tool.name ?? tool.server_name;
    const others = effective.filter((entry) => entry.name !== name);
    if (block.type === "tool_removal") effective = others;
    else if (definition !== undefined) effective = [...others, withoutWire(decodeTool(definition, join(path, "tool.definition")))];
    else effective = [...others, ...declared.filter((entry) => entry.name === name)];
  }
  return effective;
}

/** A tool that was defined inside a message has no place of its own in the list to be written back to. */
function withoutWire(tool: Tool): Tool {
  const { wire: _wire, ...rest } = tool;
  return rest;
}
