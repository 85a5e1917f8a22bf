import type { NameRules } from "../../naming/index.ts";

/** How this dialect calls itself in requests, wires and residues. */
export const CHAT = "openai-chat";

/** The older text completions, which only clients speak here. */
export const COMPLETIONS = "openai-completions";

/** Whose seals are at home here. */
export const VENDOR = "openai";

/** Tool names as the API reference gives them; call ids above 64 characters are refused (seen in the field). */
export const NAME_RULES: NameRules = {
  toolNameChar: /[A-Za-z0-9_-]/,
  toolNameFirstChar: /[A-Za-z0-9_-]/,
  toolNameMaxLength: 64,
  callIdChar: /[!-~]/,
  callIdMaxLength: 64,
};

/** OpenAI's encrypted reasoning is a Fernet token, and those begin with their version byte: `gAAAA`. */
export function recognisesSeal(value: string): boolean {
  return value.startsWith("gAAAA");
}
