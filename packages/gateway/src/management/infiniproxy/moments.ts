import { OfficeError } from "../office.ts";

/** A moment as Python writes a UTC time without zone: microseconds, unless they are 0. */
export function naiveIso(time: number): string {
  const [seconds = "", fraction = ""] = new Date(time).toISOString().slice(0, -1).split(".");
  return Number(fraction) === 0 ? seconds : `${seconds}.${fraction}000`;
}

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** How long the smallest part lasts that a date gives: all of it belongs to a span that ends there. */
const PRECISION_MS = { day: 86_400_000, minute: 60_000, second: 1000, fraction: 1 } as const;

/**
 * Reads `2024-12-31`, `2024-12-31T23:59`, `…:59` or `…:59.5`, without a zone or with one; without, it is UTC.
 * @returns where it begins and where it is over, epoch ms
 * @throws OfficeError 400
 */
export function parseMoment(name: string, text: string): { readonly from: number; readonly to: number } {
  const [, date = "", minutes, seconds, fraction, zone = "Z"] = FORM.exec(text.replace(/(:\d{2}(?:\.\d+)?) (\d{2}:?\d{2})$/, "$1+$2")) ?? [];
  const from = Date.parse(`${date}T${minutes ?? "00:00"}:${seconds ?? "00"}${(fraction ?? "").slice(0, 4)}${zone.toUpperCase()}`);
  if (Number.isNaN(from) || !isRealDay(date)) throw new OfficeError(400, `${name}: expected an ISO date such as 2024-01-31T00:00:00`);
  const precision = minutes === undefined ? "day" : seconds === undefined ? "minute" : fraction === undefined ? "second" : "fraction";
  return { from, to: from + PRECISION_MS[precision] };
}

/** 31 February is the 3rd of March to some. */
function isRealDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
