import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIG_FILE_NAME } from "../config/config-file.ts";
import { exportTables, importTables, isEmpty, SCHEMA_VERSION, type SqlDatabase, type TablePart, VERSION } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { writeAtomically } from "../config/write-atomically.ts";
import { type BackupHeader, type BackupLine, type BackupPart, readBackup, writeBackup } from "../store/backup-file.ts";
import type { House } from "./command-store.ts";
import { isGatewayRunning } from "./running-marker.ts";

/** Files that open what the database keeps closed. */
const KEY_FILES = ["secret.key", "seal.key"] as const;

/** Rows so far of the table that is just being read or written. */
export type TellProgress = (table: string, rows: number) => void;

export interface BackupReport {
  readonly path: string;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly files: readonly string[];
  /** With the keys, the backup opens every secret in it. */
  readonly hasKeys: boolean;
}

/** Writes everything of a house into one file, also while its gateway runs. */
export async function backUp(house: House, executor: SqlDatabase, options: { readonly path: string; readonly withKeys: boolean; readonly progress: TellProgress }): Promise<BackupReport> {
  const files = houseFiles(house, options.withKeys);
  const rows: Record<string, number> = {};
  await executor.snapshot(async (inside) => {
    const header: BackupHeader = { format: "dragoman-backup", version: 1, schema: SCHEMA_VERSION, at: Date.now(), program: VERSION, database: inside.dialect };
    async function* lines(): AsyncGenerator<BackupLine> {
      yield header;
      yield* files;
      for await (const part of exportTables(inside)) {
        rows[part.table] = (rows[part.table] ?? 0) + part.rows.length;
        options.progress(part.table, rows[part.table] ?? 0);
        yield part;
      }
      yield { end: true, rows: Object.values(rows).reduce((sum, count) => sum + count, 0) };
    }
    await writeBackup(options.path, lines());
  });
  return { path: options.path, rows, files: files.map(({ file }) => file), hasKeys: files.some(({ file }) => isKeyFile(file)) };
}

const isKeyFile = (name: string): boolean => (KEY_FILES as readonly string[]).includes(name);

function houseFiles({ configPath, directory }: House, withKeys: boolean): readonly BackupPart[] {
  const paths = [...(configPath === undefined ? [] : [{ file: CONFIG_FILE_NAME, path: configPath }]), ...(withKeys ? KEY_FILES.map((file) => ({ file, path: join(directory, file) })) : [])];
  return paths.flatMap(({ file, path }) => (existsSync(path) ? [{ file, base64: readFileSync(path).toString("base64") }] : []));
}

/**
 * Puts a backup in the place of what is there. The file is read to its end before anything is changed.
 * @throws UsageError when it is no whole backup, is of a newer program, would overwrite something, or a gateway is running
 */
export async function restore(house: House, executor: SqlDatabase, options: { readonly path: string; readonly force: boolean; readonly progress: TellProgress }): Promise<BackupReport> {
  await refuseIfRunning(house, executor);
  const { header, files, rows } = await examine(options.path);
  if (header.schema > SCHEMA_VERSION) throw new UsageError(`the backup was made by Dragoman ${header.program}, which is newer than this one (${VERSION}).`);
  if (!options.force && !(await isEmpty(executor))) throw new UsageError("the database is not empty; --force puts the backup in the place of everything in it.");
  const targets = files.map((part) => ({ ...part, path: targetOf(house, part.file) }));
  const differing = targets.filter(({ path, base64 }) => existsSync(path) && readFileSync(path).toString("base64") !== base64);
  if (!options.force && differing.length > 0) throw new UsageError(`${differing.map(({ path }) => path).join(", ")} would be overwritten; --force keeps the old one beside it.`);
  await importTables(executor, tableParts(options.path, options.progress)).catch((error: unknown) => {
    throw new UsageError(`the backup could not be put back, and nothing was changed: ${(error as Error).message}`);
  });
  for (const { path } of differing) writeAtomically(`${path}.before-restore`, readFileSync(path));
  for (const { path, base64 } of targets) writeAtomically(path, Buffer.from(base64, "base64"));
  return { path: options.path, rows, files: targets.map(({ path }) => path), hasKeys: files.some(({ file }) => isKeyFile(file)) };
}

async function refuseIfRunning({ directory }: House, executor: SqlDatabase): Promise<void> {
  const connected = executor.dialect === "postgres"
    ? await executor.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'dragoman' AND datname = current_database()`)
    : [];
  if (connected.length > 0 || (executor.dialect === "sqlite" && isGatewayRunning(directory))) throw new UsageError("a gateway is running on this database; stop it first.");
}

function targetOf({ configPath, directory }: House, file: string): string {
  if (file === CONFIG_FILE_NAME) return configPath ?? join(directory, CONFIG_FILE_NAME);
  return join(directory, file);
}

async function examine(path: string): Promise<{ readonly header: BackupHeader; readonly files: readonly BackupPart[]; readonly rows: Readonly<Record<string, number>> }> {
  let header: BackupHeader | undefined;
  const files: BackupPart[] = [];
  const rows: Record<string, number> = {};
  try {
    for await (const line of readBackup(path)) {
      if ("format" in line) header = line;
      else if ("file" in line) files.push(line);
      else if ("table" in line) rows[line.table] = (rows[line.table] ?? 0) + line.rows.length;
      if (header?.format !== "dragoman-backup" || header.version !== 1) throw new Error("it has no header that this program knows");
    }
  } catch (error) {
    throw new UsageError(`${path} is not a whole backup: ${(error as Error).message}`);
  }
  if (header === undefined) throw new UsageError(`${path} is not a backup: it is empty.`);
  const strange = files.find(({ file }) => file !== CONFIG_FILE_NAME && !isKeyFile(file));
  if (strange !== undefined) throw new UsageError(`${path} holds a file that no backup has.`);
  return { header, files, rows };
}

async function* tableParts(path: string, progress: TellProgress): AsyncGenerator<TablePart> {
  const rows: Record<string, number> = {};
  for await (const line of readBackup(path)) {
    if (!("table" in line)) continue;
    rows[line.table] = (rows[line.table] ?? 0) + line.rows.length;
    progress(line.table, rows[line.table] ?? 0);
    yield line;
  }
}
