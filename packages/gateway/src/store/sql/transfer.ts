import type { SqlConnection, SqlDatabase, SqlValue } from "./executor.ts";
import { insertRows } from "./insert-rows.ts";
import { COUNT_CHANGE } from "./revision.ts";

/** Everything that a backup holds, in an order in which it can be put back, with the columns that a row is known by. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  users: ["id"],
  client_keys: ["id"],
  audit: ["id"],
  secrets: ["name"],
  usage_series: ["series_id"],
  attempts: ["id"],
  usage_hours: ["hour", "series_id"],
  usage_days: ["day", "series_id"],
};

/** Rows that are read or written at once. */
const PAGE = 1_000;

/** Some rows of one table; the same for every database. */
export interface TablePart {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Reads all tables, part by part. The connection is one of `snapshot`, so that the parts fit together. */
export async function* exportTables(connection: SqlConnection): AsyncGenerator<TablePart> {
  for (const [table, key] of Object.entries(TABLES)) {
    let after: readonly SqlValue[] | undefined;
    for (;;) {
      const condition = after === undefined ? "" : `WHERE (${key.join(", ")}) > (${key.map(() => "?").join(", ")})`;
      const rows = await connection.query(`SELECT * FROM ${table} ${condition} ORDER BY ${key.join(", ")} LIMIT ${PAGE}`, after ?? []);
      const last = rows.at(-1);
      if (last === undefined) break;
      const columns = Object.keys(last);
      yield { table, columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
      after = key.map((column) => last[column] ?? null);
    }
  }
}

/** @returns whether there is nothing in the database that a backup would hold */
export async function isEmpty(connection: SqlConnection): Promise<boolean> {
  for (const table of Object.keys(TABLES)) if ((await connection.query(`SELECT 1 AS found FROM ${table} LIMIT 1`)).length > 0) return false;
  return true;
}

/**
 * Puts the rows of a backup in the place of everything that is there, or changes nothing.
 * @throws Error when a part does not fit this schema
 */
export async function importTables(executor: SqlDatabase, parts: AsyncIterable<TablePart> | Iterable<TablePart>): Promise<void> {
  await executor.transaction(async (inside) => {
    for (const table of Object.keys(TABLES).toReversed()) await inside.query(`DELETE FROM ${table}`);
    await inside.query(`DELETE FROM reservations`);
    for await (const { table, columns, rows } of parts) {
      if (!Object.hasOwn(TABLES, table) || !columns.every((column) => /^[a-z_]+$/.test(column))) throw new Error("the backup holds what this program does not know");
      await insertRows(inside, { table, columns }, rows);
    }
    await keepNumbersUnique(inside);
    await inside.query(COUNT_CHANGE.sql);
  });
}

/** Numbers that rows brought along, or that usage refers to, are not given out again. */
async function keepNumbersUnique(inside: SqlConnection): Promise<void> {
  const counters: readonly [table: string, column: string, used: string][] = [
    ["users", "id", "SELECT user_id AS n FROM usage_series"], ["client_keys", "id", "SELECT key_id AS n FROM usage_series"],
    ["audit", "id", ""], ["usage_series", "series_id", ""], ["attempts", "id", ""],
  ];
  for (const [table, column, used] of counters) {
    const own = `SELECT ${column} AS n FROM ${table}`;
    const [row] = await inside.query(`SELECT COALESCE(MAX(n), 0) AS highest FROM (${used === "" ? own : `${own} UNION ALL ${used}`}) AS numbers`);
    const highest = Number(row?.highest ?? 0);
    if (highest === 0) continue;
    if (inside.dialect === "postgres") await inside.query(`SELECT setval(pg_get_serial_sequence('dragoman.${table}', '${column}'), ?)`, [highest]);
    else {
      await inside.query(`DELETE FROM sqlite_sequence WHERE name = ?`, [table]);
      await inside.query(`INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, [table, highest]);
    }
  }
}
