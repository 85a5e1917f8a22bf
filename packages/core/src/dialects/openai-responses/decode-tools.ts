import {
  isJsonObject, type CustomTool, type FunctionTool, type Json, type JsonObject, type ServerTool, type ServerToolFamily, type Tool, type ToolChoice, type WebSearchSettings,
} from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { join, optionalString, readArray, readObject, readString } from "../../wire/read.ts";
import { clientToolOf, type ClientTool } from "./client-tools.ts";
import { ownWire } from "./dialect-id.ts";

/** Where a tool stands: children of a namespace share the source node of the namespace. */
interface Place {
  readonly path: string;
  readonly source: JsonObject;
  readonly namespace?: string;
}

function decodeFunction(tool: JsonObject, place: Place): FunctionTool {
  const description = optionalString(tool, "description", place.path);
  return {
    kind: "function",
    name: readString(tool.name, join(place.path, "name")),
    ...(place.namespace !== undefined && { namespace: place.namespace }),
    ...(description !== undefined && { description }),
    ...(tool.parameters !== undefined && tool.parameters !== null && { schema: tool.parameters }),
    ...((typeof tool.strict === "boolean" || tool.strict === null) && { strict: tool.strict }),
    ...(typeof tool.defer_loading === "boolean" && { deferLoading: tool.defer_loading }),
    wire: ownWire(place.source),
    path: place.path,
  };
}

function decodeCustom(tool: JsonObject, place: Place): CustomTool {
  const description = optionalString(tool, "description", place.path);
  const format = isJsonObject(tool.format) ? tool.format : {};
  return {
    kind: "custom",
    name: readString(tool.name, join(place.path, "name")),
    ...(place.namespace !== undefined && { namespace: place.namespace }),
    ...(description !== undefined && { description }),
    ...(typeof format.definition === "string" && { grammar: { syntax: typeof format.syntax === "string" ? format.syntax : "", definition: format.definition } }),
    wire: ownWire(place.source),
    path: place.path,
  };
}

function decodeClientTool(row: ClientTool, place: Place): FunctionTool {
  return { kind: "function", name: row.name, description: row.description, schema: row.schema, wire: ownWire(place.source), path: place.path };
}

const FAMILIES: readonly (readonly [prefix: string, family: ServerToolFamily])[] = [
  ["web_search", "web-search"],
  ["file_search", "file-search"],
  ["code_interpreter", "code-execution"],
  ["image_generation", "image-generation"],
  ["mcp", "mcp"],
  ["shell", "shell"],
  ["tool_search", "tool-search"],
];

/** A search that may only look into the vendor's cache must not become a live one elsewhere. */
function familyOf(tool: JsonObject, type: string): ServerToolFamily {
  const family = FAMILIES.find(([prefix]) => type.startsWith(prefix))?.[1] ?? "other";
  return family === "web-search" && tool.external_web_access === false ? "other" : family;
}

function texts(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]).filter((entry) => typeof entry === "string") : undefined;
}

function webSearchSettings(tool: JsonObject): WebSearchSettings {
  const filters = isJsonObject(tool.filters) ? tool.filters : {};
  const location = isJsonObject(tool.user_location) ? tool.user_location : {};
  const allowedDomains = texts(filters.allowed_domains);
  const blockedDomains = texts(filters.blocked_domains);
  const places = Object.fromEntries(["city", "region", "country", "timezone"].flatMap((key) => (typeof location[key] === "string" ? [[key, location[key]]] : [])));
  return {
    ...(allowedDomains !== undefined && { allowedDomains }),
    ...(blockedDomains !== undefined && { blockedDomains }),
    ...(typeof tool.search_context_size === "string" && { contextSize: tool.search_context_size }),
    ...(Object.keys(places).length > 0 && { userLocation: places }),
  };
}

function decodeServer(tool: JsonObject, type: string, place: Place): ServerTool {
  const family = familyOf(tool, type);
  const { type: _type, ...config } = tool;
  return {
    kind: "server",
    family,
    name: family === "mcp" && typeof tool.server_label === "string" ? tool.server_label : type,
    type,
    ...(family === "web-search" && { webSearch: webSearchSettings(tool) }),
    config,
    wire: ownWire(place.source),
    path: place.path,
  };
}

function decodeTool(tool: JsonObject, place: Place): readonly Tool[] {
  const type = readString(tool.type, join(place.path, "type"));
  if (type === "function") return [decodeFunction(tool, place)];
  if (type === "custom") return [decodeCustom(tool, place)];
  if (type === "namespace" && Array.isArray(tool.tools) && tool.tools.length > 0) return decodeNamespace(tool, tool.tools as readonly Json[], place);
  const row = clientToolOf(tool);
  return [row === undefined ? decodeServer(tool, type, place) : decodeClientTool(row, place)];
}

function decodeNamespace(tool: JsonObject, children: readonly Json[], place: Place): readonly Tool[] {
  const namespace = readString(tool.name, join(place.path, "name"));
  return children.flatMap((child, index) => {
    const path = `${place.path}.tools[${index}]`;
    return decodeTool(readObject(child, path), { path, source: place.source, namespace });
  });
}

export function decodeTools(list: readonly Json[], path: string): readonly Tool[] {
  return list.flatMap((value, index) => {
    const place = `${path}[${index}]`;
    const source = readObject(value, place);
    return decodeTool(source, { path: place, source });
  });
}

const identity = (tool: Tool): string => (tool.kind === "server" ? `${tool.type}\u0000${tool.name}` : `${tool.namespace ?? ""}\u0000${tool.name}`);

/** Tools that items of the input bring along. Their source node is the item, which is written where it stood. */
export function decodeItemTools(item: JsonObject, path: string, known: readonly Tool[], context: DecodeContext): readonly Tool[] {
  if (!Array.isArray(item.tools)) return [];
  const taken = new Set(known.map(identity));
  return decodeTools(readArray(item.tools, `${path}.tools`), `${path}.tools`).flatMap((tool) => {
    if (taken.has(identity(tool))) {
      context.report({ code: "duplicate-tool", path: tool.path ?? path, action: "dropped", detail: `"${tool.name}" is declared already` });
      return [];
    }
    taken.add(identity(tool));
    return [{ ...tool, wire: ownWire(item) }];
  });
}

export const ITEMS_WITH_TOOLS: ReadonlySet<string> = new Set(["additional_tools", "tool_search_output"]);

function namesOf(tools: Json | undefined, path: string): readonly string[] {
  return readArray(tools, path).map((entry, index) => {
    const tool = readObject(entry, `${path}[${index}]`);
    return readString(tool.name ?? tool.server_label ?? tool.type, `${path}[${index}].name`);
  });
}

const MODES = new Set(["auto", "none", "required"]);

export function decodeToolChoice(value: Json | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") {
    if (!MODES.has(value)) throw invalidRequest("tool_choice", `unknown mode "${value}"`);
    return { mode: value as "auto" | "none" | "required" };
  }
  const choice = readObject(value, "tool_choice");
  const type = readString(choice.type, "tool_choice.type");
  if (type === "function" || type === "custom") return { mode: "tool", name: readString(choice.name, "tool_choice.name"), variant: type };
  if (type === "allowed_tools") {
    return { mode: "allowed", allowedMode: choice.mode === "required" ? "required" : "auto", names: namesOf(choice.tools, "tool_choice.tools") };
  }
  const row = clientToolOf(choice);
  if (row !== undefined) return { mode: "tool", name: row.name, variant: "function" };
  return { mode: "tool", name: type === "mcp" && typeof choice.server_label === "string" ? choice.server_label : type, variant: "server" };
}
