import { usageOperations, type UsageRow } from "../contract/usage.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type Office } from "../office.ts";
import { answeredDimensions, type UsageDimension, type UsageSums } from "../../usage/query.ts";
import { settled } from "../../usage/settled.ts";
import { csvResponse } from "./usage/csv.ts";
import { recordLines, summaryLines } from "./usage/exports.ts";
import { filterOf, outcomesOf, type FilterQuery } from "./usage/filter.ts";
import { namesOf } from "./usage/names.ts";
import { overviewOf } from "./usage/overview.ts";
import { attemptViewOf, NO_SUMS, rowView, sumsView } from "./usage/views.ts";

/** Who spent what: sums, single attempts, both as CSV, and the first page. */
export const usageDesks: readonly Desk[] = [
  defineDesk(usageOperations.usageSummary, async ({ query, office }) => {
    const { rows, totals } = await summaryOf(office, query);
    return { rows: [...rows], totals: sumsView(totals) };
  }),
  defineDesk(usageOperations.usageCsv, async ({ query, office }) => {
    const { rows, dimensions } = await summaryOf(office, query);
    return csvResponse("usage-summary", summaryLines(dimensions, rows));
  }),
  defineDesk(usageOperations.usageRecords, async ({ query, office }) => {
    const { store, names } = await ledgerOf(office);
    const { outcome, limit, cursor, ...filter } = query;
    const outcomes = outcomesOf(outcome);
    const page = await store.usage.records({ ...filterOf(filter, names), limit, ...(outcomes !== undefined && { outcomes }), ...(cursor !== undefined && { cursor }) }).catch(refuseCursor);
    return { records: page.records.map((record) => attemptViewOf(record, names)), ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) };
  }),
  defineDesk(usageOperations.usageRecordsCsv, async ({ query, office }) => {
    const { store, names } = await ledgerOf(office);
    const { outcome, ...filter } = query;
    const outcomes = outcomesOf(outcome);
    return csvResponse("usage-records", recordLines(store.usage, { ...filterOf(filter, names), ...(outcomes !== undefined && { outcomes }) }, names));
  }),
  defineDesk(usageOperations.overview, async ({ query, office }) => {
    const { store } = await ledgerOf(office);
    return overviewOf(office, store, query.range);
  }),
];

/** What this process has recorded so far is in the store by then. */
async function ledgerOf(office: Office) {
  const store = storeOf(office);
  await settled(office.engine.ports);
  return { store, names: await namesOf(store, office) };
}

async function summaryOf(office: Office, query: FilterQuery & { readonly groupBy: readonly UsageDimension[] }): Promise<Summary> {
  const { store, names } = await ledgerOf(office);
  const filter = filterOf(query, names);
  const [rows, [totals = NO_SUMS]] = await Promise.all([store.usage.group({ ...filter, groupBy: query.groupBy }), store.usage.group({ ...filter, groupBy: [] })]);
  const dimensions = answeredDimensions(query.groupBy, rows);
  return { rows: rows.map((row) => rowView(row, dimensions, names)), totals, dimensions };
}

interface Summary {
  readonly rows: readonly UsageRow[];
  readonly totals: UsageSums;
  /** What the rows are in fact summed up by. */
  readonly dimensions: readonly UsageDimension[];
}

function refuseCursor(thrown: unknown): never {
  if (thrown instanceof RangeError) throw new OfficeError(400, { error: "cursor: is not one of an earlier page", path: "cursor", in: "query" });
  throw thrown;
}
