import type { SqlConnection, SqlExecutor, SqlRow, SqlStatement, SqlValue } from "./executor.ts";

/** Rows of one statement at most. */
const MAX_ROWS = 256;
/** What SQLite takes; PostgreSQL takes twice as many. */
const MAX_PARAMETERS = 32_766;

export interface Insertion {
  readonly table: string;
  readonly columns: readonly string[];
  /** What comes after the values: `ON CONFLICT …`, `RETURNING …`. */
  readonly suffix?: string;
}

/** Inserts many rows with few statements. Sizes are powers of two, so that only a handful of texts is ever prepared. */
export function insertStatements({ table, columns, suffix = "" }: Insertion, rows: readonly (readonly SqlValue[])[], { maxParameters = MAX_PARAMETERS }: Pick<SqlExecutor, "maxParameters"> = {}): readonly SqlStatement[] {
  const one = `(${columns.map(() => "?").join(", ")})`;
  const most = Math.min(MAX_ROWS, Math.floor(maxParameters / columns.length));
  const statements: SqlStatement[] = [];
  for (let at = 0; at < rows.length;) {
    const size = chunkSize(Math.min(most, rows.length - at));
    statements.push({ sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array<string>(size).fill(one).join(", ")} ${suffix}`, params: rows.slice(at, at + size).flat() });
    at += size;
  }
  return statements;
}

/** Runs such statements one by one. @returns what they returned */
export async function insertRows(connection: SqlConnection & Pick<SqlExecutor, "maxParameters">, insertion: Insertion, rows: readonly (readonly SqlValue[])[]): Promise<readonly SqlRow[]> {
  const returned: SqlRow[] = [];
  for (const { sql, params } of insertStatements(insertion, rows, connection)) returned.push(...await connection.query(sql, params));
  return returned;
}

function chunkSize(left: number): number {
  let size = MAX_ROWS;
  while (size > left) size /= 2;
  return size;
}
