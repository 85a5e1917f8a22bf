/** One limit a minute of the client who asks, at the moment of his request. */
export interface LimitState {
  readonly limit: number;
  /** Never below 0. */
  readonly remaining: number;
  /** Until all of it is there again, or, in a refusal, until it is worth another try. */
  readonly resetMs: number;
  /** The same as a moment, RFC 3339. */
  readonly resetAt: string;
}

export interface LimitStates {
  readonly requests?: LimitState;
  readonly tokens?: LimitState;
}

export type LimitHeaders = Readonly<Record<string, string>>;

/** `x-ratelimit-limit-requests: 60`, … as OpenAI sends them (platform.openai.com, rate limits, read 2026-11). */
export function openaiLimitHeaders(states: LimitStates): LimitHeaders {
  return headersOf(states, (kind, { limit, remaining, resetMs }) => [
    [`x-ratelimit-limit-${kind}`, String(limit)],
    [`x-ratelimit-remaining-${kind}`, String(remaining)],
    [`x-ratelimit-reset-${kind}`, shortDuration(resetMs)],
  ]);
}

/** `anthropic-ratelimit-requests-limit: 60`, … as Anthropic sends them (docs.anthropic.com, rate limits, read 2026-11). */
export function anthropicLimitHeaders(states: LimitStates): LimitHeaders {
  return headersOf(states, (kind, { limit, remaining, resetAt }) => [
    [`anthropic-ratelimit-${kind}-limit`, String(limit)],
    [`anthropic-ratelimit-${kind}-remaining`, String(remaining)],
    [`anthropic-ratelimit-${kind}-reset`, resetAt],
  ]);
}

function headersOf({ requests, tokens }: LimitStates, write: (kind: string, state: LimitState) => [string, string][]): LimitHeaders {
  return Object.fromEntries([...(requests === undefined ? [] : write("requests", requests)), ...(tokens === undefined ? [] : write("tokens", tokens))]);
}

/** `120ms`, `12s`, `6m0s`, `1h0m0s`. */
function shortDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.ceil(durationMs)}ms`;
  const seconds = Math.ceil(durationMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ""}${seconds >= 60 ? `${minutes}m` : ""}${seconds % 60}s`;
}
