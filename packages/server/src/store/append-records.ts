import type { AttemptRecord, Store } from "@dragoman/gateway";

/**
 * Appends a batch. When the database refuses it for what is in it, and not because it cannot be reached, the records are
 * tried one by one, so that a bad one does not keep the good ones out.
 * @throws Error when the database cannot be reached; the batch may be tried again
 */
export async function appendRecords(store: Store, records: readonly AttemptRecord[], onRefused: (record: AttemptRecord, error: unknown) => void): Promise<void> {
  try {
    await store.usage.append(records);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    for (const record of records) await appendOne(store, record, onRefused);
  }
}

async function appendOne(store: Store, record: AttemptRecord, onRefused: (record: AttemptRecord, error: unknown) => void): Promise<void> {
  try {
    await store.usage.append([record]);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    onRefused(record, error);
  }
}

/** PostgreSQL's classes 22 (bad data) and 23 (broken constraint), SQLite's names of the same, and what is no record at all. */
function isRefusal(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
  return /^(22|23)/.test(String(errno)) && String(errno).length === 5 || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(String(code));
}
