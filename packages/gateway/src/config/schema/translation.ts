import { DEFAULT_POLICY } from "@dragoman/core";
import { z } from "zod";
import { count, flag, live } from "./fields.ts";

const REASONING_WORDS = ["auto", "off", "none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

const tokens = z.int().min(0).optional().meta(live("Budget of this level, in tokens."));
const tokensByEffort = { minimal: tokens, low: tokens, medium: tokens, high: tokens, xhigh: tokens, max: tokens };

/** How one dialect becomes another. */
export const translationShape = {
  translation: z.strictObject({
    repair: z.enum(["fix", "strict"]).default(DEFAULT_POLICY.repair).meta(live("Broken pairs of tool calls and results: `fix` mends them, `strict` answers 400.")),
    "system-placement": z.enum(["inplace", "hoist"]).default(DEFAULT_POLICY.systemPlacement).meta(live("System messages amid a conversation: leave them in place, or move them to the top.")),
    "stop-emulation": flag(DEFAULT_POLICY.stopEmulation).meta(live("Cut the text here when the upstream has no stop sequences.")),
    "derive-cache-key": flag(DEFAULT_POLICY.deriveCacheKey).meta(live("Make a prompt cache key from the conversation's opening.")),
    "derive-user-id": flag(DEFAULT_POLICY.deriveUserId).meta(live("Make a user id for upstreams from the client's key.")),
    "auto-cache": flag(DEFAULT_POLICY.autoCache).meta(live("Set cache breakpoints for upstreams that want them.")),
    "map-priority-to-fast": flag(DEFAULT_POLICY.mapPriorityToFast).meta(live("Read the service tier `priority` as a wish for speed.")),
    "strict-thinking-budget": flag(DEFAULT_POLICY.strictThinkingBudget).meta(live("Answer 400 instead of raising the output limit above the thinking budget.")),
    "reasoning-as-text": flag(DEFAULT_POLICY.reasoningAsText).meta(live("Show reasoning as text to clients that have no field for it.")),
    "prefer-forced-tool": flag(DEFAULT_POLICY.preferForcedTool).meta(live("Thinking gives way when it cannot go with a forced tool call.")),
    "default-max-output-tokens": count(DEFAULT_POLICY.defaultMaxOutputTokens, 1).meta(live("Output limit for upstreams that demand one, when neither request nor model names it.")),
    "effort-budgets": z.strictObject(tokensByEffort).prefault({}).meta(live("Thinking budgets of the levels, over those of `reasoning.preset`.")),
  }).prefault({}).meta(live("Rules of translation.")),
  reasoning: z.strictObject({
    preset: z.enum(["canonical", "factory"]).default("canonical").meta(live(
      "Budgets that the levels stand for. `canonical`: low 1024, medium 8192, high 24576. `factory`: low 4096, medium 12288, high 24576.",
    )),
    models: z.record(z.string(), z.union([z.enum(REASONING_WORDS), z.int().min(-1)], { error: `expected one of ${REASONING_WORDS.join(", ")}, or a number of tokens` })).default({}).meta(live(
      "Model name (`*` stands for any run) and how hard it thinks, whatever clients ask: a level, a budget in tokens (-1: the model decides), `none` to switch thinking off, `off` to send no setting, `auto` to leave it to the client. The first match counts.",
    )),
  }).prefault({}).meta(live("How hard models think.")),
};
