import type { UsageStore } from "../../port.ts";
import { asText } from "../columns.ts";
import type { SqlExecutor } from "../executor.ts";
import { appendRecords } from "./append.ts";
import { toAttemptRecord } from "./attempt-row.ts";
import { groupUsage } from "./group.ts";
import { pageOfRecords } from "./records.ts";
import { SeriesBook } from "./series.ts";
import { sweepUsage } from "./sweep.ts";

/** Single attempts, and sums by hour and day that are written with them. */
export function createUsageStore(executor: SqlExecutor): UsageStore {
  const series = new SeriesBook(executor);
  return {
    append: (records) => appendRecords(executor, series, records),
    group: (query) => groupUsage(executor, query),
    records: (query) => pageOfRecords(executor, query),
    async find(requestId) {
      const rows = await executor.query(`SELECT * FROM attempts JOIN usage_series ON usage_series.series_id = attempts.series_id WHERE request_id = ? ORDER BY attempt`, [asText(requestId)]);
      return rows.map(toAttemptRecord);
    },
    sweep: (limits) => sweepUsage(executor, limits),
  };
}
