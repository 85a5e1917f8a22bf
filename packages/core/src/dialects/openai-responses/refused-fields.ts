import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";

/** A mark on content parts, wherever they stand. */
const BREAKPOINT = "prompt_cache_breakpoint";

function withoutKey(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((entry) => withoutKey(entry, key) as Json);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key).map(([name, inner]) => [name, name === "content" || name === "output" ? withoutKey(inner, key) : inner]));
}

function without(body: JsonObject, path: readonly string[]): JsonObject {
  const [key = "", ...rest] = path;
  const { [key]: value, ...others } = body;
  if (value === undefined) return body;
  if (rest.length === 0) return others;
  return isJsonObject(value) ? { ...body, [key]: without(value, rest) } : body;
}

function has(body: JsonObject, path: readonly string[]): boolean {
  let node: Json | undefined = body;
  for (const key of path) node = isJsonObject(node) ? node[key] : undefined;
  return node !== undefined;
}

/** Some backends of this dialect refuse fields that OpenAI's platform takes. Paths may be dotted: `reasoning.summary`. */
export function withoutRefusedFields(body: MutableJsonObject, exchange: Exchange): JsonObject {
  const { refusedFields, streamOnly } = exchange.capabilities;
  let result: JsonObject = streamOnly === true && body.stream !== true ? { ...body, stream: true } : body;
  for (const field of refusedFields ?? []) {
    if (field === BREAKPOINT) {
      if (JSON.stringify(result.input ?? null).includes(`"${BREAKPOINT}":`)) {
        exchange.report({ code: "unsupported-parameter", path: field, action: "dropped" });
        result = { ...result, input: withoutKey(result.input, BREAKPOINT) };
      }
      continue;
    }
    const path = field.split(".");
    if (!has(result, path)) continue;
    exchange.report({ code: "unsupported-parameter", path: field, action: "dropped" });
    result = without(result, path);
  }
  return result;
}
