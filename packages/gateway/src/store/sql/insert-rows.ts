import type { SqlConnection, SqlRow, SqlValue } from "./executor.ts";

/** Rows of one statement at most; the databases take 32,766 parameters. */
const MAX_ROWS = 256;

export interface Insertion {
  readonly table: string;
  readonly columns: readonly string[];
  /** What comes after the values: `ON CONFLICT …`, `RETURNING …`. */
  readonly suffix?: string;
}

/**
 * Inserts many rows with few statements. Sizes are powers of two, so that only a handful of texts is ever prepared.
 * @returns what the statements returned
 */
export async function insertRows(connection: SqlConnection, { table, columns, suffix = "" }: Insertion, rows: readonly (readonly SqlValue[])[]): Promise<readonly SqlRow[]> {
  const one = `(${columns.map(() => "?").join(", ")})`;
  const returned: SqlRow[] = [];
  for (let at = 0; at < rows.length;) {
    const size = chunkSize(rows.length - at);
    const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array<string>(size).fill(one).join(", ")} ${suffix}`;
    for (const row of await connection.query(sql, rows.slice(at, at + size).flat())) returned.push(row);
    at += size;
  }
  return returned;
}

function chunkSize(left: number): number {
  let size = MAX_ROWS;
  while (size > left) size /= 2;
  return size;
}
