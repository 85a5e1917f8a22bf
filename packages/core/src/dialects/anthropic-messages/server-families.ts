import type { ServerToolFamily } from "../../canonical/index.ts";

/** Vendor-run tools by the beginning of their name or type word; the first that fits counts. */
const FAMILIES: readonly (readonly [prefix: string, family: ServerToolFamily])[] = [
  ["web_search", "web-search"],
  ["web_fetch", "web-fetch"],
  ["code_execution", "code-execution"],
  ["bash_code_execution", "code-execution"],
  ["text_editor_code_execution", "code-execution"],
  ["tool_search_tool", "tool-search"],
  ["mcp", "mcp"],
  ["computer", "computer"],
  ["browser", "browser"],
  ["bash", "bash"],
  ["text_editor", "text-editor"],
  ["str_replace", "text-editor"],
  ["memory", "memory"],
];

export function familyOf(word: string): ServerToolFamily {
  return FAMILIES.find(([prefix]) => word.startsWith(prefix))?.[1] ?? "other";
}
