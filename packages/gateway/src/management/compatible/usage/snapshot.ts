import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import type { GroupedUsage } from "../../../usage/query.ts";
import type { UsageStore } from "../../../store/port.ts";
import type { ApiNames } from "./api-names.ts";
import type { UsageDetail, UsageSnapshot } from "./contract.ts";
import { localHour, type UtcOffset } from "./local-time.ts";
import { tokenCounts } from "./tokens.ts";

export interface SnapshotOptions {
  readonly names: ApiNames;
  readonly offset: UtcOffset;
  /** Single attempts that are told, the newest first: of each model, and of all together. */
  readonly details: { readonly each: number; readonly all: number };
}

type Counters = Record<string, number>;

/** All that is on record, in the shape of CLIProxyAPI. Counters are exact; single attempts are the newest ones. */
export async function snapshotOf(store: Pick<UsageStore, "group" | "records">, options: SnapshotOptions): Promise<UsageSnapshot> {
  const [hours, rows] = await Promise.all([store.group({ groupBy: ["hour"] }), store.group({ groupBy: ["principal", "endpoint", "provider", "model", "upstreamModel"] })]);
  const apis = apisOf(rows, options.names);
  await addDetails(store, apis, rows, options);
  return { ...totalsOf(hours), ...byLocalTime(hours, options.offset), apis };
}

function totalsOf(rows: readonly GroupedUsage[]): Pick<UsageSnapshot, "total_requests" | "success_count" | "failure_count" | "total_tokens"> {
  const totals = { total_requests: 0, success_count: 0, failure_count: 0, total_tokens: 0 };
  for (const row of rows) {
    totals.total_requests += row.attempts;
    totals.success_count += row.succeeded;
    totals.failure_count += row.attempts - row.succeeded;
    totals.total_tokens += row.totalTokens;
  }
  return totals;
}

/** Sums are kept by the hour of UTC: where the clock is half an hour apart, an hour counts where it begins. */
function byLocalTime(rows: readonly GroupedUsage[], offset: UtcOffset): Pick<UsageSnapshot, "requests_by_day" | "requests_by_hour" | "tokens_by_day" | "tokens_by_hour"> {
  const [requestsByDay, requestsByHour, tokensByDay, tokensByHour]: Counters[] = [{}, {}, {}, {}];
  for (const row of rows) {
    const { day, hour } = localHour(row.hour ?? 0, offset);
    add(requestsByDay, day, row.attempts);
    add(requestsByHour, hour, row.attempts);
    add(tokensByDay, day, row.totalTokens);
    add(tokensByHour, hour, row.totalTokens);
  }
  return { requests_by_day: requestsByDay ?? {}, requests_by_hour: requestsByHour ?? {}, tokens_by_day: tokensByDay ?? {}, tokens_by_hour: tokensByHour ?? {} };
}

function add(counters: Counters | undefined, name: string, amount: number): void {
  if (counters !== undefined) counters[name] = (counters[name] ?? 0) + amount;
}

type Apis = UsageSnapshot["apis"];

/** Names come from strangers, so these maps have no prototype that one of them could be the name of. */
const bare = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

function apisOf(rows: readonly GroupedUsage[], names: ApiNames): Apis {
  const apis: Apis = bare();
  for (const row of rows) {
    const api = (apis[names.nameOf(row)] ??= { total_requests: 0, total_tokens: 0, models: bare() });
    const model = (api.models[modelName(row.upstreamModel)] ??= { total_requests: 0, total_tokens: 0, details: [] });
    for (const sums of [api, model]) {
      sums.total_requests += row.attempts;
      sums.total_tokens += row.totalTokens;
    }
  }
  return apis;
}

const modelName = (name: string | undefined): string => (name === undefined || name === "" ? "unknown" : name);

/** Records that are asked for at once. */
const PAGE = 1000;

async function addDetails(store: Pick<UsageStore, "records">, apis: Apis, rows: readonly GroupedUsage[], { names, details }: SnapshotOptions): Promise<void> {
  const asked = [...new Set(rows.toSorted((a, b) => b.attempts - a.attempts).map(({ model }) => model ?? ""))];
  let left = details.all;
  for (const model of asked) {
    let ofModel = Math.min(details.each, left);
    let cursor: string | undefined;
    while (ofModel > 0) {
      const page = await store.records({ models: [model], limit: Math.min(PAGE, ofModel), ...(cursor !== undefined && { cursor }) });
      for (const record of page.records) apis[names.nameOf(record)]?.models[modelName(record.modelUpstream)]?.details.push(detailOf(record));
      ofModel -= page.records.length;
      left -= page.records.length;
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
  }
  for (const api of Object.values(apis)) for (const model of Object.values(api.models)) model.details.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}

export function detailOf(record: AttemptRecord): UsageDetail {
  return {
    timestamp: new Date(record.startedAt).toISOString(),
    source: record.credential,
    auth_index: record.credentialIndex,
    latency_ms: Math.round(record.durationMs),
    failed: record.outcome !== "succeeded",
    tokens: tokenCounts(record.usage),
  };
}
