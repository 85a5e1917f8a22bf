export type ConfigPath = readonly (string | number)[];

/** `claude-api-key[0].base-url` as its steps. */
export function parseConfigPath(text: string): ConfigPath {
  return text.split(/[.[\]]+/).filter((step) => step !== "").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** What has to go so that a credential is gone: the upstream's last key takes the upstream with it. */
export function removalOf(configPath: string, keysOfUpstream: number): ConfigPath {
  const path = parseConfigPath(configPath);
  return path.length > 2 && keysOfUpstream <= 1 ? path.slice(0, 2) : path;
}

/** Where a further entry of a list goes, and as what: a list that is not there yet is written whole. */
export function appendTo(tree: unknown, list: string, entry: unknown): { readonly path: ConfigPath; readonly value: unknown } {
  const before = typeof tree === "object" && tree !== null ? (tree as Readonly<Record<string, unknown>>)[list] : undefined;
  return Array.isArray(before) && before.length > 0 ? { path: [list, before.length], value: entry } : { path: [list], value: [entry] };
}
