import { isJsonObject, type Usage } from "@dragoman/core";
import type { Candidate } from "../routing/candidate.ts";
import { costOf } from "./cost.ts";
import { toNanoUsd } from "./nano-usd.ts";
import type { PriceList } from "./price.ts";

/**
 * What an attempt cost, in billionths of a dollar: by the operator's own price, else as the vendor told it, else by the lists.
 * `undefined`: nobody knows.
 */
export function attemptCost(usage: Usage, { upstream, model }: Pick<Candidate, "upstream" | "model">, prices: PriceList): number | undefined {
  const found = prices.find(upstream.provider.id, model, upstream.name);
  const told = found?.source === "configuration" || !isJsonObject(usage.native) ? undefined : upstream.provider.toldCost?.(usage.native);
  if (told !== undefined && Number.isFinite(told) && told >= 0) return toNanoUsd(told);
  return found === undefined ? undefined : costOf(usage, found.price);
}
