import type { Config, Logger, Store } from "@dragoman/gateway";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Forgets old usage, soon after the start and then every hour. @returns ends it */
export function sweepRegularly(store: Store, config: () => Config, logger: Logger): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const plan = (afterMs: number): void => {
    timer = setTimeout(() => void sweep().finally(() => plan(HOUR_MS)), afterMs);
    timer.unref();
  };
  const sweep = async (): Promise<void> => {
    const { "record-days": recordDays, "sum-days": sumDays } = config().usage;
    const now = Date.now();
    try {
      const forgotten = await store.usage.sweep({
        ...(recordDays > 0 && { recordsBefore: now - recordDays * DAY_MS }),
        ...(sumDays > 0 && { sumsBefore: now - sumDays * DAY_MS }),
      });
      if (forgotten > 0) logger.log("info", "usage.swept", { records: forgotten });
    } catch (error) {
      logger.log("warn", "usage.unswept", { reason: error instanceof Error ? error.message : String(error) });
    }
  };
  plan(FIRST_AFTER_MS);
  return () => clearTimeout(timer);
}

/** The start is not made slower by it. */
const FIRST_AFTER_MS = 5_000;
