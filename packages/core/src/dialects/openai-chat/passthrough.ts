import { isJsonObject, type GenerateRequest, type Json, type JsonObject } from "../../canonical/index.ts";
import type { PassthroughEdits, WireInput } from "../dialect.ts";
import { CHAT_PATH } from "./encode-request.ts";
import { thoughtSignature } from "./reasoning-fields.ts";

/**
 * Where a body goes that passes byte for byte. Only the model's name is changed, where the upstream calls it otherwise.
 * Usage is not asked for on the client's behalf: the chunk would reach a client that does not expect it.
 */
export function passthroughRequest(_input: WireInput, request: GenerateRequest, upstreamModel: string): { readonly path: string; readonly headers: { readonly [name: string]: string }; readonly edits: PassthroughEdits } {
  return { path: CHAT_PATH, headers: {}, edits: upstreamModel === request.model ? {} : { model: upstreamModel } };
}

/** The body without doomed thought signatures and sealed reasoning details; the same object when there is none. */
export function withoutSeals(body: JsonObject, doomed: (value: string) => boolean): JsonObject {
  if (!Array.isArray(body.messages)) return body;
  const before = body.messages as readonly Json[];
  const after = before.map((message) => (isJsonObject(message) ? cleanMessage(message, doomed) : message));
  return after.some((message, index) => message !== before[index]) ? { ...body, messages: after } : body;
}

function cleanMessage(message: JsonObject, doomed: (value: string) => boolean): JsonObject {
  const calls = cleanList(message.tool_calls, (call) => {
    const signature = thoughtSignature(call);
    if (signature === undefined || !doomed(signature)) return call;
    const { extra_content: _doomed, ...rest } = call;
    return rest;
  });
  const details = cleanList(message.reasoning_details, (detail) => {
    const sealed = [detail.signature, detail.data].some((value) => typeof value === "string" && doomed(value));
    return sealed ? undefined : detail;
  });
  if (calls === message.tool_calls && details === message.reasoning_details) return message;
  return { ...message, ...(calls !== undefined && { tool_calls: calls }), ...(details !== undefined && { reasoning_details: details }) };
}

/** The same list when nothing in it changed. */
function cleanList(value: Json | undefined, clean: (item: JsonObject) => JsonObject | undefined): Json | undefined {
  if (!Array.isArray(value)) return value;
  const before = value as readonly Json[];
  const after = before.map((item) => (isJsonObject(item) ? clean(item) : item));
  return after.some((item, index) => item !== before[index]) ? after.filter((item) => item !== undefined) : value;
}
