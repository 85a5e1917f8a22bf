import type { BudgetClaim, BudgetStore, ReservationRequest, Spending } from "../port.ts";
import type { SqlConnection, SqlExecutor, SqlRow, SqlStatement } from "./executor.ts";
import { insertStatements } from "./insert-rows.ts";
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
    reserve: (reservation, now) => reserve(executor, reservation, now),
    async release(ids) {
      for (const id of ids.toSorted()) await executor.query(`DELETE FROM reservations WHERE id = ?`, [id]);
    },
  };
}

const SPENDING = `CAST(COALESCE(SUM(${ALL_TOKENS}), 0) AS BIGINT) AS tokens, CAST(COALESCE(SUM(cost_nano_usd), 0) AS BIGINT) AS cost_nano_usd`;

const toSpending = (row: SqlRow | undefined): Spending => ({ tokens: Number(row?.tokens ?? 0), costNanoUsd: Number(row?.cost_nano_usd ?? 0) });

/** Whole days from the sums by day, the hours before the first of them from those by hour. */
async function spent(connection: SqlConnection, holder: string, from: number): Promise<Spending> {
  const { sql, params } = spentSince(holder, from, SPENDING);
  const [row] = await connection.query(sql, params);
  return toSpending(row);
}

function spentSince(holder: string, from: number, columns: string): SqlStatement {
  const firstDay = Math.ceil(from / DAY_MS) * DAY_MS;
  const select = (table: string, time: string): string =>
    `SELECT input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd FROM ${table} WHERE ${ofHolder(holder)} AND ${time} >= ? AND ${time} < ?`;
  return {
    sql: `SELECT ${columns} FROM (${select("usage_hours", "hour")} UNION ALL ${select("usage_days", "day")}) AS sums`,
    params: [idOf(holder), from, firstDay, idOf(holder), firstDay, END_OF_TIME],
  };
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

/** One batch, which cannot go by what it reads: the amount is set aside, and each claim that does not allow it takes it back. */
async function reserve(executor: SqlExecutor, { id, amount, claims, expiresAt }: ReservationRequest, now: number): Promise<BudgetClaim | undefined> {
  const holders = [...new Set(claims.map(({ holder }) => holder))].sort();
  const before = [
    ...locks(executor, holders),
    ...holders.map((holder) => ({ sql: `DELETE FROM reservations WHERE holder = ? AND expires_at <= ?`, params: [holder, now] })),
    ...insertStatements({ table: "reservations", columns: ["id", "holder", "tokens", "cost_nano_usd", "expires_at"], suffix: ASIDE_ALREADY }, holders.map((holder) => [id, holder, amount.tokens, amount.costNanoUsd, expiresAt])),
  ];
  const checks = claims.flatMap((claim) => checksOf(claim, id, amount));
  const answers = await executor.batch([...before, ...checks.map(({ takeBack }) => takeBack)]);
  return checks.find((_, at) => (answers[before.length + at]?.length ?? 0) > 0)?.claim;
}

const ASIDE_ALREADY = `ON CONFLICT (id, holder) DO UPDATE SET tokens = excluded.tokens, cost_nano_usd = excluded.cost_nano_usd, expires_at = excluded.expires_at`;

/** From here on nobody else reserves for these holders. SQLite has one writer at a time anyway. */
function locks({ dialect }: SqlExecutor, holders: readonly string[]): readonly SqlStatement[] {
  if (dialect === "sqlite") return [];
  return [
    ...insertStatements({ table: "budget_holders", columns: ["holder"], suffix: "ON CONFLICT (holder) DO NOTHING" }, holders.map((holder) => [holder])),
    ...holders.map((holder) => ({ sql: `SELECT holder FROM budget_holders WHERE holder = ? FOR UPDATE`, params: [holder] })),
  ];
}

interface Check {
  readonly claim: BudgetClaim;
  /** Returns rows if the claim does not allow the amount. */
  readonly takeBack: SqlStatement;
}

function checksOf(claim: BudgetClaim, id: string, { tokens, costNanoUsd }: Spending): readonly Check[] {
  const { limitTokens, limitNanoUsd } = claim;
  return [
    ...(limitTokens === undefined ? [] : [{ claim, takeBack: takeBack(claim, { id, spent: ALL_TOKENS, aside: "tokens", amount: tokens, limit: limitTokens }) }]),
    ...(limitNanoUsd === undefined ? [] : [{ claim, takeBack: takeBack(claim, { id, spent: "cost_nano_usd", aside: "cost_nano_usd", amount: costNanoUsd, limit: limitNanoUsd }) }]),
  ];
}

interface Room {
  readonly id: string;
  /** What is summed of usage, and of reservations. */
  readonly spent: string;
  readonly aside: "tokens" | "cost_nano_usd";
  readonly amount: number;
  readonly limit: number;
}

/** A budget that has anything left lets one call in that may overrun it, but only one at a time. */
function takeBack({ holder, from }: BudgetClaim, { id, spent, aside, amount, limit }: Room): SqlStatement {
  const soFar = spentSince(holder, from, `COALESCE(SUM(${spent}), 0)`);
  const others = `SELECT COALESCE(SUM(${aside}), 0) FROM reservations WHERE holder = ? AND id <> ?`;
  return {
    sql: `DELETE FROM reservations WHERE id = ? AND EXISTS (SELECT 1 FROM (SELECT (${soFar.sql}) AS spent, (${others}) AS aside) AS used
     WHERE used.spent >= CAST(? AS BIGINT) OR (used.aside > 0 AND used.spent + used.aside + CAST(? AS BIGINT) > CAST(? AS BIGINT))) RETURNING holder`,
    params: [id, ...soFar.params, holder, id, limit, amount, limit],
  };
}
