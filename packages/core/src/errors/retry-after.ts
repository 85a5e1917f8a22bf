/**
 * Reads a `retry-after` header: seconds (also fractional), an HTTP date, or RFC 3339.
 * @param now epoch ms
 * @returns milliseconds from now, or `undefined` when there is nothing to read or it lies in the past
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
  // eslint-disable-next-line no-restricted-globals -- parsing a text, not reading the clock
  const at = Date.parse(value);
  return Number.isFinite(at) && at > now ? at - now : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };

/** Reads a duration as Go and Google write it: `37s`, `12.3s`, `1h2m3s`, `373.801628ms`; milliseconds, or `undefined`. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  return Math.ceil(total);
}

/** OpenAI says it in words: "Please try again in 1.2s", "… in 6m0s", "… in 20 seconds". */
export function parseTryAgainIn(message: string): number | undefined {
  const match = /try again in (\d+(?:\.\d+)?(?:ms|s|m|h)(?:\d+(?:\.\d+)?(?:ms|s|m))*|\d+(?:\.\d+)? ?seconds?)/i.exec(message);
  const text = match?.[1];
  if (text === undefined) return undefined;
  return parseDuration(text.toLowerCase().replace(/ ?seconds?$/, "s"));
}
