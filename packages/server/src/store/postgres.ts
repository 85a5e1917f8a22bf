import { SQL, type TransactionSQL } from "bun";
import { batchInside, createSqlStore, numberPlaceholders, StoreConflict, type SqlConnection, type SqlDatabase, type SqlExecutor, type SqlRow, type SqlStatement, type SqlValue, type Store } from "@dragoman/gateway";

/** Connections of one gateway. */
const CONNECTIONS = 8;
/** By this, a command sees that gateways are at work. */
export const SERVER_NAME = "dragoman";
/** In seconds. */
const CONNECT_TIMEOUT = 5;
/** Times that a transaction is tried which another one got in the way of. */
const ATTEMPTS = 5;

/** The store in a PostgreSQL database. Connects when it is first used. */
export function openPostgresStore(url: string): Store {
  return createSqlStore(new PostgresExecutor(url));
}

export class PostgresExecutor implements SqlDatabase {
  readonly dialect = "postgres";
  readonly shared = true;
  readonly #sql: SQL;

  /** `name` is what the server's list of connections shows. */
  constructor(url: string, name: string = SERVER_NAME) {
    // Numbers of 64 bits come as bigint, so that they can be told from texts. Tables are in a schema of their own: the database may be another program's as well.
    this.#sql = new SQL(url, { max: CONNECTIONS, connectionTimeout: CONNECT_TIMEOUT, bigint: true, connection: { search_path: "dragoman", application_name: name } });
  }

  query(sql: string, params: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return run(this.#sql, sql, params);
  }

  batch(statements: readonly SqlStatement[]): ReturnType<SqlExecutor["batch"]> {
    return batchInside(this, statements);
  }

  async transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#sql.begin((transaction) => work(inside(transaction)))) as T;
      } catch (error) {
        if (attempt === ATTEMPTS || !isInTheWay(error)) throw error;
      }
    }
  }

  snapshot<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T> {
    return this.#sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", (transaction) => work(inside(transaction))) as Promise<T>;
  }

  close(): Promise<void> {
    return this.#sql.close({ timeout: 1 });
  }
}

const inside = (transaction: TransactionSQL): SqlConnection => ({ dialect: "postgres", query: (sql, params = []) => run(transaction, sql, params) });

async function run(sql: SQL | TransactionSQL, text: string, params: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  try {
    const rows = (await sql.unsafe(prepared(text), [...params])) as readonly Record<string, unknown>[];
    return rows.map(plainRow);
  } catch (error) {
    if (stateOf(error) === UNIQUE_VIOLATION) throw new StoreConflict("this is there already", { cause: error });
    throw error;
  }
}

/** Texts with numbered placeholders; the store has some hundred statements. */
const numbered = new Map<string, string>();

function prepared(text: string): string {
  let known = numbered.get(text);
  if (known === undefined) {
    if (numbered.size > 1_000) numbered.clear();
    numbered.set(text, (known = numberPlaceholders(text)));
  }
  return known;
}

function plainRow(row: Record<string, unknown>): SqlRow {
  for (const key in row) if (typeof row[key] === "bigint") row[key] = Number(row[key]);
  return row as SqlRow;
}

const UNIQUE_VIOLATION = "23505";

/** Deadlock or failed serialisation: whoever lost may simply try again. */
const isInTheWay = (error: unknown): boolean => ["40P01", "40001"].includes(stateOf(error));

/** The server answered, and asking again will not help: a wrong password, no such database, no right to make tables. */
export function isFinal(error: unknown): boolean {
  return /^(28|3D|42|0A)/.test(stateOf(error));
}

/** The five characters by which PostgreSQL names what went wrong; Bun calls them `errno` (Bun 1.4, tried 2026-11). */
function stateOf(error: unknown): string {
  return String((error as { readonly errno?: unknown }).errno ?? "");
}
