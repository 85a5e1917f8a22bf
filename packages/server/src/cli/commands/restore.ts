import { resolve } from "node:path";
import { restore } from "../../host/back-up.ts";
import { findHouse, openCommandExecutor } from "../../host/command-store.ts";
import { CONFIG_OPTION, configPathOf, JSON_OPTION, UsageError, type Command } from "../command.ts";
import { tellRows } from "../row-progress.ts";
import { green, print } from "../terminal.ts";

export const restoreCommand: Command = {
  name: "restore",
  summary: "Put a backup back, into SQLite or PostgreSQL, whichever it came from",
  words: "FILE",
  options: {
    config: CONFIG_OPTION,
    force: { type: "boolean", help: "in the place of what is there: rows are removed, files are kept as NAME.before-restore" },
    json: JSON_OPTION,
  },
  examples: [
    ["dragoman restore all.backup", "into an empty data directory"],
    ["DATABASE_URL=postgres://… dragoman restore all.backup", "move from SQLite to PostgreSQL"],
  ],
  async run({ words, options }) {
    const [file] = words;
    if (file === undefined) throw new UsageError("restore takes a file that \"dragoman backup\" wrote.");
    const house = findHouse({ configPath: configPathOf(options) });
    const executor = await openCommandExecutor(house);
    try {
      const progress = tellRows();
      const report = await restore(house, executor, { path: resolve(file), force: options.force === true, progress: progress.tell });
      progress.end();
      if (options.json === true) print(JSON.stringify(report, null, 2));
      else print(`${green("restored")} ${Object.entries(report.rows).map(([table, rows]) => `${rows} ${table}`).join(", ")}${report.files.map((path) => `\n${green("wrote")} ${path}`).join("")}`);
      return 0;
    } finally {
      await executor.close();
    }
  },
};
