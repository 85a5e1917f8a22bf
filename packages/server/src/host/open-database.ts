import { join } from "node:path";
import type { Logger, Store } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import type { Environment } from "../config/environment-file.ts";
import { openSqliteStore } from "../store/sqlite.ts";

export interface OpenDatabaseOptions {
  readonly directory: string;
  /** Of a PostgreSQL database; absent: SQLite. */
  readonly url: string | undefined;
  /**
   * A server goes on without its database: in memory when the disk cannot be written, and trying again and again when
   * PostgreSQL cannot be reached. A command does not.
   */
  readonly mayBeAway: boolean;
  readonly logger?: Logger;
}

export interface OpenedDatabase {
  readonly store: Store;
  /** False: it is in memory, and ends with the process. */
  readonly isKept: boolean;
}

/** A database that cannot be reached at the start is tried again after this; requests are served meanwhile. */
const MIGRATE_RETRY_MS = 5_000;

/** `DATABASE_URL` comes first. It is often there for other programs: only what PostgreSQL could be is taken. */
export function databaseUrl(configured: string, environment: Environment): string | undefined {
  const variable = environment.DATABASE_URL?.trim() ?? "";
  const url = /^postgres(ql)?:\/\//i.test(variable) ? variable : configured;
  return url === "" ? undefined : url;
}

export function databasePath(directory: string): string {
  return join(directory, "dragoman.db");
}

/** Opens the database and brings it up to date. @throws UsageError when it cannot be used */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  return options.url === undefined ? openFile(options) : { store: await openServer(options.url, options), isKept: true };
}

async function openFile({ directory, mayBeAway }: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const path = databasePath(directory);
  try {
    const store = openSqliteStore(path);
    await store.migrate();
    return { store, isKept: true };
  } catch (error) {
    if (!mayBeAway || !isUnwritable(error)) throw new UsageError(`the database ${path} cannot be used: ${(error as Error).message}`);
  }
  const store = openSqliteStore(":memory:");
  await store.migrate();
  return { store, isKept: false };
}

/** The disk is read-only, full, or not ours: nothing is wrong with the database itself. */
function isUnwritable(error: unknown): boolean {
  return /^(EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|SQLITE_(CANTOPEN|READONLY|FULL|IOERR|PERM).*)$/.test(String((error as { code?: unknown }).code));
}

async function openServer(url: string, { mayBeAway, logger }: OpenDatabaseOptions): Promise<Store> {
  // Loaded only where it is used: everybody else would wait for it at the start.
  const { isFinal, openPostgresStore } = await import("../store/postgres.ts");
  const { host } = new URL(url);
  const store = openPostgresStore(url);
  try {
    await store.migrate();
  } catch (error) {
    const reason = (error as Error).message;
    if (!mayBeAway || isFinal(error) || (error as Error).name === "Error") throw new UsageError(`the database at ${host} cannot be used: ${reason}`);
    logger?.log("error", "store.unreachable", { host, reason, effect: "keys of the store are unknown and usage waits in the journal until it is back" });
    migrateLater(store, logger);
  }
  return store;
}

function migrateLater(store: Store, logger: Logger | undefined): void {
  setTimeout(() => {
    store.migrate().then(() => logger?.log("info", "store.reached"), () => migrateLater(store, logger));
  }, MIGRATE_RETRY_MS).unref();
}
