export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Start of the hour or day (UTC) that a moment is in. */
export const startOf = (span: number, at: number): number => Math.floor(at / span) * span;
const endOf = (span: number, at: number): number => Math.ceil(at / span) * span;

/** A stretch of time and where its usage is read. `from` inclusive, `to` exclusive. */
export interface Part {
  readonly source: "attempts" | "hours" | "days";
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a span into whole days, whole hours and what is left at its ends. The longest sums that fit are used; `finest` says
 * what they may not be longer than.
 */
export function partsOf(from: number, to: number, finest: "hours" | "days"): readonly Part[] {
  const firstHour = endOf(HOUR_MS, from);
  const lastHour = startOf(HOUR_MS, to);
  if (firstHour >= lastHour) return nonEmpty([{ source: "attempts", from, to }]);
  return nonEmpty([
    { source: "attempts", from, to: firstHour },
    ...(finest === "hours" ? [{ source: "hours" as const, from: firstHour, to: lastHour }] : wholeDays(firstHour, lastHour)),
    { source: "attempts", from: lastHour, to },
  ]);
}

function wholeDays(from: number, to: number): readonly Part[] {
  const firstDay = endOf(DAY_MS, from);
  const lastDay = startOf(DAY_MS, to);
  if (firstDay >= lastDay) return [{ source: "hours", from, to }];
  return [{ source: "hours", from, to: firstDay }, { source: "days", from: firstDay, to: lastDay }, { source: "hours", from: lastDay, to }];
}

const nonEmpty = (parts: readonly Part[]): readonly Part[] => parts.filter(({ from, to }) => from < to);

/** Later than all that will ever be recorded, on the hour and on the day: an open end. Epoch ms. */
export const END_OF_TIME: number = startOf(DAY_MS, 8_640_000_000_000_000);
