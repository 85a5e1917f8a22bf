import { resolve } from "node:path";
import { backUp } from "../../host/back-up.ts";
import { findHouse, openCommandExecutor } from "../../host/command-store.ts";
import { CONFIG_OPTION, configPathOf, JSON_OPTION, UsageError, type Command } from "../command.ts";
import { tellRows } from "../row-progress.ts";
import { complain, green, print, yellow } from "../terminal.ts";

export const backupCommand: Command = {
  name: "backup",
  summary: "Write the database and the configuration into one file, also while the gateway runs",
  words: "[FILE]",
  options: {
    config: CONFIG_OPTION,
    "with-keys": { type: "boolean", help: "put the secret key and the seal key in as well: whoever has the file then can open every secret in it" },
    json: JSON_OPTION,
  },
  examples: [
    ["dragoman backup", "write dragoman-<time>.backup here"],
    ["dragoman backup --with-keys /safe/place/all.backup", "everything that another machine needs"],
  ],
  async run({ words, options }) {
    const path = resolve(words[0] ?? `dragoman-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.backup`);
    const house = findHouse({ configPath: configPathOf(options) });
    const executor = await openCommandExecutor(house);
    try {
      const progress = tellRows();
      const report = await backUp(house, executor, { path, withKeys: options["with-keys"] === true, progress: progress.tell }).catch((error: unknown) => {
        throw new UsageError(`the backup could not be written: ${(error as Error).message}`);
      });
      progress.end();
      if (options.json === true) print(JSON.stringify(report, null, 2));
      else print(`${green("wrote")} ${path}`);
      if (report.hasKeys) complain(yellow("note: the file holds the keys: keep it as safe as the keys themselves"));
      else complain(yellow("note: the keys are not in it. Without secret.key, client keys must be made anew and stored secrets set again: keep a copy of it elsewhere, or use --with-keys"));
      return 0;
    } finally {
      await executor.close();
    }
  },
};
