// A client sends the same tools with every turn. Cleaning forty of them takes milliseconds, looking them up a tenth of one.
import type { Json } from "../canonical/index.ts";
import type { SchemaLoss } from "./hints.ts";
import { refuseDepth } from "./refuse-depth.ts";

export type Cleaner<Cleaned> = (schema: Json | undefined, onLoss: SchemaLoss) => Cleaned;

interface Memory<Cleaned> {
  readonly cleaned: Cleaned;
  readonly losses: readonly (readonly [keyword: string, path: string])[];
}

/** Characters of schemas, for each cleaner: some thousand tools. */
const MAX_REMEMBERED_LENGTH = 2_000_000;

/** A schema larger than this is cleaned anew each time. */
const MAX_SCHEMA_LENGTH = 100_000;

/**
 * The same function, but the same schema is cleaned once. What it returns is frozen, since many requests share it; the
 * losses are told each time. The least recently used schemas are forgotten first.
 */
export function rememberCleaned<Cleaned>(clean: Cleaner<Cleaned>): Cleaner<Cleaned> {
  const memories = new Map<string, Memory<Cleaned>>();
  let length = 0;

  const keep = (text: string, memory: Memory<Cleaned>): void => {
    memories.set(text, memory);
    length += text.length;
    for (const oldest of memories.keys()) {
      if (length <= MAX_REMEMBERED_LENGTH) return;
      memories.delete(oldest);
      length -= oldest.length;
    }
  };

  return (schema, onLoss) => {
    const text = JSON.stringify(schema) ?? "";
    const known = memories.get(text);
    const memory = known ?? cleanAndListen(clean, schema);
    if (known !== undefined) {
      memories.delete(text);
      memories.set(text, known);
    } else if (text.length <= MAX_SCHEMA_LENGTH) {
      keep(text, memory);
    }
    for (const [keyword, path] of memory.losses) onLoss(keyword, path);
    return memory.cleaned;
  };
}

function cleanAndListen<Cleaned>(clean: Cleaner<Cleaned>, schema: Json | undefined): Memory<Cleaned> {
  refuseDepth(schema);
  const losses: [string, string][] = [];
  // A copy: parts of the caller's schema may be in the result, and that is going to be frozen.
  const cleaned = clean(structuredClone(schema), (keyword, path) => void losses.push([keyword, path]));
  return { cleaned: freeze(cleaned), losses };
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}
