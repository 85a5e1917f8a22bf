/** Money is counted in whole billionths of a dollar, so that sums are exact. */
const NANO_USD = 1_000_000_000;

export const toUsd = (costNanoUsd: number): number => costNanoUsd / NANO_USD;

/** Rounds to the nearest billionth. */
export const toNanoUsd = (usd: number): number => Math.round(usd * NANO_USD);
