import { z } from "zod";
import { explainIssues } from "../config/explain-issues.ts";
import type { ConfigProblem } from "../config/index.ts";
import type { PriceCatalogue } from "./price.ts";

const dollars = z.number().nonnegative().max(1_000_000);
const parts = {
  input: dollars,
  output: dollars,
  cacheRead: dollars.optional(),
  cacheWrite: dollars.optional(),
  cacheWrite1h: dollars.optional(),
  webSearch: dollars.optional(),
};
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, "expected a day such as 2026-11-21");
const tier = z.strictObject({ aboveInputTokens: z.int().positive(), ...parts });
const price = z.strictObject({ ...parts, tiers: z.array(tier).optional() });
const vendor = z.strictObject({
  provider: z.string().trim().min(1),
  source: z.string().optional(),
  asOf: day.optional(),
  note: z.string().optional(),
  exclusive: z.boolean().optional(),
  models: z.record(z.string().min(1), price),
});

/** `prices.json`: the shape of the bundle. */
export const priceFileSchema = z.strictObject({ date: day, vendors: z.array(vendor).max(1000) });

export type ParsedPriceFile = { readonly ok: true; readonly prices: PriceCatalogue } | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the text of a price file. All or nothing. */
export function parsePriceFile(text: string): ParsedPriceFile {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [{ path: "", message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` }] };
  }
  const parsed = priceFileSchema.safeParse(raw);
  if (parsed.success) return { ok: true, prices: parsed.data as PriceCatalogue };
  return { ok: false, problems: explainIssues(priceFileSchema, parsed.error.issues) };
}
