// Tools that take free text. The endpoint knows functions only, so that they go out as functions of one text and their
// calls come back as what they were.
import { isJsonObject, type Frame, type Json, type JsonObject } from "@dragoman/core";
import type { EventRewriter } from "../../rewrite-reply.ts";

/** By its words a function of ours is known again. */
const PARAMETERS: JsonObject = { type: "object", properties: { input: { type: "string", description: "What the tool is given, as it stands." } }, required: ["input"], additionalProperties: false };
const WORDS = JSON.stringify(PARAMETERS);

export function customAsFunction({ name, description }: JsonObject): JsonObject {
  return { type: "function", ...(name !== undefined && { name }), ...(description !== undefined && { description }), parameters: PARAMETERS, strict: false };
}

/** Calls of such tools in the history, and their results. */
export function itemsAsFunctions(items: readonly Json[]): readonly Json[] {
  return items.map((item) => {
    if (!isJsonObject(item)) return item;
    const { id: _ofAnotherType, input, ...rest } = item;
    if (item.type === "custom_tool_call") return { ...rest, type: "function_call", arguments: JSON.stringify({ input: input ?? "" }) };
    return item.type === "custom_tool_call_output" ? { ...rest, type: "function_call_output" } : item;
  });
}

/** Names of the tools in a body that were made functions. */
export function customNames(body: string | Uint8Array): ReadonlySet<Json | undefined> {
  if (typeof body !== "string" || !body.includes(WORDS)) return new Set();
  const { tools } = JSON.parse(body) as JsonObject;
  const own = Array.isArray(tools) ? tools.filter(isJsonObject) : [];
  return new Set(own.filter(({ parameters }) => JSON.stringify(parameters) === WORDS).map(({ name }) => name));
}

/** Events in which calls of such tools are what clients know. Their input comes whole, with the item. */
export class CustomToolEvents implements EventRewriter {
  readonly #names: ReadonlySet<Json | undefined>;
  /** Ids of items whose arguments are not shown as they come. */
  readonly #items = new Set<Json | undefined>();

  constructor(names: ReadonlySet<Json | undefined>) {
    this.#names = names;
  }

  event({ data }: Frame): string | undefined {
    if (!data.includes("function_call")) return data;
    const event = JSON.parse(data) as JsonObject;
    if (isJsonObject(event.item) && this.#isCustom(event.item)) {
      this.#items.add(event.item.id);
      return JSON.stringify({ ...event, item: asCustom(event.item) });
    }
    if (this.#items.has(event.item_id)) return undefined;
    const { response } = event;
    if (!isJsonObject(response) || !Array.isArray(response.output)) return data;
    const output = response.output.map((item) => (isJsonObject(item) && this.#isCustom(item) ? asCustom(item) : item));
    return JSON.stringify({ ...event, response: { ...response, output } });
  }

  #isCustom({ type, name }: JsonObject): boolean {
    return type === "function_call" && this.#names.has(name);
  }
}

function asCustom({ arguments: text, id, ...rest }: JsonObject): JsonObject {
  return { ...rest, ...(typeof id === "string" && { id: id.replace(/^fc_/, "ctc_") }), type: "custom_tool_call", input: inputIn(text) };
}

/** What is no such object is taken for the text itself. */
function inputIn(text: Json | undefined): string {
  if (typeof text !== "string") return "";
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) && typeof value.input === "string" ? value.input : text;
  } catch {
    return text;
  }
}
