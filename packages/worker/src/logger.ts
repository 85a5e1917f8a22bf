import type { Logger, LogLevel } from "@dragoman/gateway";

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** One JSON line an event, on the console; `wrangler tail` and the dashboard read them. Fields hold no secrets. */
export function jsonLogger(from: () => LogLevel): Logger {
  return {
    log(level, event, fields = {}) {
      if (RANK[level] >= RANK[from()]) console[level](JSON.stringify({ level, event, ...fields }));
    },
  };
}
