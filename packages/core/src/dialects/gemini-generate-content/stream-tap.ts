import { isJsonObject, type JsonObject, type Usage } from "../../canonical/index.ts";
import type { GatewayError } from "../../errors/index.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamTap } from "../dialect.ts";
import { decodeStreamError } from "./decode-error.ts";
import { listAt, stringAt } from "./members.ts";
import { toCamelCase } from "./spelling.ts";
import { unwrap } from "./stream-decoder.ts";
import { decodeUsage } from "./usage.ts";

export function createStreamTap(): StreamTap {
  return new ReplyTap();
}

const ENDS = ['"finishReason"', '"finish_reason"', '"blockReason"', '"block_reason"'];
const SPEAKS = ['"parts"', ...ENDS];
const COUNTS = ['"usageMetadata"', '"usage_metadata"'];

/** Keys inside strings have escaped quotes, so a word in quotes is a key; only frames that may end a stream are parsed. */
class ReplyTap implements StreamTap {
  begun = false;
  ended = false;
  error: GatewayError | undefined;
  finishReason: string | undefined;
  /** The last frame that counts tokens; read only when somebody asks. */
  #counting: string | undefined;
  #first: string | undefined;

  get complete(): boolean {
    return this.ended;
  }

  push(frame: Frame): void {
    const { data } = frame;
    this.#first ??= data;
    if (!this.begun) this.begun = holdsAny(data, SPEAKS);
    if (holdsAny(data, COUNTS)) this.#counting = data;
    if (holdsAny(data, ENDS) || data.includes('"error"')) this.#look(data);
  }

  get usage(): Usage | undefined {
    const metadata = replyOf(this.#counting)?.usageMetadata;
    return isJsonObject(metadata) ? decodeUsage(metadata) : undefined;
  }

  get model(): string | undefined {
    const reply = replyOf(this.#counting) ?? replyOf(this.#first);
    return reply && stringAt(reply, "modelVersion");
  }

  #look(data: string): void {
    const reply = replyOf(data);
    if (reply === undefined) return;
    // No date can stand in a stream's error, so the clock does not matter.
    if (reply.error !== undefined && reply.error !== null) this.error ??= decodeStreamError(reply, 0);
    const finishReason = finishReasonOf(reply);
    if (finishReason === undefined) return;
    this.ended = true;
    this.finishReason = finishReason;
  }
}

function holdsAny(data: string, words: readonly string[]): boolean {
  for (const word of words) if (data.includes(word)) return true;
  return false;
}

function replyOf(data: string | undefined): JsonObject | undefined {
  if (data === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? toCamelCase(unwrap(value)) : undefined;
  } catch {
    return undefined;
  }
}

function finishReasonOf(reply: JsonObject): string | undefined {
  for (const candidate of listAt(reply, "candidates")) {
    const reason = isJsonObject(candidate) ? stringAt(candidate, "finishReason") : undefined;
    if (reason !== undefined) return reason;
  }
  return isJsonObject(reply.promptFeedback) ? stringAt(reply.promptFeedback, "blockReason") : undefined;
}

/** What accounting wants of a whole body that passes through. */
export function tapResponse(body: JsonObject): { readonly usage: Usage | undefined; readonly model: string | undefined; readonly finishReason: string | undefined } {
  const reply = toCamelCase(unwrap(body));
  return {
    usage: isJsonObject(reply.usageMetadata) ? decodeUsage(reply.usageMetadata) : undefined,
    model: stringAt(reply, "modelVersion"),
    finishReason: finishReasonOf(reply),
  };
}
