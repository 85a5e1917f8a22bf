import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { asText } from "../columns.ts";
import { StoreConflict } from "../../port.ts";
import type { SqlConnection, SqlExecutor } from "../executor.ts";
import { insertRows } from "../insert-rows.ts";
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
  try {
    await executor.transaction(async (inside) => {
      await insertLines(inside, lines, "");
      await addUp(inside, lines);
    });
  } catch (error) {
    if (!(error instanceof StoreConflict)) throw error;
    await appendNew(executor, lines);
  }
}

/** Some are there already, or come twice. */
async function appendNew(executor: SqlExecutor, given: readonly Line[]): Promise<void> {
  const lines = [...new Map(given.map((line) => [line.name, line])).values()];
  await executor.transaction(async (inside) => {
    const inserted = await insertLines(inside, lines, "ON CONFLICT (request_id, attempt) DO NOTHING RETURNING request_id, attempt");
    const isNew = new Set(inserted.map((row) => rowName(String(row.request_id), Number(row.attempt))));
    await addUp(inside, lines.filter(({ name }) => isNew.has(name)));
  });
}

function insertLines(inside: SqlConnection, lines: readonly Line[], suffix: string): ReturnType<typeof insertRows> {
  return insertRows(inside, { table: "attempts", columns: ATTEMPT_COLUMNS, suffix }, lines.map(({ record, seriesId, tokens }) => toAttemptValues(record, seriesId, tokens)));
}

const rowName = (requestId: string, attempt: number): string => `${asText(requestId)} ${attempt}`;
