import { defineDesk, OfficeError, type Desk, type Office } from "../office.ts";
import type { Store } from "../../store/port.ts";
import { settled } from "../../usage/settled.ts";
import { apiNames } from "./usage/api-names.ts";
import { compatibleUsageOperations, type UsageSnapshot } from "./usage/contract.ts";
import { appendAll, newAmong, readImport } from "./usage/import.ts";
import { serverOffset } from "./usage/local-time.ts";
import { queueEntry } from "./usage/queue-entry.ts";
import { snapshotOf, type SnapshotOptions } from "./usage/snapshot.ts";

/** Single attempts in `/usage`; an export has more of them, as it is all that another gateway gets. */
const SHOWN = { each: 500, all: 5000 };
const EXPORTED = { each: 100_000, all: 100_000 };

const NOTHING: UsageSnapshot = {
  total_requests: 0, success_count: 0, failure_count: 0, total_tokens: 0, requests_by_day: {}, requests_by_hour: {}, tokens_by_day: {}, tokens_by_hour: {}, apis: {},
};

/** The statistics of CLIProxyAPI, out of the ledger: they survive restarts. */
export const compatibleUsageDesks: readonly Desk[] = [
  defineDesk(compatibleUsageOperations.usage, async ({ office }) => {
    const usage = office.store === undefined ? NOTHING : await statistics(office, office.store, SHOWN);
    return { usage, failed_requests: usage.failure_count };
  }),
  defineDesk(compatibleUsageOperations.exportUsage, async ({ office }) => {
    const usage = await statistics(office, ledgerOf(office), EXPORTED);
    return { version: 1 as const, exported_at: new Date(office.engine.ports.clock.now()).toISOString(), usage };
  }),
  defineDesk(compatibleUsageOperations.importUsage, async ({ office, body, note }) => {
    const store = ledgerOf(office);
    await settled(office.engine.ports);
    const names = await apiNames(office);
    const read = readImport(body, { names, roster: office.engine.switchboard.roster, prices: office.settings().prices });
    if (!read.ok) throw new OfficeError(400, read.reason);
    const fresh = await newAmong(read.records, store.usage, names);
    await appendAll(fresh, store.usage);
    const skipped = read.records.length - fresh.length + read.unreadable;
    note(undefined, { added: fresh.length, skipped });
    const [totals] = await store.usage.group({ groupBy: [] });
    return { added: fresh.length, skipped, total_requests: totals?.attempts ?? 0, failed_requests: (totals?.attempts ?? 0) - (totals?.succeeded ?? 0) };
  }),
  defineDesk(compatibleUsageOperations.usageQueue, async ({ office, query }) => {
    const count = query.count === undefined || query.count === "" ? 1 : Number(query.count);
    if (!Number.isSafeInteger(count) || count < 1) throw new OfficeError(400, "count must be a positive integer");
    const taken = office.usageQueue.pop(count, office.settings().usageQueueMs);
    if (taken.length === 0) return [];
    const names = await apiNames(office);
    return taken.map((attempt) => queueEntry(attempt, names));
  }),
];

function ledgerOf({ store }: Office): Store {
  if (store === undefined) throw new OfficeError(400, "usage statistics unavailable");
  return store;
}

async function statistics(office: Office, store: Store, details: SnapshotOptions["details"]): Promise<UsageSnapshot> {
  await settled(office.engine.ports);
  return snapshotOf(store.usage, { names: await apiNames(office), offset: office.ports.facts.utcOffsetMinutes ?? serverOffset, details });
}
