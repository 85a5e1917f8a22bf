import type { BudgetWindow } from "./limits.ts";

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The running hour and the four before it. */
export const FIVE_HOURS = 5;
/** 1 January 1970 was a Thursday, three days after a Monday. */
const DAYS_AFTER_MONDAY = 3;

export function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

/** When the window that `now` lies in began; always on the hour. */
export function windowStart(window: BudgetWindow, now: number): number {
  const day = Math.floor(now / DAY_MS);
  switch (window) {
    case "5h":
      return hourOf(now) - (FIVE_HOURS - 1) * HOUR_MS;
    case "day":
      return day * DAY_MS;
    case "week":
      return (day - ((day + DAYS_AFTER_MONDAY) % 7)) * DAY_MS;
    case "month":
      return monthStart(now, 0);
    case "total":
      return 0;
  }
}

/** When a calendar window ends; `undefined` for those that have no end of their own. */
export function windowEnd(window: BudgetWindow, now: number): number | undefined {
  switch (window) {
    case "day":
      return windowStart("day", now) + DAY_MS;
    case "week":
      return windowStart("week", now) + 7 * DAY_MS;
    case "month":
      return monthStart(now, 1);
    case "5h":
    case "total":
      return undefined;
  }
}

/** Work that was done in the hours of a running window, oldest first; leaves it when its hour is five hours old. */
export interface HourAmount {
  readonly hour: number;
  readonly amount: number;
}

/** When a running window holds less than `below`; the next full hour if nothing helps sooner. */
export function runningReset(hours: readonly HourAmount[], below: number, now: number): number {
  let left = hours.reduce((sum, { amount }) => sum + amount, 0);
  for (const { hour, amount } of hours) {
    left -= amount;
    if (left < below) return hour + FIVE_HOURS * HOUR_MS;
  }
  return hourOf(now) + HOUR_MS;
}

function monthStart(now: number, monthsLater: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, 1);
}
