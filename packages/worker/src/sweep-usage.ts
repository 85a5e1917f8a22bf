import { systemClock, type Config, type Logger, type Store } from "@dragoman/gateway";

const DAY_MS = 86_400_000;

/** Forgets usage that is older than the configuration wants. */
export async function sweepUsage(store: Store, config: Config, logger: Logger): Promise<void> {
  const { "record-days": recordDays, "sum-days": sumDays } = config.usage;
  const now = systemClock.now();
  const records = await store.usage.sweep({
    ...(recordDays > 0 && { recordsBefore: now - recordDays * DAY_MS }),
    ...(sumDays > 0 && { sumsBefore: now - sumDays * DAY_MS }),
  });
  logger.log("info", "usage.swept", { records });
}
