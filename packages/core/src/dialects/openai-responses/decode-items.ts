import {
  isJsonObject, parseArguments, type CompactionPart, type Json, type JsonObject, type Message, type Part, type ToolCallPart, type ToolResultPart,
} from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { join, readObject, readString } from "../../wire/read.ts";
import { clientToolOfCall, clientToolOfOutput, type ClientTool } from "./client-tools.ts";
import { decodeContent } from "./content-parts.ts";
import { DIALECT, ownWire, VENDOR } from "./dialect-id.ts";
import { decodeReasoningItem } from "./reasoning-item.ts";
import { decodeServerItem } from "./server-items.ts";

/** What the items of one input know of each other. */
export interface ItemScope {
  readonly context: DecodeContext;
  /** Names of the calls so far; results do not repeat them. */
  readonly callNames: Map<string, string>;
  /** Local shell outputs name the call's item, not the call. */
  readonly callOfItem: Map<string, string>;
  readonly references: string[];
}

type Decoded = Omit<Message, "wire" | "path">;
type ItemDecoder = (item: JsonObject, path: string, scope: ItemScope) => Decoded;

const SYSTEM_ROLES = new Set(["system", "developer"]);

const decodeMessage: ItemDecoder = (item, path) => {
  const role = readString(item.role, join(path, "role"));
  const parts = decodeContent(item.content, join(path, "content"));
  const head = {
    parts,
    ...(typeof item.id === "string" && { id: item.id }),
    ...(typeof item.status === "string" && { status: item.status }),
    ...((typeof item.phase === "string" || item.phase === null) && { phase: item.phase }),
  };
  if (SYSTEM_ROLES.has(role)) return { role: "system", origin: role as "system" | "developer", ...head };
  if (role === "user" || role === "assistant") return { role, ...head };
  throw invalidRequest(join(path, "role"), `unknown role "${role}"`);
};

const decodeReasoning: ItemDecoder = (item, path, { context }) => {
  const value = item.encrypted_content;
  const sealed = typeof value === "string" && value !== "" ? value : undefined;
  const seal = sealed === undefined ? undefined : context.sealer.open(sealed, VENDOR, "encrypted-content");
  if (sealed !== undefined && seal === undefined) {
    context.report({ code: "unreadable-seal", path: join(path, "encrypted_content"), action: "dropped", detail: "the envelope was altered, has expired or is another tenant's" });
  }
  return { role: "assistant", parts: [{ ...decodeReasoningItem(item, seal), path }] };
};

function callPart(item: JsonObject, path: string, scope: ItemScope): Pick<ToolCallPart, "kind" | "callId" | "itemId" | "complete" | "path" | "caller"> {
  const callId = readString(item.call_id ?? item.id, join(path, "call_id"));
  if (typeof item.id === "string") scope.callOfItem.set(item.id, callId);
  return {
    kind: "tool-call",
    callId,
    ...(typeof item.id === "string" && item.id !== "" && { itemId: item.id }),
    complete: item.status !== "incomplete",
    ...(item.caller !== undefined && item.caller !== null && { caller: item.caller }),
    path,
  };
}

const decodeFunctionCall: ItemDecoder = (item, path, scope) => {
  const head = callPart(item, path, scope);
  const name = readString(item.name, join(path, "name"));
  const argumentsText = typeof item.arguments === "string" ? item.arguments : JSON.stringify(item.arguments ?? {});
  const parsed = parseArguments(argumentsText);
  scope.callNames.set(head.callId, name);
  return {
    role: "assistant",
    parts: [{ ...head, name, ...(typeof item.namespace === "string" && { namespace: item.namespace }), variant: "function", argumentsText, ...(parsed !== undefined && { arguments: parsed }) }],
  };
};

const decodeCustomCall: ItemDecoder = (item, path, scope) => {
  const head = callPart(item, path, scope);
  const name = readString(item.name, join(path, "name"));
  scope.callNames.set(head.callId, name);
  return {
    role: "assistant",
    parts: [{ ...head, name, ...(typeof item.namespace === "string" && { namespace: item.namespace }), variant: "custom", argumentsText: typeof item.input === "string" ? item.input : "" }],
  };
};

function decodeResult(variant: ToolResultPart["variant"]): ItemDecoder {
  return (item, path, scope) => {
    const callId = readString(item.call_id, join(path, "call_id"));
    const name = scope.callNames.get(callId);
    return {
      role: "user",
      parts: [{ kind: "tool-result", callId, ...(name !== undefined && { name }), variant, content: decodeContent(item.output, join(path, "output")), path }],
    };
  };
}

