import { join } from "node:path";
import type { Config, Logger, Store } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import type { Environment } from "../config/environment-file.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import { UsageJournal } from "../store/usage-journal.ts";
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

/** Opens the store and brings it up to date. @throws UsageError when it is there but cannot be used */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { directory, environment, logger } = options;
  const { key, kept } = secretKey(directory, environment);
  const { store, onDisk } = await openDatabase(options);
  if (!onDisk || !kept) logger.log("warn", "store.ephemeral", { directory, effect: "users, keys and usage are lost when this process ends: the directory cannot be written" });
  const usage = new UsageJournal({ store, logger, ...(onDisk && { directory: join(directory, "journal") }) });
  await Promise.race([recover(usage, logger), Bun.sleep(RECOVERY_MS)]);
  const stopSweeping = sweepRegularly(store, options.config, logger);
  return {
    store,
    usage,
    secretKey: key,
    async close() {
      stopSweeping();
      await usage.close();
      await store.close();
    },
  };
}

async function recover(usage: UsageJournal, logger: Logger): Promise<void> {
  try {
    await usage.recover();
  } catch (error) {
    logger.log("warn", "usage.not-recovered", { reason: error instanceof Error ? error.message : String(error), effect: "they are read at the next start" });
  }
}

async function openDatabase({ directory }: OpenStoreOptions): Promise<{ readonly store: Store; readonly onDisk: boolean }> {
  const path = join(directory, "dragoman.db");
  try {
    const store = openSqliteStore(path);
    await store.migrate();
    return { store, onDisk: true };
  } catch (error) {
    if (!isUnwritable(error)) throw new UsageError(`the database ${path} cannot be used: ${(error as Error).message}`);
  }
  const store = openSqliteStore(":memory:");
  await store.migrate();
  return { store, onDisk: false };
}

/** The disk is read-only, full, or not ours: nothing is wrong with the database itself. */
function isUnwritable(error: unknown): boolean {
  return /^(EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|SQLITE_(CANTOPEN|READONLY|FULL|IOERR|PERM).*)$/.test(String((error as { code?: unknown }).code));
}
