import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ConfigNote, findingText } from "@dragoman/gateway";
import { parseConfigText, problemText } from "../../config/config-file.ts";
import { withEnvironmentFile } from "../../config/environment-file.ts";
import { writeAtomically } from "../../config/write-atomically.ts";
import { UsageError } from "../command.ts";
import { complain, dim, green, print, yellow } from "../terminal.ts";
import { importDatabase, type DatabaseReport } from "./import-database.ts";
import { readSource, type Source } from "./read-source.ts";
import { renderConfig, withValues } from "./render-config.ts";
import { systemNamed, type ImportableSystem, type Imported } from "./systems.ts";

export interface ImportOptions {
  readonly system: string;
  readonly file: string | undefined;
  readonly output: string;
  readonly database: string | undefined;
  readonly configPath: string | undefined;
  readonly force: boolean;
  readonly dry: boolean;
  readonly json: boolean;
}

interface Report {
  readonly system: string;
  /** Absent: only a database was taken over. */
  readonly output?: string;
  readonly written: boolean;
  readonly notes: readonly ConfigNote[];
  readonly database?: DatabaseReport;
}

/**
 * Writes another gateway's settings into a file of ours, and takes over its users, keys and usage.
 * @returns the exit code
 * @throws UsageError when a file is none of that system's, or one is in the way
 */
export async function importSystem(options: ImportOptions): Promise<number> {
  const system = systemNamed(options.system);
  if (options.file === undefined && options.database === undefined) throw new UsageError(`import ${system.id} takes a file: ${system.files}.`);
  const written = options.file === undefined ? undefined : writeSettings(system, readSource(options.file), options);
  const database = options.database === undefined ? undefined : await importDatabase(system.id, { path: resolve(options.database), configPath: options.configPath, dry: options.dry });
  const report: Report = { system: system.id, ...(written !== undefined && { output: written.output }), written: written !== undefined && !options.dry, notes: written?.notes ?? [], ...(database !== undefined && { database }) };
  if (options.json) print(JSON.stringify(report, null, 2));
  else tell(report, written?.shown, options.dry);
  return 0;
}

interface Written {
  readonly output: string;
  readonly notes: readonly ConfigNote[];
  /** The text without what the source's variables hold. */
  readonly shown: string;
}

function writeSettings(system: ImportableSystem, source: Source, { output: given, force, dry }: ImportOptions): Written {
  const output = resolve(given);
  if (output === source.path) throw new UsageError(`${output} is the file that is read: name another with --output.`);
  if (existsSync(output) && !force && !dry) throw new UsageError(`${output} is there already; --force replaces it, --output names another.`);
  const { environment } = withEnvironmentFile(source.directory, process.env);
  const imported = system.read(source, environment);
  if (imported === undefined) throw new UsageError(`${source.path} holds no settings of ${system.name}.`);
  const keeps = source.isEnvironmentFile && source.directory === dirname(output);
  const shown = textOf(imported, source, {});
  const text = keeps ? shown : textOf(imported, source, source.variables);
  const parsed = parseConfigText(text, { ...environment, ...source.variables });
  if (!parsed.ok) throw new UsageError(["what was made of it cannot be used:", ...parsed.problems.map((problem) => `  ${problemText(problem, source.path)}`)].join("\n"));
  if (!dry) {
    mkdirSync(dirname(output), { recursive: true, mode: 0o700 });
    writeAtomically(output, text);
  }
  const own = [...(imported.kind === "text" ? imported.notes : imported.settings.notes), ...(keeps ? [] : leftBehind(source, text))];
  return { output, notes: [...own, ...parsed.notes.filter(({ path }) => !own.some((note) => note.path === path))], shown };
}

/** Keys that no configuration holds: the program looks for them in its surroundings. */
function leftBehind({ variables }: Source, text: string): readonly ConfigNote[] {
  return Object.entries(variables).filter(([name, value]) => /_(KEYS?|TOKEN)$/.test(name) && value.trim() !== "" && !text.includes(value.trim()))
    .map(([path]) => ({ kind: "warning", path, message: "is not written into the file: set it in the environment, or in a .env where the program is started" }));
}

function textOf(imported: Imported, { path }: Source, variables: Readonly<Record<string, string>>): string {
  if (imported.kind === "text") return imported.text;
  const { config, notes } = imported.settings;
  return renderConfig({ config: withValues(config, variables) as typeof config, notes }, `Imported from ${path}.`);
}

function tell({ output, notes, database }: Report, shown: string | undefined, dry: boolean): void {
  if (dry && shown !== undefined) print(shown);
  for (const note of notes) complain(yellow(`note: ${note.path}: ${findingText(note)}`));
  if (output !== undefined) print(`${green(dry ? "would write" : "wrote")} ${output}`);
  if (database !== undefined) print(`${green(dry ? "would take over" : "taken over")} ${database.users} users, ${database.keys} keys, ${database.usage} records of usage${database.known > 0 ? `; ${database.known} were here already` : ""}`);
  if (database !== undefined && database.keys > 0 && !dry) complain(dim("The keys stay what they are for those who have them."));
  if (output !== undefined && !dry) print(dim(`Look it over, then run: dragoman serve --config ${output}`));
}
