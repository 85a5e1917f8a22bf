import type { SqlExecutor } from "../executor.ts";
import { DAY_MS, startOf } from "./spans.ts";

/** Records that are forgotten at once: the database is free for others in between. */
const CHUNK = 2_000;

/** Forgets what is too old. Sums go by whole days (UTC). @returns records forgotten */
export async function sweepUsage(executor: SqlExecutor, { recordsBefore, sumsBefore }: { readonly recordsBefore?: number; readonly sumsBefore?: number }): Promise<number> {
  let forgotten = 0;
  for (let more = recordsBefore !== undefined; more;) {
    const removed = await executor.query(
      `DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE started_at < ? ORDER BY started_at LIMIT ${CHUNK}) RETURNING id`,
      [recordsBefore ?? 0],
    );
    forgotten += removed.length;
    more = removed.length === CHUNK;
  }
  if (sumsBefore !== undefined) {
    const day = startOf(DAY_MS, sumsBefore);
    await executor.query(`DELETE FROM usage_hours WHERE hour < ?`, [day]);
    await executor.query(`DELETE FROM usage_days WHERE day < ?`, [day]);
  }
  return forgotten;
}
