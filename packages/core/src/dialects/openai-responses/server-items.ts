// Items of tools that OpenAI itself ran, as canonical server tool parts and back.
import {
  isJsonObject, parseArguments, type Json, type JsonObject, type Part, type ServerToolCallPart, type ServerToolFamily, type ServerToolResultPart,
} from "../../canonical/index.ts";
import { ownWire } from "./dialect-id.ts";

interface ServerItem {
  readonly family: ServerToolFamily;
  readonly name: string;
  input(item: JsonObject): Json | undefined;
  result(item: JsonObject): Json | undefined;
}

function searchInput(item: JsonObject): Json | undefined {
  if (!isJsonObject(item.action)) return undefined;
  const { sources: _sources, ...action } = item.action;
  return action;
}

/** Results in the shape that the searching vendors share: address and title. */
function searchResult(item: JsonObject): Json | undefined {
  const sources = isJsonObject(item.action) && Array.isArray(item.action.sources) ? item.action.sources : [];
  return sources.filter(isJsonObject).map((source) => ({ type: "web_search_result", url: source.url ?? "", title: source.title ?? source.url ?? "" }));
}

const SERVER_ITEMS: ReadonlyMap<string, ServerItem> = new Map(Object.entries<ServerItem>({
  web_search_call: { family: "web-search", name: "web_search", input: searchInput, result: searchResult },
  file_search_call: { family: "file-search", name: "file_search", input: (item) => ({ queries: item.queries ?? [] }), result: (item) => item.results ?? undefined },
  code_interpreter_call: {
    family: "code-execution",
    name: "code_interpreter",
    input: (item) => ({ code: item.code ?? "" }),
    result: (item) => item.outputs ?? undefined,
  },
  mcp_call: {
    family: "mcp",
    name: "mcp",
    input: (item) => (typeof item.arguments === "string" ? parseArguments(item.arguments) : undefined),
    result: (item) => item.output ?? undefined,
  },
  tool_search_call: { family: "tool-search", name: "tool_search", input: (item) => item.arguments, result: () => undefined },
}));

/** The parts of an item that a vendor's tool left behind, or `undefined` when it is none. The call carries the whole item. */
export function decodeServerItem(item: JsonObject): readonly Part[] | undefined {
  const row = typeof item.type === "string" ? SERVER_ITEMS.get(item.type) : undefined;
  if (row === undefined) return undefined;
  const callId = typeof item.id === "string" ? item.id : "";
  const input = row.input(item);
  const result = row.result(item);
  const call: ServerToolCallPart = {
    kind: "server-tool-call",
    callId,
    family: row.family,
    name: typeof item.name === "string" ? item.name : row.name,
    ...(input !== undefined && { input }),
    ...(typeof item.status === "string" && { status: item.status }),
    wire: ownWire(item),
  };
  const error = typeof item.error === "string" ? item.error : undefined;
  if (result === undefined && error === undefined) return [call];
  return [call, { kind: "server-tool-result", callId, family: row.family, ...(result !== undefined && { result }), ...(error !== undefined && { error }) }];
}

function sourcesOf(result: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(result)) return [];
  return (result as readonly Json[]).filter(isJsonObject).flatMap((entry) => (typeof entry.url === "string" ? [{ type: "url", url: entry.url }] : []));
}

function queryOf(input: Json | undefined): string {
  if (!isJsonObject(input)) return "";
  if (typeof input.query === "string") return input.query;
  return Array.isArray(input.queries) && typeof input.queries[0] === "string" ? input.queries[0] : "";
}

function codeOf(input: Json | undefined): string {
  if (typeof input === "string") return input;
  return isJsonObject(input) && typeof input.code === "string" ? input.code : "";
}

/** What another vendor's server tool looks like here; `undefined` when there is no such item. `status` and `id` are the caller's. */
export function encodeServerItem(call: ServerToolCallPart, result: ServerToolResultPart | undefined): JsonObject | undefined {
  switch (call.family) {
    case "web-search": {
      const query = queryOf(call.input);
      return { type: "web_search_call", action: { type: "search", query, queries: [query], sources: sourcesOf(result?.result) } };
    }
    case "web-fetch":
      return { type: "web_search_call", action: { type: "open_page", url: isJsonObject(call.input) && typeof call.input.url === "string" ? call.input.url : null } };
    case "code-execution":
      return { type: "code_interpreter_call", code: codeOf(call.input), container_id: "", outputs: outputsOf(result) };
    case "mcp":
      return { type: "mcp_call", name: call.name, server_label: "", arguments: JSON.stringify(call.input ?? {}), output: textOf(result?.result), error: result?.error ?? null };
    default:
      return undefined;
  }
}

function textOf(value: Json | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function outputsOf(result: ServerToolResultPart | undefined): Json {
  const logs = textOf(result?.result) ?? result?.error;
  return logs === undefined ? null : [{ type: "logs", logs }];
}

/** Item-id prefix of a server item, as OpenAI gives them. */
export const SERVER_ID_PREFIX: Readonly<Record<string, string>> = {
  web_search_call: "ws_",
  code_interpreter_call: "ci_",
  mcp_call: "mcp_",
};
