import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { configJsonSchema } from "@dragoman/gateway";
import { problemText } from "../../config/config-file.ts";
import { writeAtomically } from "../../config/write-atomically.ts";
import { dataDirectory } from "../../host/data-directory.ts";
import { loadConfigWithSecrets } from "../../host/stored-secrets.ts";
import { UsageError, type Command } from "../command.ts";
import { green, print, red, yellow } from "../terminal.ts";
import example from "../../../../../config.example.yaml" with { type: "text" };

export const configCommand: Command = {
  name: "config",
  summary: "Check, begin or describe a configuration file",
  words: "check|init|schema [FILE]",
  options: {
    json: { type: "boolean", help: "print findings as JSON" },
    force: { type: "boolean", help: "let init replace a file that is there" },
  },
  examples: [
    ["dragoman config check", "read ./config.yaml and say what is wrong, with line and nearest known key"],
    ["dragoman config init", "write a commented config.yaml to start from"],
    ["dragoman config schema > config.schema.json", "JSON Schema for editors"],
  ],
  async run({ words, options }) {
    const [action = "check", file] = words;
    switch (action) {
      case "check":
        return check(file, options.json === true);
      case "init":
        return init(file ?? "config.yaml", options.force === true);
      case "schema":
        print(JSON.stringify(configJsonSchema(), null, 2));
        return 0;
      default:
        throw new UsageError(`config has no "${action}"; it has check, init and schema.`);
    }
  },
};

async function check(file: string | undefined, json: boolean): Promise<number> {
  const result = await loadConfigWithSecrets({ named: file, directory: process.cwd(), home: dataDirectory(), environment: process.env });
  const path = result.ok ? (result.loaded.path ?? "no file") : result.path;
  const problems = result.ok ? [] : result.problems;
  const notes = result.ok ? result.loaded.notes : [];
  if (json) print(JSON.stringify({ path, ok: result.ok, problems, notes }, null, 2));
  else {
    for (const problem of problems) print(`${red("error")} ${problemText(problem, path)}`);
    for (const note of notes) print(`${yellow("note ")} ${problemText(note, path)}`);
    if (result.ok) print(`${green("ok   ")} ${result.loaded.path === undefined ? "there is no config.yaml here; the defaults hold" : path}`);
  }
  return result.ok ? 0 : 1;
}

function init(file: string, force: boolean): number {
  const path = resolve(file);
  if (existsSync(path) && !force) throw new UsageError(`${path} is there already; --force replaces it.`);
  writeAtomically(path, example);
  print(`${green("wrote")} ${path}. Put a key into it, then run: dragoman serve --config ${file}`);
  return 0;
}
