import type { ClientTraits } from "@dragoman/core";

interface TraitRow {
  readonly header: string;
  readonly match: RegExp;
  readonly traits: ClientTraits;
}

/** Habits of well-known clients, told by what they say of themselves; each with what happens without it. */
const ROWS: readonly TraitRow[] = [
  // Codex treats `response.incomplete` as a broken stream and asks again without end (codex-rs, read 2026-11).
  { header: "originator", match: /^codex/i, traits: { lengthAsCompleted: true } },
  { header: "user-agent", match: /^codex/i, traits: { lengthAsCompleted: true } },
  // The Gemini CLI writes thoughts back into its history as text ending with `[Thought: true]` (read 2026-11).
  { header: "user-agent", match: /^GeminiCLI/i, traits: { dropThoughtEcho: true } },
];

export function clientTraits(headers: Headers): ClientTraits {
  let traits: ClientTraits = {};
  for (const row of ROWS) {
    const value = headers.get(row.header);
    if (value !== null && row.match.test(value)) traits = { ...traits, ...row.traits };
  }
  return traits;
}
