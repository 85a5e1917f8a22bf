import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { asText } from "../columns.ts";
import { StoreConflict } from "../../port.ts";
import type { SqlExecutor } from "../executor.ts";
import { insertStatements } from "../insert-rows.ts";
import { addUp, type Counted } from "./add-up.ts";
import { ATTEMPT_COLUMNS, toAttemptValues, tokensOf } from "./attempt-row.ts";
import type { SeriesBook } from "./series.ts";

interface Line extends Counted {
  readonly name: string;
}

/** Writes records down and adds those that are new to the sums, as one. Nearly always all of them are. */
export async function appendRecords(executor: SqlExecutor, series: SeriesBook, records: readonly AttemptRecord[]): Promise<void> {
  if (records.length === 0) return;
  const seriesIds = await series.idsOf(records);
  const lines = records.map((record, at): Line => ({ name: rowName(record.requestId, record.attempt), record, seriesId: seriesIds[at] as number, tokens: tokensOf(record.usage) }));
  // In one order everywhere, so that two programs with the same records do not wait for each other.
  lines.sort((a, b) => (a.name < b.name ? -1 : 1));
  let left: readonly Line[] = lines;
  for (let tries = 1; left.length > 0; tries++) {
    try {
      await executor.batch([...insertLines(left, executor), ...addUp(left, executor)]);
      return;
    } catch (error) {
      if (!(error instanceof StoreConflict) || tries === TRIES) throw error;
    }
    left = await newOnes(executor, left);
  }
}

/** Another program may write the same records at the same time, a part of them at each try. */
const TRIES = 8;

/** Some are there already, or come twice. */
async function newOnes(executor: SqlExecutor, given: readonly Line[]): Promise<readonly Line[]> {
  const lines = new Map(given.map((line) => [line.name, line]));
  const ids = [...new Set(given.map(({ record }) => asText(record.requestId)))];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const some = ids.slice(at, at + IDS_AT_ONCE);
    const there = await executor.query(`SELECT request_id, attempt FROM attempts WHERE request_id IN (${some.map(() => "?").join(", ")})`, some);
    for (const row of there) lines.delete(rowName(String(row.request_id), Number(row.attempt)));
  }
  return [...lines.values()];
}

/** As many as every database takes for one statement. */
const IDS_AT_ONCE = 64;

function insertLines(lines: readonly Line[], limits: Pick<SqlExecutor, "maxParameters">): ReturnType<typeof insertStatements> {
  return insertStatements({ table: "attempts", columns: ATTEMPT_COLUMNS }, lines.map(({ record, seriesId, tokens }) => toAttemptValues(record, seriesId, tokens)), limits);
}

const rowName = (requestId: string, attempt: number): string => `${asText(requestId)} ${attempt}`;
