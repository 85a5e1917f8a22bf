import { anthropicFaults } from "./anthropic-messages.ts";
import { geminiFaults } from "./gemini-generate-content.ts";
import { chatFaults } from "./openai-chat.ts";
import { responsesFaults } from "./openai-responses.ts";
import { blocksOf, Faults, type Block } from "./blocks.ts";

type Grammar = (blocks: readonly Block[], faults: Faults, failed: boolean) => void;

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  "openai-chat": chatFaults,
  "openai-responses": responsesFaults,
  "anthropic-messages": anthropicFaults,
  "gemini-generate-content": (blocks, faults, failed) => geminiFaults(blocks, faults, failed, (value) => value),
  "gemini-code-assist": (blocks, faults, failed) => geminiFaults(blocks, faults, failed, (value) => value.response ?? value),
};

/**
 * What a strict client of the dialect would stumble over. Knows nothing of our encoders: the rules are those of the
 * official SDKs and of the coding tools.
 *
 * @param failed the stream must end as an error; else it must end as it should
 */
export function grammarFaults(dialect: string, text: string, failed: boolean): readonly string[] {
  const grammar = GRAMMARS[dialect];
  if (grammar === undefined || text.startsWith("[")) return [];
  const faults = new Faults();
  grammar(blocksOf(text, faults), faults, failed);
  return faults.found.map((fault) => `grammar: ${fault}`);
}

/** Whether the stream is good in one of the two ways in which a stream may end. */
export function anyEndFaults(dialect: string, text: string): readonly string[] {
  const whole = grammarFaults(dialect, text, false);
  const failed = grammarFaults(dialect, text, true);
  return whole.length === 0 || failed.length === 0 ? [] : [...whole, ...failed];
}
