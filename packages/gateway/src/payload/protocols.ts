/** What configurations call the dialects; the one place that knows both. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  openai: ["openai-chat", "openai-completions"],
  chat: ["openai-chat", "openai-completions"],
  responses: ["openai-responses"],
  "openai-response": ["openai-responses"],
  codex: ["openai-responses"],
  claude: ["anthropic-messages"],
  anthropic: ["anthropic-messages"],
  gemini: ["gemini-generate-content"],
  "gemini-cli": ["gemini-code-assist"],
  antigravity: ["gemini-code-assist"],
};

/** Those that people are told to write. */
export const USUAL_WORDS = "openai, claude, responses or gemini";

/** Whether a configuration's word means a dialect. Its id always does; no word at all means every one. */
export function speaks(dialect: string, word: string): boolean {
  const wanted = word.trim().toLowerCase();
  return wanted === "" || wanted === dialect || (Object.hasOwn(WORDS, wanted) && (WORDS[wanted]?.includes(dialect) ?? false));
}
