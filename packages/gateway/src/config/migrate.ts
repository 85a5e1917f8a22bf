import type { ConfigProblem, TakeNote } from "./findings.ts";
import { type RawObject, asList, isRawObject } from "./raw.ts";

/** Old spelling and new one. The new one wins where a file has both. */
export const RENAMED_KEYS: readonly (readonly [from: string, to: string])[] = [
  ["allow-remote-management", "remote-management.allow-remote"],
  ["remote-management-key", "remote-management.secret-key"],
  ["gpt-5-codex", "force-gpt-5-codex"],
  ["routing.claude-code-session-affinity", "routing.session-affinity"],
  ["oauth-model-mappings", "oauth-model-alias"],
];

/** Old places whose contents go to new ones, for the documentation. */
export const FOLDED_KEYS: readonly (readonly [from: string, to: string])[] = [
  ["auth.providers", "api-keys"],
  ["generative-language-api-key", "gemini-api-key"],
  ["openai-compatibility[].api-keys", "openai-compatibility[].api-key-entries"],
];

/** Brings old spellings up to date, in place. The file itself is not touched. */
export function migrateLegacyKeys(root: RawObject, note: TakeNote): readonly ConfigProblem[] {
  for (const [from, to] of RENAMED_KEYS) {
    const value = take(root, from);
    if (value === undefined) continue;
    put(root, to, value);
    note("migrated", from, `is now called ${to}`);
  }
  foldGenerativeLanguageKeys(root, note);
  foldCompatibleKeys(root, note);
  return foldAuthProviders(root, note);
}

function take(root: RawObject, path: string): unknown {
  const [first = "", second] = path.split(".");
  const holder = second === undefined ? root : root[first];
  const key = second ?? first;
  if (!isRawObject(holder) || !Object.hasOwn(holder, key)) return undefined;
  const value = holder[key];
  delete holder[key];
  return value ?? undefined;
}

function put(root: RawObject, path: string, value: unknown): void {
  const [first = "", second] = path.split(".");
  if (second === undefined) root[first] ??= value;
  else {
    root[first] ??= {};
    if (isRawObject(root[first])) root[first][second] ??= value;
  }
}

function foldGenerativeLanguageKeys(root: RawObject, note: TakeNote): void {
  const keys = take(root, "generative-language-api-key");
  if (keys === undefined) return;
  root["gemini-api-key"] = withKeys(root["gemini-api-key"], keys);
  note("migrated", "generative-language-api-key", "its keys are now entries of gemini-api-key");
}

function foldCompatibleKeys(root: RawObject, note: TakeNote): void {
  asList(root["openai-compatibility"]).forEach((entry, index) => {
    if (!isRawObject(entry)) return;
    const keys = take(entry, "api-keys");
    if (keys === undefined) return;
    entry["api-key-entries"] = withKeys(entry["api-key-entries"], keys);
    note("migrated", `openai-compatibility[${index}].api-keys`, "its keys are now api-key-entries");
  });
}

/** The entries, and one more for each key that none of them has. */
function withKeys(entries: unknown, keys: unknown): unknown {
  const known = asList(entries);
  const present = new Set(known.map((entry) => (isRawObject(entry) ? entry["api-key"] : undefined)));
  return [...known, ...asList(keys).filter((key) => !present.has(key)).map((key) => ({ "api-key": key }))];
}

/** The block of old files. Only keys written into it are known: to skip another kind in silence could open the door. */
function foldAuthProviders(root: RawObject, note: TakeNote): readonly ConfigProblem[] {
  const auth = take(root, "auth");
  if (auth === undefined) return [];
  if (!isRawObject(auth)) return [{ path: "auth", message: "expected a mapping" }];
  const unknown = Object.keys(auth).find((key) => key !== "providers");
  if (unknown !== undefined) return [{ path: `auth.${unknown}`, message: "unknown key", suggestion: "providers" }];
  const providers = asList(auth["providers"]);
  const strange = providers.findIndex((provider) => !isRawObject(provider) || (provider["type"] ?? "config-api-key") !== "config-api-key");
  if (strange !== -1) return [{ path: `auth.providers[${strange}].type`, message: "only config-api-key is supported; move the keys to api-keys" }];
  const keys = providers.flatMap((provider) => (isRawObject(provider) ? asList(provider["api-keys"]) : []));
  if (asList(root["api-keys"]).length === 0 && keys.length > 0) root["api-keys"] = keys;
  note("migrated", "auth.providers", "its keys are now api-keys");
  return [];
}
