import { isJsonObject, parseArguments, type Json, type JsonObject, type Message, type Part, type ReasoningPart, type ToolCallPart } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { optionalArray, optionalString, readObject, readString } from "../../wire/read.ts";
import { cacheMark, decodeContent } from "./decode-parts.ts";
import { CHAT } from "./identity.ts";
import { readReasoning, thoughtSignature } from "./reasoning-fields.ts";

/** What the messages before tell about the one that is read. */
interface History {
  readonly context: DecodeContext;
  /** Calls in the spelling of 2023, which have no ids: answers name the function only. */
  readonly unnamedCalls: { readonly name: string; readonly callId: string }[];
}

export function decodeMessages(messages: readonly Json[], context: DecodeContext): Message[] {
  const history: History = { context, unnamedCalls: [] };
  return messages.map((value, index) => decodeMessage(value, index, history));
}

type Decoded = Pick<Message, "role" | "parts"> & Partial<Message>;

function decodeMessage(value: Json, index: number, history: History): Message {
  const path = `messages[${index}]`;
  const node = readObject(value, path);
  const role = readString(node.role, `${path}.role`);
  const decode = ROLE_DECODERS[role];
  if (decode === undefined) throw invalidRequest(`${path}.role`, `unknown role ${JSON.stringify(role)}; known are ${Object.keys(ROLE_DECODERS).join(", ")}`);
  const message = decode(node, path, history);
  const name = role === "function" ? undefined : optionalString(node, "name", path);
  return { ...message, parts: withCache(message.parts, node), ...(name !== undefined && { name }), wire: { dialect: CHAT, value: node }, path };
}

type RoleDecoder = (node: JsonObject, path: string, history: History) => Decoded;

const ROLE_DECODERS: Readonly<Record<string, RoleDecoder | undefined>> = {
  system: (node, path) => ({ role: "system", origin: "system", parts: spokenParts(node, path) }),
  developer: (node, path) => ({ role: "system", origin: "developer", parts: spokenParts(node, path) }),
  user: (node, path) => ({ role: "user", parts: spokenParts(node, path) }),
  assistant: decodeAssistant,
  tool: decodeToolResult,
  function: decodeFunctionResult,
};

/** A cache mark on the message itself stands for one on its last part. */
function withCache(parts: readonly Part[], node: JsonObject): readonly Part[] {
  const cache = cacheMark(node);
  const last = parts.at(-1);
  return cache === undefined || last === undefined ? parts : [...parts.slice(0, -1), { ...last, cache }];
}

/** Empty text is a part here: the message was meant to say nothing, and stays where it is. */
function spokenParts(node: JsonObject, path: string): Part[] {
  if (node.content === undefined || node.content === null) throw invalidRequest(`${path}.content`, "expected a string or a list of parts");
  return node.content === "" ? [{ kind: "text", text: "", path: `${path}.content` }] : decodeContent(node.content, `${path}.content`);
}

function decodeAssistant(node: JsonObject, path: string, history: History): Decoded {
  const parts: Part[] = [];
  const reasoning = decodeReasoning(node, path, history.context);
  if (reasoning !== undefined) parts.push(reasoning);
  parts.push(...decodeContent(node.content, `${path}.content`));
  const refusal = optionalString(node, "refusal", path);
  if (refusal !== undefined && refusal !== "") parts.push({ kind: "refusal", text: refusal, path: `${path}.refusal` });
  if (isJsonObject(node.audio)) parts.push({ kind: "audio", id: readString(node.audio.id, `${path}.audio.id`), path: `${path}.audio` });
  parts.push(...decodeCalls(node, path, history));
  return { role: "assistant", parts };
}

function decodeReasoning(node: JsonObject, path: string, context: DecodeContext): ReasoningPart | undefined {
  const fields = readReasoning(node);
  if (fields === undefined) return undefined;
  const { text } = fields;
  const seal = fields.seal && context.sealer.open(fields.seal.value, fields.seal.vendor, fields.seal.form);
  if (fields.seal !== undefined && seal === undefined) context.report({ code: "seal-not-accepted", path, action: "dropped", detail: "the sealed reasoning was altered, is too old or belongs to someone else" });
  if (text === "" && seal === undefined) return undefined;
  return {
    kind: "reasoning",
    text,
    textKind: text === "" ? "none" : "raw",
    path,
    ...(seal !== undefined && { seal: fields.seal === undefined ? seal : { ...fields.seal, ...seal } }),
    ...(seal?.form === "redacted" && { redacted: true }),
  };
}

function decodeCalls(node: JsonObject, path: string, history: History): ToolCallPart[] {
  const calls = (optionalArray(node, "tool_calls", path) ?? []).map((value, index) => decodeCall(value, `${path}.tool_calls[${index}]`, history.context));
  if (node.function_call === undefined || node.function_call === null) return calls;
  const callPath = `${path}.function_call`;
  const call = functionCall(readObject(node.function_call, callPath), callPath, `call_${/\d+/.exec(path)?.[0] ?? "0"}`);
  history.unnamedCalls.push(call);
  return [...calls, call];
}

function decodeCall(value: Json, path: string, context: DecodeContext): ToolCallPart {
  const node = readObject(value, path);
  const callId = optionalString(node, "id", path) ?? "";
  const call = isJsonObject(node.custom) ? customCall(node.custom, `${path}.custom`, callId) : functionCall(readObject(node.function, `${path}.function`), `${path}.function`, callId);
  const signature = thoughtSignature(node);
  if (signature === undefined) return { ...call, path };
  const seal = context.sealer.open(signature, "google", "thought-signature");
  if (seal === undefined) context.report({ code: "seal-not-accepted", path: `${path}.extra_content`, action: "dropped", detail: "the thought signature was altered, is too old or belongs to someone else" });
  return { ...call, path, ...(seal !== undefined && { seal }) };
}

function functionCall(node: JsonObject, path: string, callId: string): ToolCallPart {
  const argumentsText = isJsonObject(node.arguments) ? JSON.stringify(node.arguments) : (optionalString(node, "arguments", path) ?? "");
  const parsed = parseArguments(argumentsText);
  return {
    kind: "tool-call",
    callId,
    name: readString(node.name, `${path}.name`),
    variant: "function",
    argumentsText,
    ...(parsed !== undefined && { arguments: parsed }),
    complete: parsed !== undefined,
    path,
  };
}

function customCall(node: JsonObject, path: string, callId: string): ToolCallPart {
  return { kind: "tool-call", callId, name: readString(node.name, `${path}.name`), variant: "custom", argumentsText: optionalString(node, "input", path) ?? "", complete: true, path };
}

function decodeToolResult(node: JsonObject, path: string): Decoded {
  const name = optionalString(node, "name", path);
  return result(node, path, optionalString(node, "tool_call_id", path) ?? "", name);
}

/** `role: function` answers the oldest open call of that name. */
function decodeFunctionResult(node: JsonObject, path: string, history: History): Decoded {
  const name = readString(node.name, `${path}.name`);
  const at = history.unnamedCalls.findIndex((call) => call.name === name);
  const [call] = at < 0 ? [] : history.unnamedCalls.splice(at, 1);
  return result(node, path, call?.callId ?? "", name);
}

 
function result(node: JsonObject, path: string, callId: string, name: string | undefined): Decoded {
  const content = decodeContent(node.content, `${path}.content`);
  return { role: "user", parts: [{ kind: "tool-result", callId, variant: "function", content, path, ...(name !== undefined && { name }) }] };
}
