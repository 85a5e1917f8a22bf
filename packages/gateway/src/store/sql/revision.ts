import type { SqlConnection, SqlStatement } from "./executor.ts";

/** Notes that users or keys have changed, as part of the change. */
export const COUNT_CHANGE: SqlStatement = { sql: `UPDATE counters SET value = value + 1 WHERE name = 'keys'`, params: [] };

/** The same, if the row is there; it goes before the change. */
export function countChangeOf(table: "users" | "client_keys", id: number): SqlStatement {
  return { sql: `${COUNT_CHANGE.sql} AND EXISTS (SELECT 1 FROM ${table} WHERE id = ?)`, params: [id] };
}

export async function revisionOf(connection: SqlConnection): Promise<number> {
  const [row] = await connection.query(`SELECT value FROM counters WHERE name = 'keys'`);
  return Number(row?.value ?? 0);
}
