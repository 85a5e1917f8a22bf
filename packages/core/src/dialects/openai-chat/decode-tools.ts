import { isJsonObject, type CustomTool, type FunctionTool, type Json, type JsonObject, type ServerTool, type ServerToolFamily, type Tool, type ToolChoice } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import { optionalArray, optionalBoolean, optionalObject, optionalString, readArray, readObject, readString } from "../../wire/read.ts";
import { cacheMark } from "./decode-parts.ts";
import { CHAT } from "./identity.ts";

/** `tools`, the `functions` of 2023, and the search that is a parameter rather than a tool. */
export function decodeTools(body: JsonObject): Tool[] {
  const tools: Tool[] = (optionalArray(body, "tools", "") ?? []).map((value, index) => decodeTool(value, `tools[${index}]`));
  for (const [index, value] of (optionalArray(body, "functions", "") ?? []).entries()) tools.push(functionTool(readObject(value, `functions[${index}]`), `functions[${index}]`));
  const search = optionalObject(body, "web_search_options", "");
  if (search !== undefined) tools.push(webSearch(search));
  return tools;
}

function decodeTool(value: Json, path: string): Tool {
  const node = readObject(value, path);
  const type = optionalString(node, "type", path) ?? "function";
  const tool = type === "function" ? functionTool(readObject(node.function, `${path}.function`), `${path}.function`)
    : type === "custom" ? customTool(readObject(node.custom, `${path}.custom`), `${path}.custom`)
      : serverTool(node, type);
  const cache = cacheMark(node);
  return { ...tool, path, wire: { dialect: CHAT, value: node }, ...(cache !== undefined && { cache }) };
}

function functionTool(node: JsonObject, path: string): FunctionTool {
  const description = optionalString(node, "description", path);
  const strict = node.strict === null ? null : optionalBoolean(node, "strict", path);
  return {
    kind: "function",
    name: readString(node.name, `${path}.name`),
    schema: node.parameters ?? { type: "object", properties: {} },
    path,
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

function customTool(node: JsonObject, path: string): CustomTool {
  const description = optionalString(node, "description", path);
  const grammar = isJsonObject(node.format) && isJsonObject(node.format.grammar) ? node.format.grammar : undefined;
  const at = `${path}.format.grammar`;
  return {
    kind: "custom",
    name: readString(node.name, `${path}.name`),
    ...(description !== undefined && { description }),
    ...(grammar !== undefined && { grammar: { syntax: readString(grammar.syntax, `${at}.syntax`), definition: readString(grammar.definition, `${at}.definition`) } }),
  };
}

/** Tools of compatible servers that run them themselves. */
const FAMILIES: Readonly<Record<string, ServerToolFamily>> = { web_search: "web-search", web_search_preview: "web-search", code_interpreter: "code-execution", mcp: "mcp" };

function serverTool(node: JsonObject, type: string): ServerTool {
  const { type: _type, ...config } = node;
  return { kind: "server", family: FAMILIES[type] ?? "other", name: typeof node.name === "string" ? node.name : type, type, config };
}

function webSearch(node: JsonObject): ServerTool {
  const contextSize = optionalString(node, "search_context_size", "web_search_options");
  const location = isJsonObject(node.user_location) && isJsonObject(node.user_location.approximate) ? node.user_location.approximate : undefined;
  const place: Record<string, string> = {};
  for (const key of ["city", "region", "country", "timezone"]) {
    const value = location?.[key];
    if (typeof value === "string") place[key] = value;
  }
  return {
    kind: "server",
    family: "web-search",
    name: "web_search",
    type: "web_search_options",
    webSearch: { ...(contextSize !== undefined && { contextSize }), ...(location !== undefined && { userLocation: place }) },
    config: node,
    path: "web_search_options",
  };
}

export function decodeToolChoice(body: JsonObject): ToolChoice | undefined {
  const choice = body.tool_choice ?? body.function_call;
  if (choice === undefined || choice === null) return undefined;
  const path = body.tool_choice === undefined || body.tool_choice === null ? "function_call" : "tool_choice";
  if (choice === "auto" || choice === "none" || choice === "required") return { mode: choice };
  // Mistral and older vLLM say `any`.
  if (choice === "any") return { mode: "required" };
  if (typeof choice === "string") throw invalidRequest(path, `unknown value ${JSON.stringify(choice)}`);
  const node = readObject(choice, path);
  if (isJsonObject(node.allowed_tools)) return allowedTools(node.allowed_tools, `${path}.allowed_tools`);
  if (isJsonObject(node.custom)) return { mode: "tool", variant: "custom", name: readString(node.custom.name, `${path}.custom.name`) };
  const target = isJsonObject(node.function) ? node.function : node;
  if (typeof target.name !== "string" && typeof node.type === "string" && node.type !== "function") return { mode: "tool", variant: "server", name: node.type };
  return { mode: "tool", variant: "function", name: readString(target.name, isJsonObject(node.function) ? `${path}.function.name` : `${path}.name`) };
}

function allowedTools(node: JsonObject, path: string): ToolChoice {
  const names = readArray(node.tools, `${path}.tools`).map((value, index) => {
    const at = `${path}.tools[${index}]`;
    const tool = readObject(value, at);
    const named = isJsonObject(tool.function) ? tool.function : isJsonObject(tool.custom) ? tool.custom : tool;
    return readString(named.name, `${at}.name`);
  });
  return { mode: "allowed", allowedMode: node.mode === "required" ? "required" : "auto", names };
}
