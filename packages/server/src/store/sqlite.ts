import { Database, type Statement } from "bun:sqlite";
import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { batchInside, createSqlStore, StoreConflict, type SqlConnection, type SqlDatabase, type SqlExecutor, type SqlRow, type SqlStatement, type SqlValue, type Store } from "@dragoman/gateway";

/** A second program (a command while the server runs) waits this long for the first one's transaction. */
const BUSY_MS = 5_000;
/** SQLite waits itself for so long, which stops everything here; the rest is waited for between turns of the loop. */
const BLOCKED_MS = 20;

/** Prepared statements that are kept; the store has some sixty. */
const MAX_STATEMENTS = 200;

/** The store in a file of this machine; `:memory:` is one that ends with the process. */
export function openSqliteStore(path: string): Store {
  return createSqlStore(new SqliteExecutor(path));
}

/**
 * One connection of this process. With a write-ahead log, a commit is in the file when the call returns and survives the
 * death of the process; only a power cut may take the last ones (the usage journal holds those of the ledger).
 */
export class SqliteExecutor implements SqlDatabase {
  readonly dialect = "sqlite";
  readonly shared = false;
  readonly #database: Database;
  readonly #statements = new Map<string, Statement<SqlRow, SqlValue[]>>();
  /** Fulfilled when the last transaction so far is over. */
  #turn: Promise<unknown> = Promise.resolve();
  #open = 0;

  constructor(path: string) {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#database = new Database(path, { create: true, readwrite: true });
    if (path !== ":memory:") chmodSync(path, 0o600);
    this.#database.run(`PRAGMA busy_timeout = ${BLOCKED_MS}`);
    if (path !== ":memory:") this.#database.run("PRAGMA journal_mode = WAL");
    this.#database.run("PRAGMA synchronous = NORMAL");
    this.#database.run("PRAGMA foreign_keys = ON");
    this.#database.run("PRAGMA cache_size = -32768");
    this.#database.run("PRAGMA temp_store = MEMORY");
    // A checkpoint waits for the disk; with a longer log, pages that are written often are carried over once.
    this.#database.run("PRAGMA wal_autocheckpoint = 8000");
  }

  /** Statements of others wait while a transaction is open: there is one connection, and it would be theirs as well. */
  async query(sql: string, params: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    while (this.#open > 0) await this.#turn;
    return whenFree(() => this.#run(sql, params));
  }

  batch(statements: readonly SqlStatement[]): ReturnType<SqlExecutor["batch"]> {
    return batchInside(this, statements);
  }

  transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#transact("BEGIN IMMEDIATE", work));
  }

  snapshot<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#transact("BEGIN", work));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#open += 1;
    const result = this.#turn.then(work).finally(() => {
      this.#open -= 1;
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.#database.close();
  }

  async #transact<T>(begin: "BEGIN" | "BEGIN IMMEDIATE", work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    await whenFree(() => this.#database.run(begin));
    try {
      const result = await work({ dialect: "sqlite", query: (sql, params = []) => this.#settle(sql, params) });
      this.#database.run("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.run("ROLLBACK");
      throw error;
    }
  }

  async #settle(sql: string, params: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#run(sql, params);
  }

  #run(sql: string, params: readonly SqlValue[]): readonly SqlRow[] {
    try {
      return this.#prepared(sql).all(...params);
    } catch (error) {
      if (/^UNIQUE constraint failed/.test((error as Error).message)) throw new StoreConflict("this is there already", { cause: error });
      throw error;
    }
  }

  #prepared(sql: string): Statement<SqlRow, SqlValue[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#forgetOldest();
      statement = this.#database.prepare<SqlRow, SqlValue[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #forgetOldest(): void {
    const oldest = this.#statements.entries().next().value;
    if (oldest === undefined) return;
    const [sql, statement] = oldest;
    statement.finalize();
    this.#statements.delete(sql);
  }
}

/** Tries until no other program holds the database. */
async function whenFree<T>(work: () => T): Promise<T> {
  const until = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY") || performance.now() > until) throw error;
      await Bun.sleep(BLOCKED_MS);
    }
  }
}
