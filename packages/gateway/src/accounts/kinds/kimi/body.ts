import { capabilitiesOf, isJsonObject, type Json, type JsonObject, type Provider } from "@dragoman/core";

const NAMES: Readonly<Record<string, string>> = { "kimi-k2.7-code": "kimi-for-coding", "kimi-k2.7-code-highspeed": "kimi-for-coding-highspeed" };

/** What the vendor calls a model: `kimi-k2.6[1m]` → `k2.6`. */
export function upstreamName(model: string): string {
  const plain = model.replace(/\[1m\]$/i, "");
  return NAMES[plain.toLowerCase()] ?? plain.replace(/^kimi-/i, "");
}

/** Whether a request makes the model think: it does so by itself unless told not to. */
export function thinksIn(body: JsonObject, model: string, provider: Provider): boolean {
  if (isJsonObject(body.thinking)) return body.thinking.type !== "disabled";
  return capabilitiesOf(provider, model).reasoning?.supported !== false;
}

/** In place of thoughts that nobody kept. */
const NO_THOUGHTS = "[reasoning unavailable]";

/**
 * The vendor refuses tool results without the id of their call, calls of a thinking model without thoughts, and empty
 * messages (seen 2026-08). Clients that came from elsewhere send all three.
 */
export function mendMessages(body: JsonObject, thinks: boolean): JsonObject {
  if (!Array.isArray(body.messages)) return body;
  const open: { readonly id: string; readonly name: Json | undefined }[] = [];
  const messages = (body.messages as readonly Json[]).flatMap((message): Json[] => {
    if (!isJsonObject(message)) return [message];
    if (message.role === "tool") return [linked(message, open)];
    if (message.role !== "assistant") return [message];
    const calls = callsOf(message);
    for (const call of calls) if (typeof call.id === "string") open.push({ id: call.id, name: isJsonObject(call.function) ? call.function.name : undefined });
    if (calls.length === 0) return isEmpty(message.content) ? [] : [message];
    return [thinks && isEmpty(message.reasoning_content) ? { ...message, reasoning_content: NO_THOUGHTS } : message];
  });
  return { ...body, messages };
}

/** With the id of the call it answers: the first open one of its name, else the first open one. */
function linked(message: JsonObject, open: { readonly id: string; readonly name: Json | undefined }[]): JsonObject {
  const given = message.tool_call_id;
  const known = typeof given === "string" && given !== "";
  const byName = open.findIndex(({ id, name }) => (known ? id === given : message.name !== undefined && name === message.name));
  const at = byName === -1 && !known ? 0 : byName;
  const call = open[at];
  if (call !== undefined) open.splice(at, 1);
  return known || call === undefined ? message : { ...message, tool_call_id: call.id };
}

function callsOf({ tool_calls }: JsonObject): readonly JsonObject[] {
  return Array.isArray(tool_calls) ? tool_calls.filter(isJsonObject) : [];
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
