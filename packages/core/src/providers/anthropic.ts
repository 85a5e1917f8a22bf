import { CLAUDE_FAMILIES } from "../families/index.ts";
import { defineProvider, type CatalogueModel, type Provider } from "./define-provider.ts";

const model = (id: string, displayName: string, created: number, limits: readonly [context: number, output: number]): CatalogueModel =>
  ({ id, displayName, created, contextTokens: limits[0], maxOutputTokens: limits[1] });

const SMALL = [200_000, 64_000] as const;
const LARGE = [1_000_000, 128_000] as const;

/** Anthropic's own API. docs.anthropic.com/en/docs/about-claude/models (read 2026-11). */
export const anthropic: Provider = defineProvider({
  id: "anthropic", name: "Anthropic",
  baseUrl: "https://api.anthropic.com",
  hosts: ["api.anthropic.com"],
  dialects: { "anthropic-messages": {} },
  auth: { kind: "api-key", header: "x-api-key" },
  keyVariables: ["ANTHROPIC_API_KEY"],
  listing: { path: "/v1/models?limit=1000", listAt: "data", idAt: "id" },
  capabilities: { firstParty: true, structuredOutputs: true, strictTools: true },
  models: CLAUDE_FAMILIES,
  failures: [{ status: 400, match: /credit balance is too low/i, kind: "quota-exhausted", credentialWide: true }],
  catalogue: [
    model("claude-opus-5", "Claude Opus 5", 1_784_038_800, LARGE),
    model("claude-sonnet-5", "Claude Sonnet 5", 1_782_777_600, LARGE),
    model("claude-fable-5", "Claude Fable 5", 1_781_049_600, LARGE),
    model("claude-opus-4-8", "Claude Opus 4.8", 1_779_984_000, LARGE),
    model("claude-opus-4-7", "Claude Opus 4.7", 1_776_297_600, LARGE),
    model("claude-opus-4-6", "Claude Opus 4.6", 1_770_318_000, LARGE),
    model("claude-sonnet-4-6", "Claude Sonnet 4.6", 1_771_372_800, SMALL),
    model("claude-opus-4-5-20251101", "Claude Opus 4.5", 1_761_955_200, SMALL),
    model("claude-haiku-4-5-20251001", "Claude Haiku 4.5", 1_759_276_800, SMALL),
    model("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", 1_759_104_000, SMALL),
    model("claude-opus-4-1-20250805", "Claude Opus 4.1", 1_722_945_600, [200_000, 32_000]),
    model("claude-opus-4-20250514", "Claude Opus 4", 1_715_644_800, [200_000, 32_000]),
    model("claude-sonnet-4-20250514", "Claude Sonnet 4", 1_715_644_800, SMALL),
    // Names without a date follow the newest release of the model.
    model("claude-opus-4-5", "Claude Opus 4.5 (latest)", 1_761_955_200, SMALL),
    model("claude-haiku-4-5", "Claude Haiku 4.5 (latest)", 1_759_276_800, SMALL),
    model("claude-sonnet-4-5", "Claude Sonnet 4.5 (latest)", 1_759_104_000, SMALL),
    model("claude-opus-4-1", "Claude Opus 4.1 (latest)", 1_722_945_600, [200_000, 32_000]),
    model("claude-3-7-sonnet-20250219", "Claude 3.7 Sonnet", 1_708_300_800, SMALL),
    model("claude-3-5-haiku-20241022", "Claude 3.5 Haiku", 1_729_555_200, [200_000, 8_192]),
  ],
});
