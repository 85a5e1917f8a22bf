import type { TakeNote } from "./findings.ts";
import { type ConfigPath, rememberPlace } from "./places.ts";
import type { Config } from "./schema/index.ts";
import type { ClaudeEntry, CompatibleEntry, KeyEntry, ModelEntry } from "./schema/provider-entry.ts";
import { pathText } from "./schema-view.ts";
import { tidyHeaders, tidyPatterns, withoutBlanks } from "./sanitise-lists.ts";

type KeyList = "claude-api-key" | "gemini-api-key" | "codex-api-key" | "xai-api-key" | "vertex-api-key";

/** Which entries of a list are the same one. Lists that are not here may hold the same key several times. */
const IDENTITY: Partial<Record<KeyList, (entry: KeyEntry) => readonly unknown[]>> = {
  "gemini-api-key": (entry) => [entry["api-key"], entry["base-url"], entry["proxy-url"], entry.prefix, Object.entries(entry.headers).toSorted()],
  "vertex-api-key": (entry) => [entry["api-key"], entry["base-url"]],
};

type Entries = Pick<Config, KeyList | "openai-compatibility">;

export function sanitiseEntries(config: Entries, note: TakeNote): Entries {
  return {
    "claude-api-key": keptKeys(config["claude-api-key"], "claude-api-key", note),
    "gemini-api-key": keptKeys(config["gemini-api-key"], "gemini-api-key", note),
    "codex-api-key": keptKeys(config["codex-api-key"], "codex-api-key", note),
    "xai-api-key": keptKeys(config["xai-api-key"], "xai-api-key", note),
    "vertex-api-key": keptKeys(config["vertex-api-key"], "vertex-api-key", note),
    "openai-compatibility": config["openai-compatibility"].flatMap((entry, index) => {
      const path = `openai-compatibility[${index}]`;
      if (entry["base-url"] !== "") return [rememberPlace(tidyCompatible(entry, ["openai-compatibility", index], note), ["openai-compatibility", index])];
      note("dropped", path, "has no base-url");
      return [];
    }),
  };
}

/** Keyed entries without a key cannot be used; repeated ones would count twice. */
function keptKeys<T extends KeyEntry | ClaudeEntry>(entries: readonly T[], list: KeyList, note: TakeNote): T[] {
  const identity = IDENTITY[list];
  const seen = new Set<string>();
  return entries.flatMap((raw, index) => {
    const path = `${list}[${index}]`;
    if (raw["api-key"] === "") {
      note("dropped", path, "has no api-key");
      return [];
    }
    const entry = tidyRouting(withoutBlanks(raw, ["base-url", "proxy-url"]), path, note);
    const id = JSON.stringify(identity?.(entry) ?? index);
    if (seen.has(id)) {
      note("dropped", path, "repeats an earlier entry");
      return [];
    }
    seen.add(id);
    const tidy = { ...entry, "excluded-models": tidyPatterns(entry["excluded-models"]) };
    return [rememberPlace(tidy["base-url"] === undefined ? tidy : { ...tidy, "base-url": withoutTrailingSlash(tidy["base-url"]) }, [list, index])];
  });
}

function tidyCompatible(entry: CompatibleEntry, place: ConfigPath, note: TakeNote): CompatibleEntry {
  const path = pathText(place);
  const seen = new Set<string>();
  const keys = entry["api-key-entries"].flatMap((raw, index) => {
    const key = withoutBlanks(raw, ["proxy-url"]);
    const where = `${path}.api-key-entries[${index}]`;
    const id = JSON.stringify([key["api-key"], key["proxy-url"]]);
    const reason = key["api-key"] === "" ? "has no api-key" : seen.has(id) ? "repeats an earlier entry" : undefined;
    seen.add(id);
    if (reason === undefined) return [rememberPlace(key, [...place, "api-key-entries", index])];
    note("dropped", where, reason);
    return [];
  });
  return { ...tidyRouting(entry, path, note), "base-url": withoutTrailingSlash(entry["base-url"]), "api-key-entries": keys };
}

type Routing = Pick<KeyEntry, "headers" | "models" | "prefix" | "request-retry">;

/** What all kinds of entries share. */
function tidyRouting<T extends Routing>(raw: T, path: string, note: TakeNote): T {
  const entry = withoutBlanks(raw, ["prefix", "request-retry"]);
  if (entry.prefix?.includes("/") === true) {
    note("dropped", `${path}.prefix`, "a prefix must not hold a slash");
    delete entry.prefix;
  }
  return { ...entry, headers: tidyHeaders(entry.headers), models: tidyModels(entry.models, path, note) };
}

function tidyModels(models: readonly ModelEntry[], path: string, note: TakeNote): ModelEntry[] {
  return models.flatMap((model, index) => {
    if (model.name !== "") return [model];
    if (model.alias !== "") return [{ ...model, name: model.alias }];
    note("dropped", `${path}.models[${index}]`, "has neither name nor alias");
    return [];
  });
}

/** Dialect paths are appended to it. */
function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
