import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/**
 * What was said on one socket, so that a client may send only what is new. The upstream is asked with the whole each
 * time, since it may be another one, or one that keeps nothing.
 */
export class ResponsesTranscript {
  #settings: JsonObject = {};
  #items: readonly Json[] = [];
  #lastId: string | undefined;

  get isEmpty(): boolean {
    return this.#lastId === undefined && this.#items.length === 0;
  }

  /** Whether the client goes on from the last answer of this socket. */
  follows(previousId: Json | undefined): boolean {
    return typeof previousId === "string" && previousId === this.#lastId;
  }

  /** @returns the whole request that a frame stands for */
  next(frame: JsonObject, continues: boolean): JsonObject {
    const { type: _type, input, previous_response_id: _previous, ...settings } = frame;
    const given = itemsOf(input);
    // A client that sends its own record of what the model said starts anew with it.
    const isWhole = !continues || given.some(wasSaidByModel);
    const items = isWhole ? given : withoutDoubles([...this.#items, ...given]);
    const inherited = continues ? inheritable(this.#settings) : {};
    this.#settings = { ...inherited, ...settings };
    this.#items = items;
    return { ...this.#settings, stream: true, input: [...items] };
  }

  /** The answer is whole. */
  answered(response: JsonObject): void {
    this.#items = withoutDoubles([...this.#items, ...itemsOf(response.output)]);
    this.#lastId = typeof response.id === "string" ? response.id : undefined;
  }
}

/** What a later frame need not say again. */
function inheritable({ model, instructions, tools }: JsonObject): JsonObject {
  return { ...(model !== undefined && { model }), ...(instructions !== undefined && { instructions }), ...(tools !== undefined && { tools }) };
}

function itemsOf(input: Json | undefined): readonly Json[] {
  if (Array.isArray(input)) return input as readonly Json[];
  return typeof input === "string" ? [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }] : [];
}

const MODEL_ITEMS: ReadonlySet<Json> = new Set(["function_call", "custom_tool_call", "local_shell_call", "reasoning"]);

function wasSaidByModel(item: Json): boolean {
  return isJsonObject(item) && (item.role === "assistant" || MODEL_ITEMS.has(item.type ?? ""));
}

/** The first of each item with the same id, or of the same type and call. */
function withoutDoubles(items: readonly Json[]): readonly Json[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const name = isJsonObject(item) ? nameOf(item) : undefined;
    if (name === undefined) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function nameOf({ id, type, call_id: callId }: JsonObject): string | undefined {
  if (typeof id === "string" && id !== "") return `id ${id}`;
  return typeof callId === "string" && typeof type === "string" ? `${type} ${callId}` : undefined;
}
