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
export function openaiLimitHeaders({ requests, tokens }: LimitStates): LimitHeaders {
  const headers: Record<string, string> = {};
  if (requests !== undefined) {
    headers["x-ratelimit-limit-requests"] = String(requests.limit);
    headers["x-ratelimit-remaining-requests"] = String(requests.remaining);
    headers["x-ratelimit-reset-requests"] = shortDuration(requests.resetMs);
  }
  if (tokens !== undefined) {
    headers["x-ratelimit-limit-tokens"] = String(tokens.limit);
    headers["x-ratelimit-remaining-tokens"] = String(tokens.remaining);
    headers["x-ratelimit-reset-tokens"] = shortDuration(tokens.resetMs);
  }
  return headers;
}

/** `anthropic-ratelimit-requests-limit: 60`, … as Anthropic sends them (docs.anthropic.com, rate limits, read 2026-11). */
export function anthropicLimitHeaders({ requests, tokens }: LimitStates): LimitHeaders {
  const headers: Record<string, string> = {};
  if (requests !== undefined) {
    headers["anthropic-ratelimit-requests-limit"] = String(requests.limit);
    headers["anthropic-ratelimit-requests-remaining"] = String(requests.remaining);
    headers["anthropic-ratelimit-requests-reset"] = requests.resetAt;
  }
  if (tokens !== undefined) {
    headers["anthropic-ratelimit-tokens-limit"] = String(tokens.limit);
    headers["anthropic-ratelimit-tokens-remaining"] = String(tokens.remaining);
    headers["anthropic-ratelimit-tokens-reset"] = tokens.resetAt;
  }
  return headers;
}

/** `120ms`, `12s`, `6m0s`, `1h0m0s`. */
function shortDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.ceil(durationMs)}ms`;
  const seconds = Math.ceil(durationMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${hours > 0 ? `${hours}h` : ""}${minutes}m${seconds % 60}s`;
}
