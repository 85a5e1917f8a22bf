import type { Message, Tool } from "../canonical/index.ts";

/** What names and ids may look like at an upstream. Patterns are of single characters. */
export interface NameRules {
  readonly toolNameChar: RegExp;
  readonly toolNameFirstChar: RegExp;
  readonly toolNameMaxLength: number;
  readonly callIdChar: RegExp;
  readonly callIdMaxLength: number;
}

/** Tool names ↔ names that are legal at the upstream, for one request. */
export interface ToolNames {
  /** The upstream's name for a tool (of a namespace). The same for every turn of a conversation. */
  toWire(name: string, namespace?: string): string;
  /** The caller's name for what the upstream called. Unknown names come back unchanged. */
  fromWire(wireName: string): { readonly name: string; readonly namespace?: string };
}

/** Builds the bijection from the declared tools and every tool that the history calls. */
export function createToolNames(_tools: readonly Tool[], _messages: readonly Message[], _rules: NameRules): ToolNames {
  throw new Error("not written yet");
}