function decodeClientCall(tool: ClientTool, item: JsonObject, path: string, scope: ItemScope): Decoded {
  const head = callPart(item, path, scope);
  const args = tool.argumentsOf(item);
  scope.callNames.set(head.callId, tool.name);
  return { role: "assistant", parts: [{ ...head, name: tool.name, variant: "function", argumentsText: JSON.stringify(args), arguments: args }] };
}

function clientResultContent(output: Json | undefined, path: string): readonly Part[] {
  if (isJsonObject(output)) return decodeContent([output], path);
  if (Array.isArray(output)) return [{ kind: "text", text: JSON.stringify(output), path }];
  return decodeContent(output, path);
}

function decodeClientResult(tool: ClientTool, item: JsonObject, path: string, scope: ItemScope): Decoded {
  const named = readString(item.call_id ?? item.id, join(path, "call_id"));
  const content = clientResultContent(item.output, join(path, "output"));
  const part: ToolResultPart = {
    kind: "tool-result",
    callId: scope.callOfItem.get(named) ?? named,
    name: tool.name,
    variant: "function",
    ...(item.status === "failed" && { isError: true }),
    content,
    path,
  };
  return { role: "user", parts: [part] };
}

/** A digest that the gateway made itself travels in an envelope of vendor `other` whose value is the text. */
const decodeCompaction: ItemDecoder = (item, path, { context }) => {
  const encrypted = typeof item.encrypted_content === "string" ? item.encrypted_content : "";
  const seal = context.sealer.isEnvelope(encrypted) ? context.sealer.open(encrypted, VENDOR, "encrypted-content") : undefined;
  const part: CompactionPart = {
    kind: "compaction",
    vendor: seal?.vendor ?? VENDOR,
    ...(typeof item.id === "string" && { id: item.id }),
    encrypted: seal?.value ?? encrypted,
    ...(seal?.vendor === "other" && { text: seal.value }),
    path,
  };
  return { role: "user", parts: [part] };
};

const decodeReference: ItemDecoder = (item, path, scope) => {
  scope.references.push(readString(item.id, join(path, "id")));
  return { role: "user", parts: [{ kind: "opaque", dialect: DIALECT, type: "item_reference", value: item, path }] };
};

const decodeImageCall: ItemDecoder = (item, path, scope) => {
  if (typeof item.result !== "string" || item.result === "") return decodeOpaque("assistant")(item, path, scope);
  return { role: "assistant", parts: [{ kind: "image", source: { type: "base64", mimeType: "image/png", data: item.result }, wire: ownWire(item), path }] };
};

function decodeOpaque(role: "user" | "assistant"): ItemDecoder {
  return (item, path) => ({ role, parts: [{ kind: "opaque", dialect: DIALECT, type: typeof item.type === "string" ? item.type : "", value: item, path }] });
}

const DECODERS: ReadonlyMap<string, ItemDecoder> = new Map(Object.entries<ItemDecoder>({
  message: decodeMessage,
  reasoning: decodeReasoning,
  function_call: decodeFunctionCall,
  custom_tool_call: decodeCustomCall,
  function_call_output: decodeResult("function"),
  custom_tool_call_output: decodeResult("custom"),
  compaction: decodeCompaction,
  item_reference: decodeReference,
  image_generation_call: decodeImageCall,
  mcp_list_tools: decodeOpaque("assistant"),
  mcp_approval_request: decodeOpaque("assistant"),
  program: decodeOpaque("assistant"),
}));

/** The type may be left out of messages and references. */
function typeOf(item: JsonObject): string {
  if (typeof item.type === "string") return item.type;
  if (item.role !== undefined) return "message";
  return typeof item.id === "string" ? "item_reference" : "";
}

function decodeByType(item: JsonObject, path: string, scope: ItemScope): Decoded {
  const type = typeOf(item);
  const decoder = DECODERS.get(type);
  if (decoder !== undefined) return decoder(item, path, scope);
  const called = clientToolOfCall(type);
  if (called !== undefined) return decodeClientCall(called, item, path, scope);
  const answered = clientToolOfOutput(type);
  if (answered !== undefined) return decodeClientResult(answered, item, path, scope);
  const served = decodeServerItem(item);
  if (served !== undefined) return { role: "assistant", parts: served.map((part) => ({ ...part, path })) };
  return decodeOpaque("user")(item, path, scope);
}

/** One message for each item; who merges them into turns is `arrangeConversation`. */
export function decodeInputItem(value: Json, path: string, scope: ItemScope): Message {
  const item = readObject(value, path);
  return { ...decodeByType(item, path, scope), wire: ownWire(item), path };
}
