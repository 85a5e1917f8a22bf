const WINDOW_MS = 60_000;
/** Shorter waits are not worth telling. */
const LEAST_WAIT_MS = 1000;

/** Keeps to a vendor's limit of requests a minute, counted over the last minute. */
export class RequestPace {
  /** Epoch ms of the requests within the window, oldest first. */
  #times: number[] = [];

  /** @returns 0 when the request may go, and is counted; else ms until there is room */
  take(now: number, perMinute: number): number {
    if (!(perMinute > 0)) return 0;
    const begin = now - WINDOW_MS;
    const stillIn = this.#times.findIndex((time) => time > begin);
    this.#times = stillIn === -1 ? [] : this.#times.slice(stillIn);
    const oldest = this.#times[this.#times.length - perMinute];
    if (oldest !== undefined) return Math.max(LEAST_WAIT_MS, oldest + WINDOW_MS - now);
    this.#times.push(now);
    return 0;
  }
}

/** As the vendor would say it. */
export function tooFast(waitMs: number, perMinute: number): Response {
  const message = `The vendor of this account takes ${perMinute} requests a minute.`;
  return Response.json({ error: { message, type: "rate_limit_error", code: "rate_limit_exceeded" } }, { status: 429, headers: { "retry-after": String(Math.ceil(waitMs / 1000)) } });
}
