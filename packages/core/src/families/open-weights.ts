import type { ModelRow } from "../providers/define-provider.ts";

/**
 * Open models that many hosts serve. In a tool loop they answer 400, or lose the thread, when their own thoughts do not
 * come back with the calls: api-docs.deepseek.com/guides/thinking_mode, platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model,
 * docs.z.ai/guides/capabilities/thinking-mode (read 2026-11).
 */
export const OPEN_WEIGHT_FAMILIES: readonly ModelRow[] = [
  { match: /deepseek-?(reasoner|v3[.-]2|v[4-9])/, capabilities: { reasoningReplay: "required" } },
  // The first R1 refused its thoughts in the history.
  { match: /deepseek-?r1/, capabilities: { reasoningReplay: "forbidden" } },
  { match: /kimi-(k2-thinking|k2[.-][5-9]|k[3-9]|for-coding)/, capabilities: { reasoningReplay: "required" } },
  { match: /glm-(4[.-][5-9]|[5-9])/, capabilities: { reasoningReplay: "required" } },
];
