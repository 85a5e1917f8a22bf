import { isJsonObject, type JsonObject, type Usage } from "../../canonical/index.ts";
import type { GatewayError } from "../../errors/index.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamTap } from "../dialect.ts";
import { decodeEmbeddedError } from "./decode-error.ts";
import { readReasoning } from "./reasoning-fields.ts";
import { decodeUsage } from "./usage.ts";
import type { ChatChoice, ChatChunk } from "./wire.ts";

const DONE = "[DONE]";

/** Looks at chunks that pass by; only the first ones and those with a word worth reading are parsed. */
export class ChatStreamTap implements StreamTap {
  begun = false;
  ended = false;
  complete = false;
  usage: Usage | undefined;
  error: GatewayError | undefined;
  model: string | undefined;
  finishReason: string | undefined;

  push({ data }: Frame): void {
    if (data === DONE) this.complete = true;
    if (this.begun && !isWorthReading(data)) return;
    const chunk = parse(data);
    if (chunk !== undefined) this.#read(chunk);
  }

  skips(text: string): boolean {
    return this.begun && !text.includes(DONE) && !isWorthReading(text);
  }

  #read(body: JsonObject): void {
    const chunk = body as ChatChunk;
    if (chunk.error !== undefined && chunk.error !== null) {
      this.error = decodeEmbeddedError(body);
      return;
    }
    if (this.model === undefined && typeof chunk.model === "string" && chunk.model !== "") this.model = chunk.model;
    this.usage = decodeUsage(chunk.usage) ?? this.usage;
    if (!Array.isArray(chunk.choices)) return;
    for (const choice of chunk.choices as readonly ChatChoice[]) if (isJsonObject(choice)) this.#readChoice(choice);
  }

  #readChoice(choice: ChatChoice): void {
    if (typeof choice.finish_reason === "string" && choice.finish_reason !== "") {
      this.ended = true;
      this.begun = true;
      this.finishReason = choice.finish_reason;
    }
    this.begun ||= saysSomething(choice);
  }
}

/** A role and an empty string are only the handshake. */
function saysSomething(choice: ChatChoice): boolean {
  const delta = choice.delta ?? choice.message;
  if (delta === undefined || delta === null) return typeof (choice as JsonObject).text === "string" && (choice as JsonObject).text !== "";
  const spoken = (value: unknown): boolean => (typeof value === "string" || Array.isArray(value) ? value.length > 0 : isJsonObject(value));
  return spoken(delta.content) || spoken(delta.tool_calls) || spoken(delta.function_call) || spoken(delta.refusal) || spoken(delta.audio) || spoken(delta.images) || readReasoning(delta) !== undefined;
}

/** `null` is what stands there in all chunks but one. Keys in the text of an answer are escaped, so they do not match. */
function isWorthReading(data: string): boolean {
  return hasValue(data, '"finish_reason":') || hasValue(data, '"usage":') || data.startsWith('{"error"') || hasValue(data, '"error":');
}

function hasValue(data: string, key: string): boolean {
  for (let at = data.indexOf(key); at >= 0; at = data.indexOf(key, at)) {
    at += key.length;
    while (data.charCodeAt(at) === 32) at += 1;
    if (!data.startsWith("null", at)) return true;
  }
  return false;
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function tapResponse(body: JsonObject): { readonly usage: Usage | undefined; readonly model: string | undefined; readonly finishReason: string | undefined } {
  const chunk = body as ChatChunk;
  const finish = Array.isArray(chunk.choices) ? (chunk.choices as readonly ChatChoice[])[0]?.finish_reason : undefined;
  return {
    usage: decodeUsage(chunk.usage),
    model: typeof chunk.model === "string" ? chunk.model : undefined,
    finishReason: typeof finish === "string" ? finish : undefined,
  };
}
