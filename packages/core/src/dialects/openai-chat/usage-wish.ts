import { isJsonObject, type JsonObject } from "../../canonical/index.ts";
import type { UsageWish } from "../dialect.ts";

/** `null` stands there in all chunks but the last. */
const USAGE = /"usage"\s*:\s*\{/;

/**
 * Streams tell their usage only when `stream_options.include_usage` says so, in a chunk of its own without choices, which
 * clients that did not ask stumble over. platform.openai.com/docs/api-reference/chat/create (read 2026-11)
 */
export const usageWish: UsageWish = {
  ask(body) {
    if (body.stream !== true) return undefined;
    const options: JsonObject = isJsonObject(body.stream_options) ? body.stream_options : {};
    return options.include_usage === true ? undefined : { stream_options: { ...options, include_usage: true } };
  },
  mayHold: (text) => USAGE.test(text),
  isAnswer({ data }) {
    const chunk = parsed(data);
    return chunk !== undefined && isJsonObject(chunk.usage) && Array.isArray(chunk.choices) && chunk.choices.length === 0;
  },
};

function parsed(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
