import { isJsonObject, parseArguments, type Json, type JsonObject, type MutableJsonObject, type Part, type ServerToolCallPart, type ServerToolResultPart, type ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { encodeCitation } from "./citations.ts";
import { present } from "../../wire/present.ts";
import { text } from "./loose-values.ts";
import { wireOf } from "./wire.ts";

/** Blocks of parts that are told whole, in an answer to a client. What has no form here is reported. */
export function encodeReplyPart(part: Part, exchange: Exchange): MutableJsonObject | undefined {
  const own = wireOf(part);
  if (own !== undefined) return own;
  switch (part.kind) {
    case "text":
      return present({ type: "text", text: part.text, citations: encodeCitations(part) });
    case "refusal":
      return { type: "text", text: part.text };
    case "audio":
      return part.transcript === undefined ? dropped(part, exchange) : { type: "text", text: part.transcript };
    case "server-tool-call":
      return encodeServerCall(part, exchange);
    case "server-tool-result":
      return part.family === "web-search" ? encodeSearchResult(part) : dropped(part, exchange);
    case "opaque":
      return part.fallbackText === undefined ? dropped(part, exchange) : { type: "text", text: part.fallbackText };
    default:
      return dropped(part, exchange);
  }
}

function dropped(part: Part, exchange: Exchange): undefined {
  exchange.report({ code: "unsupported-part", path: "content", action: "dropped", detail: `${part.kind} has no form in an answer of this dialect` });
  return undefined;
}

/** Absent where there are none, as the API leaves it; a `null` is refused by some clients (@ai-sdk/anthropic 3, seen 2026-11). */
function encodeCitations(part: Extract<Part, { kind: "text" }>): Json | undefined {
  const citations = (part.citations ?? []).map(encodeCitation).filter((citation) => citation !== undefined);
  return citations.length === 0 ? undefined : citations;
}

export function encodeReplyCall(call: ToolCallPart, wireId: string): MutableJsonObject {
  const own = wireOf(call);
  return present<MutableJsonObject>({ ...own, type: "tool_use", id: wireId, name: call.name, input: own?.input ?? replyInput(call), caller: call.caller });
}

/** The client wants an object. What is no object is delivered as received, under a name that shows it. */
function replyInput(call: ToolCallPart): JsonObject {
  if (call.variant === "custom") return { input: call.argumentsText };
  return call.arguments ?? parseArguments(call.argumentsText) ?? { _raw: call.argumentsText };
}

/** Clients tell server calls by this prefix. */
const SERVER_CALL_PREFIX = "srvtoolu_";

function serverCallId(callId: string): string {
  return callId.startsWith(SERVER_CALL_PREFIX) ? callId : `${SERVER_CALL_PREFIX}${callId.replace(/[^A-Za-z0-9_]/g, "_")}`;
}

function encodeServerCall(part: ServerToolCallPart, exchange: Exchange): MutableJsonObject | undefined {
  if (part.family !== "web-search") return dropped(part, exchange);
  const input = isJsonObject(part.input) ? part.input : {};
  const query = text(input.query) ?? (Array.isArray(input.queries) ? text((input.queries as readonly Json[])[0]) : undefined) ?? "";
  return { type: "server_tool_use", id: serverCallId(part.callId), name: "web_search", input: { query } };
}

/** Addresses and titles. The vendor's proof of each result (`encrypted_content`) cannot be made by anyone else. */
function encodeSearchResult(part: ServerToolResultPart): MutableJsonObject {
  const content = part.error === undefined ? searchResults(part.result) : { type: "web_search_tool_result_error", error_code: "unavailable" };
  return { type: "web_search_tool_result", tool_use_id: serverCallId(part.callId), content };
}

function searchResults(result: Json | undefined): readonly JsonObject[] {
  const entries = Array.isArray(result) ? (result as readonly Json[]) : [];
  return entries.filter(isJsonObject).flatMap((entry) => {
    const url = text(entry.url);
    if (url === undefined) return [];
    return [{ type: "web_search_result", url, title: text(entry.title) ?? url, encrypted_content: "", page_age: null }];
  });
}
