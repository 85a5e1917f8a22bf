import type { JsonObject } from "@dragoman/core";

/** One list of upstreams of the configuration, and what is peculiar to it. */
export interface EntryKind {
  readonly list: string;
  /** By which an entry is found and without which it is none. */
  readonly keyField: "api-key" | "name";
  /** An entry in which it is blank is dropped from a PUT, and removed by a PATCH. */
  readonly vital: "api-key" | "base-url";
  /** Text of a PUT's refusal when an entry lacks what is vital; absent: such entries are dropped. */
  readonly vitalMissing?: string;
  /** `match` is compared as it comes, blanks at its ends included. */
  readonly exactMatch?: true;
  /** DELETE of an unknown key is 404; otherwise it is fine. */
  readonly deleteUnknown?: 404;
  /** Fields that tell entries apart: of equal ones, the first is kept. */
  readonly identity?: readonly string[];
  /** What GET shows even when it is empty. */
  readonly shown: Readonly<Record<string, "" | "list">>;
  readonly selectorsMissing: string;
}

const keyed = { keyField: "api-key", vital: "api-key", selectorsMissing: "missing api-key or index" } as const;
const withAddress = { "api-key": "", "base-url": "", "proxy-url": "" } as const;

/**
 * CLIProxyAPI drops codex entries without an address, although its own documentation lists some; they are kept here.
 */
export const ENTRY_KINDS: readonly EntryKind[] = [
  { ...keyed, list: "gemini-api-key", deleteUnknown: 404, identity: ["api-key", "base-url", "proxy-url", "prefix", "headers"], shown: { "api-key": "", "proxy-url": "" } },
  { ...keyed, list: "codex-api-key", exactMatch: true, shown: withAddress },
  { ...keyed, list: "claude-api-key", exactMatch: true, shown: withAddress },
  { ...keyed, list: "xai-api-key", shown: withAddress },
  { ...keyed, list: "vertex-api-key", vitalMissing: "api-key is required", identity: ["api-key", "base-url"], shown: { "api-key": "", "proxy-url": "" } },
  { ...keyed, list: "interactions-api-key", identity: ["api-key", "base-url", "proxy-url", "prefix", "headers"], shown: { "api-key": "", "proxy-url": "" } },
  { list: "openai-compatibility", keyField: "name", vital: "base-url", selectorsMissing: "missing name or index", shown: { name: "", "base-url": "", "api-key-entries": "list", models: "list" } },
];

export const textOf = (entry: JsonObject, field: string): string => (typeof entry[field] === "string" ? entry[field].trim() : "");
