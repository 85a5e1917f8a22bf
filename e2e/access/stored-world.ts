import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@dragoman/gateway";
import type { Script } from "@dragoman/gateway/testing";
import { UsageJournal } from "../../packages/server/src/store/usage-journal.ts";
import { startAccessWorld, type AccessWorld } from "./access-world.ts";

/** A gateway on a store that outlives it, with the ledger as the server has it. */
export interface StoredWorld extends AccessWorld {
  /** As at the end of a program: what is recorded is in the store then. */
  close(): Promise<void>;
}

export async function startStoredWorld(store: Store, script: Script, more: Record<string, unknown> = {}): Promise<StoredWorld> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-journal-"));
  const log: unknown[] = [];
  const usage = new UsageJournal({ store, directory, logger: { log: (_level, event, fields) => void log.push({ event, fields }) } });
  const background = new Set<Promise<unknown>>();
  const run = (work: Promise<unknown>): void => {
    const done: Promise<unknown> = work.catch(() => undefined).finally(() => background.delete(done));
    background.add(done);
  };
  const world = await startAccessWorld(script, more, { ports: { store, usage, background: { run } } });
  return {
    ...world,
    store,
    async close() {
      await world.close();
      await Promise.all(background);
      await usage.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
