/** What a test says of one upstream. */
export interface EntryOptions {
  readonly origin: string;
  readonly keys: readonly string[];
  /** `{ name, alias, … }` as in the configuration. */
  readonly models: readonly Record<string, unknown>[];
  /** Further members of the entry, e.g. `priority`. */
  readonly extra?: Record<string, unknown>;
}

type Section = Record<string, readonly Record<string, unknown>[]>;

const keyed = (section: string, basePath: string) => ({ origin, keys, models, extra }: EntryOptions): Section => ({
  [section]: keys.map((key) => ({ "api-key": key, "base-url": origin + basePath, models, ...extra })),
});

/** How the configuration writes an upstream of each dialect. */
const SECTIONS: Readonly<Record<string, (options: EntryOptions) => Section>> = {
  "anthropic-messages": keyed("claude-api-key", ""),
  "gemini-generate-content": keyed("gemini-api-key", ""),
  "openai-responses": keyed("codex-api-key", "/v1"),
  "openai-chat": ({ origin, keys, models, extra }) => ({
    "openai-compatibility": [{ name: "simulated", "base-url": `${origin}/v1`, "api-key-entries": keys.map((key) => ({ "api-key": key })), models, ...extra }],
  }),
};

/** The part of a configuration that names an upstream of a dialect. */
export function entriesOf(dialect: string, options: EntryOptions): Section {
  const write = SECTIONS[dialect];
  if (write === undefined) throw new Error(`no section for ${dialect}`);
  return write(options);
}

/** Several parts as one; entries of the same section follow each other. */
export function joined(...sections: readonly Section[]): Section {
  const all: Record<string, Record<string, unknown>[]> = {};
  for (const section of sections) for (const [name, entries] of Object.entries(section)) (all[name] ??= []).push(...entries);
  return all;
}
