import { join } from "node:path";
import type { Config, Logger, Store } from "@dragoman/gateway";
import type { Environment } from "../config/environment-file.ts";
import { UsageJournal } from "../store/usage-journal.ts";
import { databaseUrl, openDatabase } from "./open-database.ts";
import { markRunning } from "./running-marker.ts";
import { secretKey } from "./secret-key.ts";
import { sweepRegularly } from "./sweep-usage.ts";

export interface OpenStoreOptions {
  readonly config: () => Config;
  readonly environment: Environment;
  readonly directory: string;
  readonly logger: Logger;
}

/** What outlives the process, opened: the store, the way of attempts into it, and the key to what is kept closed. */
export interface OpenedStore {
  readonly store: Store;
  readonly usage: UsageJournal;
  readonly secretKey: Uint8Array;
  close(): Promise<void>;
}

/** The start waits this long for attempts that an earlier process left behind. */
const RECOVERY_MS = 1_000;
const RECOVERY_RETRY_MS = 30_000;

/** Opens the store and brings it up to date. @throws UsageError when it is there but cannot be used */
export async function openStore({ directory, environment, logger, config }: OpenStoreOptions): Promise<OpenedStore> {
  const { key, kept } = secretKey(directory, environment);
  const { store, isKept } = await openDatabase({ directory, url: databaseUrl(config().store.url, environment), mayBeAway: true, logger });
  if (!isKept || !kept) logger.log("warn", "store.ephemeral", { directory, effect: "users, keys and usage are lost when this process ends: the directory cannot be written" });
  const usage = new UsageJournal({ store, logger, ...(isKept && { directory: journalDirectory(directory) }) });
  await Promise.race([recover(usage, logger), Bun.sleep(RECOVERY_MS)]);
  const unmark = markRunning(directory);
  const stopSweeping = sweepRegularly(store, config, logger);
  return {
    store,
    usage,
    secretKey: key,
    async close() {
      stopSweeping();
      await usage.close();
      await store.close();
      unmark();
    },
  };
}

export function journalDirectory(directory: string): string {
  return join(directory, "journal");
}

async function recover(usage: UsageJournal, logger: Logger): Promise<void> {
  try {
    await usage.recover();
  } catch (error) {
    logger.log("warn", "usage.not-recovered", { reason: error instanceof Error ? error.message : String(error), effect: "tried again later" });
    setTimeout(() => void recover(usage, logger), RECOVERY_RETRY_MS).unref();
  }
}
