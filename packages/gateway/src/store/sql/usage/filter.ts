import type { UsageFilter } from "../../../usage/query.ts";
import type { SqlValue } from "../executor.ts";

/** A condition and the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

const COLUMN_OF = {
  userIds: "user_id", keyIds: "key_id", principals: "principal", providers: "provider", credentials: "credential_index", models: "model_asked", dialects: "client_dialect",
} as const;

/** Which series a filter asks for; `undefined`: all of them. */
export function seriesCondition(filter: UsageFilter): Condition | undefined {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  for (const [member, column] of Object.entries(COLUMN_OF) as [keyof typeof COLUMN_OF, string][]) {
    const values = filter[member];
    if (values === undefined) continue;
    // Any of none: nothing.
    conditions.push(values.length === 0 ? "1 = 0" : `${column} IN (${values.map(() => "?").join(", ")})`);
    params.push(...values);
  }
  return conditions.length === 0 ? undefined : { sql: conditions.join(" AND "), params };
}

/** The same as a condition on `series_id`. */
export function amongSeries(condition: Condition): Condition {
  return { sql: `series_id IN (SELECT series_id FROM usage_series WHERE ${condition.sql})`, params: condition.params };
}

/** The same, but found by looking at each row: an expression has no index. Keeps the database on the way that was chosen. */
export function withoutIndex(among: Condition): Condition {
  return { ...among, sql: among.sql.replace("series_id IN", "series_id + 0 IN") };
}
