import { readFileSync } from "node:fs";
import type { AttemptRecord, Store } from "@dragoman/gateway";
import { appendRecords } from "./append-records.ts";
import { readLines } from "./journal-lines.ts";

/** Records that are given to the store at once. */
const BATCH = 500;

/**
 * Gives all records of a journal to the store; those that are there already stay as they are. A line that a dying process
 * wrote in part is left out.
 * @returns records read
 */
export async function replayJournal(path: string, store: Store, onRefused: (record: AttemptRecord, error: unknown) => void): Promise<number> {
  const records = readLines(textOf(path));
  for (let at = 0; at < records.length; at += BATCH) await appendRecords(store, records.slice(at, at + BATCH), onRefused);
  return records.length;
}

/** Empty when somebody else has removed the file. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
