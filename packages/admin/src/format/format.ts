import type { Language } from "../i18n/languages.ts";

export interface Format {
  /** 12,345 */
  number(value: number, digits?: number): string;
  /** 12.3K */
  compact(value: number): string;
  /** Of a share between 0 and 1: 12.3% */
  percent(share: number, digits?: number): string;
  /** Dollars, with as many digits as the sum deserves: $0.0042, $12.34, $1,234 */
  money(usd: number | undefined): string;
  /** 830 ms, 4.2 s, 3 min 5 s */
  duration(ms: number | undefined): string;
  /** 1.2 MB */
  bytes(count: number): string;
  /** 14:03:22 */
  time(at: number): string;
  /** 5 Nov, 14:03; with the year when it is not this one */
  dateTime(at: number): string;
  /** 5 Nov 2026 */
  date(at: number): string;
  /** in 3 minutes, 2 hours ago */
  relative(at: number, now?: number): string;
}

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", zh: "zh-CN" };
/** What stands where nothing is known. */
export const NOTHING = "–";

export function createFormat(language: Language): Format {
  const locale = LOCALES[language];
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(locale, options);
  const plain = number({ maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
  const moment = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const oldMoment = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    number: (value, digits) => (digits === undefined ? plain : number({ maximumFractionDigits: digits })).format(value),
    // Chinese counts by ten thousands, but tokens are spoken of in K and M there as well.
    compact: (value) => (Math.abs(value) < 1000 ? plain.format(value) : compact.format(value)),
    percent: (share, digits = 1) => number({ style: "percent", maximumFractionDigits: digits }).format(share),
    money: (usd) => (usd === undefined ? NOTHING : `${usd < 0 ? "-" : ""}$${moneyFormat(locale, Math.abs(usd))}`),
    duration: (ms) => (ms === undefined ? NOTHING : durationText(ms)),
    bytes: bytesText,
    time: (at) => clock.format(at),
    dateTime: (at) => (new Date(at).getFullYear() === new Date().getFullYear() ? moment : oldMoment).format(at),
    date: (at) => day.format(at),
    relative: (at, now = Date.now()) => relativeText(ago, at - now),
  };
}

function moneyFormat(locale: string, usd: number): string {
  if (usd === 0) return "0";
  if (usd >= 1000) return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(usd);
  if (usd >= 0.1) return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(usd);
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 2, maximumFractionDigits: 9 }).format(usd);
}

function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

function bytesText(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power > 0 && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000]];

function relativeText(ago: Intl.RelativeTimeFormat, distanceMs: number): string {
  const [unit, length] = STEPS.find(([, step]) => Math.abs(distanceMs) >= step) ?? ["second", 1000];
  return ago.format(Math.round(distanceMs / length), unit);
}
