import { GatewayError } from "@dragoman/core";
import { roughTokens } from "../counting/rough-tokens.ts";
import type { Call } from "../pipeline/call.ts";
import { costOf } from "../prices/cost.ts";
import type { Price, PriceList } from "../prices/price.ts";
import type { ModelTarget } from "../routing/switchboard.ts";
import type { Spending } from "../store/port.ts";
import type { Admitted } from "./guard.ts";
import { labelOf } from "./limit-refusal.ts";
import type { LimitHolder } from "./principal.ts";

/**
 * What a request may come to: its input at a glance, since nobody could wait for a count of a long one, and all the output
 * that it allows, at the highest price of those who may answer it. What has no price costs nothing, or is refused where
 * the operator wants so.
 * @throws GatewayError `permission_denied` when the price must be known and is not
 */
export function estimateOf(call: Call, request: Admitted, holders: readonly LimitHolder[]): Spending {
  const inputTokens = roughTokens(call.bodyText, request.messages);
  const outputTokens = (request.maxOutputTokens ?? call.settings.assumedOutputTokens) * Math.max(1, request.sampling?.candidateCount ?? 1);
  const tokens = inputTokens + outputTokens;
  const payer = holders.find(({ limits }) => limits.budgets?.some(({ usd }) => usd !== undefined));
  if (payer === undefined || request.model === undefined) return { tokens, costNanoUsd: 0 };
  const { prices, hasUnpriced } = pricesOf(call, request.model);
  if (hasUnpriced && call.settings.refuseUnpriced) {
    throw new GatewayError("permission_denied", { source: "client", path: "model", message: `The budget of the ${labelOf(payer)} is in money, and nobody has said what ${request.model} costs.` });
  }
  const usage = { inputFresh: inputTokens, outputVisible: outputTokens };
  return { tokens, costNanoUsd: prices.reduce((most, price) => Math.max(most, costOf(usage, price)), 0) };
}

interface KnownPrices {
  readonly prices: readonly Price[];
  readonly hasUnpriced: boolean;
}

/** By who may answer; lists of them stay the same object until the configuration changes. */
const pricesByTargets = new WeakMap<readonly ModelTarget[], { readonly list: PriceList; readonly known: KnownPrices }>();

function pricesOf({ engine, settings }: Call, model: string): KnownPrices {
  const targets = engine.switchboard.targetsOf?.(model) ?? NOBODY;
  const kept = pricesByTargets.get(targets);
  if (kept?.list === settings.prices) return kept.known;
  const found = targets.map((target) => settings.prices.priceOf(target.provider, target.model, target.upstream));
  const prices = found.filter((price) => price !== undefined);
  const known = { prices, hasUnpriced: prices.length < found.length };
  pricesByTargets.set(targets, { list: settings.prices, known });
  return known;
}

const NOBODY: readonly ModelTarget[] = [];
