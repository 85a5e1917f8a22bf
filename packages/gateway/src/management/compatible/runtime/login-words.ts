/** What CLIProxyAPI's interface calls a kind of accounts. */
export interface LoginWord {
  /** Of `/<word>-auth-url`. */
  readonly word: string;
  /** In refusals. */
  readonly title: string;
  readonly kind: string;
  /** Other names under which pages know it. */
  readonly names: readonly string[];
  /** Of `/<path>/callback`; absent: its vendor sends no browser back. */
  readonly path?: string;
}

export const LOGIN_WORDS: readonly LoginWord[] = [
  { word: "anthropic", title: "anthropic", kind: "claude", names: ["anthropic", "claude"], path: "anthropic" },
  { word: "codex", title: "codex", kind: "codex", names: ["codex", "openai"], path: "codex" },
  { word: "gemini-cli", title: "gemini", kind: "gemini-cli", names: ["gemini", "google", "gemini-cli"], path: "google" },
  { word: "qwen", title: "qwen", kind: "qwen", names: ["qwen"] },
  { word: "iflow", title: "iflow", kind: "iflow", names: ["iflow"], path: "iflow" },
  { word: "antigravity", title: "antigravity", kind: "antigravity", names: ["antigravity", "anti-gravity"], path: "antigravity" },
  { word: "kimi", title: "kimi", kind: "kimi", names: ["kimi"] },
  { word: "xai", title: "xai", kind: "xai", names: ["xai", "x-ai", "x.ai", "grok"] },
];

/** The kind that has a login by a cookie of its page. */
export const COOKIE_LOGIN = { word: "iflow", title: "iflow", kind: "iflow" } as const;

/** By any of its names. */
export function kindOfName(name: string): string | undefined {
  return LOGIN_WORDS.find(({ names }) => names.includes(name))?.kind;
}
