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
const RECOVERY_RETRY_MS = 30_000;

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
    logger.log("warn", "usage.not-recovered", { reason: error instanceof Error ? error.message : String(error), effect: "tried again later" });
    setTimeout(() => void recover(usage, logger), RECOVERY_RETRY_MS).unref();
  }
}

/** A database that cannot be reached at the start is tried again and again; requests are served meanwhile. */
const MIGRATE_RETRY_MS = 5_000;

async function openDatabase(options: OpenStoreOptions): Promise<{ readonly store: Store; readonly onDisk: boolean }> {
  const url = databaseUrl(options.config(), options.environment);
  return url === undefined ? openFile(options.directory) : { store: await openServer(url, options.logger), onDisk: true };
}

/** The variable is often there for other programs: only what PostgreSQL could be is taken. */
export function databaseUrl(config: Config, environment: Environment): string | undefined {
  const variable = environment.DATABASE_URL?.trim() ?? "";
  const url = /^postgres(ql)?:\/\//i.test(variable) ? variable : config.store.url;
  return url === "" ? undefined : url;
}

async function openFile(directory: string): Promise<{ readonly store: Store; readonly onDisk: boolean }> {
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

async function openServer(url: string, logger: Logger): Promise<Store> {
  // Loaded only where it is used: everybody else would wait for it at the start.
  const { isFinal, openPostgresStore } = await import("../store/postgres.ts");
  const store = openPostgresStore(url);
  try {
    await store.migrate();
  } catch (error) {
    const reason = (error as Error).message;
    if (isFinal(error) || (error as Error).name === "Error") throw new UsageError(`the database at ${new URL(url).host} cannot be used: ${reason}`);
    logger.log("error", "store.unreachable", { host: new URL(url).host, reason, effect: "keys of the store are unknown and usage waits in the journal until it is back" });
    migrateLater(store, logger);
  }
  return store;
}

function migrateLater(store: Store, logger: Logger): void {
  setTimeout(() => {
    store.migrate().then(() => logger.log("info", "store.reached"), () => migrateLater(store, logger));
  }, MIGRATE_RETRY_MS).unref();
}

/** The disk is read-only, full, or not ours: nothing is wrong with the database itself. */
function isUnwritable(error: unknown): boolean {
  return /^(EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|SQLITE_(CANTOPEN|READONLY|FULL|IOERR|PERM).*)$/.test(String((error as { code?: unknown }).code));
}
