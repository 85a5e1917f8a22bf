import { isJsonObject, type Frame, type Json, type JsonObject } from "@dragoman/core";
import type { EventRewriter } from "../../rewrite-reply.ts";

const ITEM_DONE = "response.output_item.done";
const ENDS = ["response.completed", "response.incomplete", "response.done"];

/**
 * The endpoint's events as the API would tell them: the last one holds the output, which the endpoint leaves empty, and
 * the time at which a used-up allowance comes back is told as a distance, so that no reader needs a clock.
 */
export class CodexEvents implements EventRewriter {
  readonly #now: () => number;
  readonly #items = new Map<number, JsonObject>();

  constructor(now: () => number) {
    this.#now = now;
  }

  event({ data }: Frame): string {
    if (data.includes(`"${ITEM_DONE}"`)) this.#keep(data);
    else if (ENDS.some((word) => data.includes(`"${word}"`))) return this.#ended(data);
    else if (data.includes('"resets_at"')) return this.#withDistance(data);
    return data;
  }

  #keep(data: string): void {
    const event = parse(data);
    if (event?.type !== ITEM_DONE || !isJsonObject(event.item)) return;
    this.#items.set(typeof event.output_index === "number" ? event.output_index : this.#items.size, event.item);
  }

  #ended(data: string): string {
    const event = parse(data);
    if (event === undefined || !ENDS.includes(String(event.type)) || !isJsonObject(event.response)) return data;
    const { output } = event.response;
    const isEmpty = !Array.isArray(output) || output.length === 0;
    if (!isEmpty || this.#items.size === 0) return data;
    const items: Json = [...this.#items].sort(([a], [b]) => a - b).map(([, item]) => item);
    return JSON.stringify({ ...event, response: { ...event.response, output: items } });
  }

  #withDistance(data: string): string {
    const event = parse(data);
    if (event === undefined) return data;
    if (isJsonObject(event.error)) return JSON.stringify({ ...event, error: this.#distant(event.error) });
    if (!isJsonObject(event.response) || !isJsonObject(event.response.error)) return data;
    return JSON.stringify({ ...event, response: { ...event.response, error: this.#distant(event.response.error) } });
  }

  #distant(error: JsonObject): JsonObject {
    const at = Number(error.resets_at) * 1000;
    return at > this.#now() ? { ...error, resets_in_seconds: (at - this.#now()) / 1000 } : error;
  }
}

function parse(data: string): JsonObject | undefined {
  try {
    const value = JSON.parse(data) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
