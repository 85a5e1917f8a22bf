import type { SqlConnection } from "./executor.ts";

/** Notes that users or keys have changed, as part of the change. */
export async function countChange(inside: SqlConnection): Promise<void> {
  await inside.query(`UPDATE counters SET value = value + 1 WHERE name = 'keys'`);
}

export async function revisionOf(connection: SqlConnection): Promise<number> {
  const [row] = await connection.query(`SELECT value FROM counters WHERE name = 'keys'`);
  return Number(row?.value ?? 0);
}
