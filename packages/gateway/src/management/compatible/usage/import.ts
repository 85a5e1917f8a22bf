import { sha256Hex } from "@dragoman/core";
import { costOf } from "../../../prices/cost.ts";
import type { PriceList } from "../../../prices/price.ts";
import { credentialsOf, type Roster } from "../../../routing/roster.ts";
import type { UsageStore } from "../../../store/port.ts";
import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import type { ApiNames } from "./api-names.ts";
import { importedDetail, usageImport, type ImportedDetail } from "./contract.ts";
import { detailOf } from "./snapshot.ts";
import { usageOfCounts } from "./tokens.ts";

export interface ImportContext {
  readonly names: ApiNames;
  readonly roster: Roster;
  readonly prices: PriceList;
}

export type ReadImport = { readonly ok: true; readonly records: readonly AttemptRecord[]; /** Entries that are none. */ readonly unreadable: number } | { readonly ok: false; readonly reason: "invalid json" | "unsupported version" };

/** An export's attempts as records. The same entry makes the same record, whenever it comes. */
export function readImport(body: unknown, context: ImportContext): ReadImport {
  const parsed = usageImport.safeParse(body);
  if (!parsed.success) return { ok: false, reason: "invalid json" };
  const { version = 0, usage } = parsed.data;
  if (version !== 0 && version !== 1) return { ok: false, reason: "unsupported version" };
  const services = new Map(credentialsOf(context.roster).map(({ credential, service }) => [credential.index, service]));
  const records: AttemptRecord[] = [];
  let unreadable = 0;
  for (const [api, { models }] of Object.entries(usage.apis ?? {})) {
    for (const [model, { details }] of Object.entries(models ?? {})) {
      for (const raw of details ?? []) {
        const entry = importedDetail.safeParse(raw);
        const startedAt = entry.success ? Date.parse(entry.data.timestamp) : Number.NaN;
        if (!entry.success || !Number.isFinite(startedAt) || startedAt < 0) unreadable += 1;
        else records.push(recordOf({ api, model, startedAt, entry: entry.data }, context, services));
      }
    }
  }
  return { ok: true, records, unreadable };
}

interface Entry {
  readonly api: string;
  readonly model: string;
  readonly startedAt: number;
  readonly entry: ImportedDetail;
}

type Services = ReadonlyMap<string, ReturnType<Roster["services"]>[number]>;

function recordOf({ api, model, startedAt, entry }: Entry, { names, prices }: ImportContext, services: Services): AttemptRecord {
  const facts = names.factsOf(api);
  const service = services.get(entry.auth_index);
  const usage = usageOfCounts(entry.tokens);
  const price = prices.priceOf(service?.upstreams[0].provider.id ?? "", model, service?.name);
  return {
    requestId: `imported_${sha256Hex(JSON.stringify([facts, model, entry])).slice(0, 32)}`,
    attempt: 1, startedAt, durationMs: Math.max(0, Math.round(entry.latency_ms)),
    principal: facts.principal, endpoint: facts.endpoint,
    clientDialect: "", upstreamDialect: "",
    provider: service?.name ?? facts.provider,
    credential: entry.source, credentialIndex: entry.auth_index,
    modelAsked: model, modelUpstream: model, streamed: false, passthrough: false,
    outcome: entry.failed ? "failed" : "succeeded", status: entry.failed ? 500 : 200,
    ...(usage !== undefined && { usage, ...(price !== undefined && { costNanoUsd: costOf(usage, price) }) }),
    losses: [],
  };
}

/** What makes two attempts the same: row, model, time, credential, outcome and all tokens; not how long they took. */
function identity(record: AttemptRecord, names: ApiNames): string {
  const { latency_ms: _latency, ...detail } = detailOf(record);
  return JSON.stringify([names.nameOf(record), record.modelUpstream, detail]);
}

const PAGE = 1000;

/** Those that the store does not have, each once. Memory grows with the import, not with the store. */
export async function newAmong(records: readonly AttemptRecord[], store: Pick<UsageStore, "records">, names: ApiNames): Promise<readonly AttemptRecord[]> {
  const wanted = new Map(records.map((record) => [identity(record, names), record]));
  const unique = new Map([...wanted.values()].map((record) => [record.requestId, record]));
  if (unique.size === 0) return [];
  const times = records.map(({ startedAt }) => startedAt);
  const span = { from: times.reduce((a, b) => Math.min(a, b)), to: times.reduce((a, b) => Math.max(a, b)) + 1 };
  let cursor: string | undefined;
  do {
    const page = await store.records({ ...span, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const record of page.records) wanted.delete(identity(record, names));
    cursor = page.nextCursor;
  } while (cursor !== undefined && wanted.size > 0);
  return [...wanted.values()];
}

/** Records that one transaction takes. */
const BATCH = 1000;

export async function appendAll(records: readonly AttemptRecord[], store: Pick<UsageStore, "append">): Promise<void> {
  for (let at = 0; at < records.length; at += BATCH) await store.append(records.slice(at, at + BATCH));
}
