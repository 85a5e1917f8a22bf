import { existsSync } from "node:fs";
import { UsageError } from "../command.ts";
import { findHouse, openCommandStore } from "../../host/command-store.ts";
import { openInfiniproxy } from "./infiniproxy-database.ts";
import { moveIn, type Moved } from "./move-in.ts";

export type DatabaseReport = Moved;

/** Takes over users, keys and usage of another gateway's database, which is only read. @throws UsageError */
export async function importDatabase(system: string, { path, configPath, dry }: { readonly path: string; readonly configPath: string | undefined; readonly dry: boolean }): Promise<DatabaseReport> {
  if (system !== "infiniproxy") throw new UsageError(`${system} has no database; --database is for infiniproxy.`);
  if (!existsSync(path)) throw new UsageError(`there is no ${path}.`);
  const theirs = openInfiniproxy(path);
  try {
    if (dry) return theirs.count();
    const store = await openCommandStore(findHouse({ configPath }));
    try {
      return await moveIn(theirs, store);
    } finally {
      await store.close();
    }
  } finally {
    theirs.close();
  }
}
