/**
 * Reasoning state that only its vendor can open: an Anthropic `signature` or `redacted_thinking.data`, an OpenAI
 * `encrypted_content`, a Gemini `thoughtSignature`. It must come back to the same vendor unchanged and must never
 * reach another one.
 */
export interface Seal {
  /** Who made it. The same word as `Dialect.vendor`, or `other` for text that nobody sealed. */
  readonly vendor: string;
  readonly form: "signature" | "redacted" | "encrypted-content" | "thought-signature" | "plain-text-hash";
  readonly value: string;
  /** The model that made it, when known. */
  readonly model?: string;
  /** Item id at the vendor (`rs_…`), when it had one. */
  readonly itemId?: string;
  /** Boundaries of several summary parts that were joined into one text: the lengths, in UTF-16 units. */
  readonly summaryLengths?: readonly number[];
  /** Whether it belongs to the part that carries it, or to the one after or before it. */
  readonly bindsTo: "self" | "next" | "previous";
  readonly bindKind?: "text" | "tool-call" | "any";
}
