import type { CatalogueModel } from "@dragoman/core";

/** What a plan offers. Facts: the vendor's lists, read 2026-08. */
export type PlanCatalogue = "free" | "team" | "plus" | "pro";

interface PlanModel extends CatalogueModel {
  readonly plans: readonly PlanCatalogue[];
  /** The largest plan has a longer context. */
  readonly proContextTokens?: number;
}

const ALL: readonly PlanCatalogue[] = ["free", "team", "plus", "pro"];
const PAID: readonly PlanCatalogue[] = ["team", "plus", "pro"];
const OUTPUT = 128_000;

const MODELS: readonly PlanModel[] = [
  { id: "gpt-5.6-sol", displayName: "GPT 5.6 Sol", created: 1_783_616_400, contextTokens: 372_000, proContextTokens: 921_000, maxOutputTokens: OUTPUT, plans: PAID },
  { id: "gpt-5.6-terra", displayName: "GPT 5.6 Terra", created: 1_783_616_400, contextTokens: 372_000, proContextTokens: 921_000, maxOutputTokens: OUTPUT, plans: ALL },
  { id: "gpt-5.6-luna", displayName: "GPT 5.6 Luna", created: 1_783_616_400, contextTokens: 372_000, proContextTokens: 921_000, maxOutputTokens: OUTPUT, plans: ALL },
  { id: "gpt-5.5", displayName: "GPT 5.5", created: 1_776_902_400, contextTokens: 272_000, maxOutputTokens: OUTPUT, plans: ALL },
  { id: "codex-auto-review", displayName: "Codex Auto Review", created: 1_776_902_400, contextTokens: 272_000, maxOutputTokens: OUTPUT, plans: ALL },
  { id: "gpt-5.4", displayName: "GPT 5.4", created: 1_772_668_800, contextTokens: 1_050_000, maxOutputTokens: OUTPUT, plans: PAID },
  { id: "gpt-5.4-mini", displayName: "GPT 5.4 Mini", created: 1_773_705_600, contextTokens: 400_000, maxOutputTokens: OUTPUT, plans: ALL },
  { id: "gpt-5.3-codex-spark", displayName: "GPT 5.3 Codex Spark", created: 1_770_912_000, contextTokens: 128_000, maxOutputTokens: OUTPUT, plans: ["plus", "pro"] },
];

const CATALOGUE_OF: ReadonlyMap<string, PlanCatalogue> = new Map([["free", "free"], ["plus", "plus"], ["pro", "pro"], ["team", "team"], ["business", "team"], ["go", "team"]]);

/** A plan that nobody knows is taken for the largest: what it has not, the vendor refuses. */
export function planCatalogue(plan: string | undefined): PlanCatalogue {
  return CATALOGUE_OF.get(plan?.toLowerCase() ?? "") ?? "pro";
}

export function modelsOf(plan: PlanCatalogue): readonly CatalogueModel[] {
  return MODELS.filter(({ plans }) => plans.includes(plan)).map(({ plans: _plans, proContextTokens, ...model }) =>
    (plan === "pro" && proContextTokens !== undefined ? { ...model, contextTokens: proContextTokens } : model));
}
