import type { BudgetClaim, BudgetStore, ReservationRequest, Spending } from "../port.ts";
import type { SqlConnection, SqlExecutor, SqlRow } from "./executor.ts";
import { insertRows } from "./insert-rows.ts";
import { DAY_MS, END_OF_TIME } from "./usage/spans.ts";
import { ALL_TOKENS } from "./usage/sum-columns.ts";

/** Budgets are read from the sums that are written with the records, so they are never behind them. */
export function createBudgetStore(executor: SqlExecutor): BudgetStore {
  return {
    spent: (holder, from) => spent(executor, holder, from),
    async spentByHour(holder, from) {
      const rows = await executor.query(`SELECT hour, ${SPENDING} FROM usage_hours WHERE ${ofHolder(holder)} AND hour >= ? GROUP BY hour ORDER BY hour`, [idOf(holder), from]);
      return rows.map((row) => ({ hour: Number(row.hour), ...toSpending(row) })).filter(({ tokens, costNanoUsd }) => tokens > 0 || costNanoUsd > 0);
    },
    reserve: (reservation, now) => executor.transaction((inside) => reserve(inside, reservation, now)),
    async release(ids) {
      for (const id of ids.toSorted()) await executor.query(`DELETE FROM reservations WHERE id = ?`, [id]);
    },
  };
}

const SPENDING = `CAST(COALESCE(SUM(${ALL_TOKENS}), 0) AS BIGINT) AS tokens, CAST(COALESCE(SUM(cost_nano_usd), 0) AS BIGINT) AS cost_nano_usd`;

const toSpending = (row: SqlRow | undefined): Spending => ({ tokens: Number(row?.tokens ?? 0), costNanoUsd: Number(row?.cost_nano_usd ?? 0) });

/** Whole days from the sums by day, the hours before the first of them from those by hour. */
async function spent(connection: SqlConnection, holder: string, from: number): Promise<Spending> {
  const firstDay = Math.ceil(from / DAY_MS) * DAY_MS;
  const select = (table: string, time: string): string =>
    `SELECT input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd FROM ${table} WHERE ${ofHolder(holder)} AND ${time} >= ? AND ${time} < ?`;
  const [row] = await connection.query(
    `SELECT ${SPENDING} FROM (${select("usage_hours", "hour")} UNION ALL ${select("usage_days", "day")}) AS sums`,
    [idOf(holder), from, firstDay, idOf(holder), firstDay, END_OF_TIME],
  );
  return toSpending(row);
}

function ofHolder(holder: string): string {
  return `series_id IN (SELECT series_id FROM usage_series WHERE ${holder.startsWith("key:") ? "key_id" : "user_id"} = ?)`;
}

/** @throws Error when the holder is none */
function idOf(holder: string): number {
  const found = /^(?:key|user):(\d+)$/.exec(holder);
  if (found === null) throw new RangeError(`"${holder}" holds no budget: expected key:<id> or user:<id>`);
  return Number(found[1]);
}

async function reserve(inside: SqlConnection, { id, amount, claims, expiresAt }: ReservationRequest, now: number): Promise<BudgetClaim | undefined> {
  const holders = [...new Set(claims.map(({ holder }) => holder))].sort();
  await lock(inside, holders);
  for (const claim of claims) {
    if (!(await allows(inside, claim, amount, now))) return claim;
  }
  await inside.query(`DELETE FROM reservations WHERE id = ?`, [id]);
  const columns = ["id", "holder", "tokens", "cost_nano_usd", "expires_at"];
  await insertRows(inside, { table: "reservations", columns }, holders.map((holder) => [id, holder, amount.tokens, amount.costNanoUsd, expiresAt]));
  return undefined;
}

/** From here on nobody else reserves for these holders. SQLite has one writer at a time anyway. */
async function lock(inside: SqlConnection, holders: readonly string[]): Promise<void> {
  if (inside.dialect === "sqlite") return;
  await insertRows(inside, { table: "budget_holders", columns: ["holder"], suffix: "ON CONFLICT (holder) DO NOTHING" }, holders.map((holder) => [holder]));
  for (const holder of holders) await inside.query(`SELECT holder FROM budget_holders WHERE holder = ? FOR UPDATE`, [holder]);
}

async function allows(inside: SqlConnection, { holder, from, limitTokens, limitNanoUsd }: BudgetClaim, amount: Spending, now: number): Promise<boolean> {
  await inside.query(`DELETE FROM reservations WHERE holder = ? AND expires_at <= ?`, [holder, now]);
  const [row] = await inside.query(`SELECT CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens, CAST(COALESCE(SUM(cost_nano_usd), 0) AS BIGINT) AS cost_nano_usd FROM reservations WHERE holder = ?`, [holder]);
  const aside = toSpending(row);
  const spending = await spent(inside, holder, from);
  return fits(limitTokens, spending.tokens, aside.tokens, amount.tokens) && fits(limitNanoUsd, spending.costNanoUsd, aside.costNanoUsd, amount.costNanoUsd);
}

/** A budget that has anything left lets one call in that may overrun it, but only one at a time. */
function fits(limit: number | undefined, spentSoFar: number, aside: number, amount: number): boolean {
  if (limit === undefined) return true;
  return spentSoFar < limit && (aside === 0 || spentSoFar + aside + amount <= limit);
}
