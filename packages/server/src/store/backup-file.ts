import { closeSync, createReadStream, createWriteStream, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createGunzip, createGzip } from "node:zlib";
import type { TablePart } from "@dragoman/gateway";

/** The first line of a backup. */
export interface BackupHeader {
  readonly format: "dragoman-backup";
  /** Of this format. */
  readonly version: 1;
  /** Of the tables. */
  readonly schema: number;
  /** Epoch ms. */
  readonly at: number;
  readonly program: string;
  readonly database: string;
}

/** A file that belongs to the house: the configuration, a key. */
export interface BackupPart {
  readonly file: string;
  readonly base64: string;
}

interface BackupEnd {
  readonly end: true;
  readonly rows: number;
}

export type BackupLine = BackupHeader | BackupPart | TablePart | BackupEnd;

/** One JSON text a line, gzipped: the same for every database. Whole or not at all, and for its owner only. */
export async function writeBackup(path: string, lines: AsyncIterable<BackupLine>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = createWriteStream(temporary, { flags: "wx", mode: 0o600 });
  const gzip = createGzip({ level: 6 });
  const written = new Promise<void>((resolve, reject) => {
    for (const stream of [file, gzip]) stream.once("error", reject);
    file.once("close", resolve);
  });
  written.catch(() => undefined);
  try {
    gzip.pipe(file);
    for await (const line of lines) {
      if (!gzip.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(gzip, "drain"), written]);
    }
    gzip.end();
    await written;
    sync(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function sync(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}

/** @throws Error when the file is no backup, or not a whole one */
export async function* readBackup(path: string): AsyncGenerator<BackupLine> {
  const source = createReadStream(path);
  const unzipped = createGunzip();
  source.once("error", (error) => unzipped.destroy(error));
  const lines = createInterface({ input: source.pipe(unzipped), crlfDelay: Infinity });
  const failed = new Promise<never>((_resolve, reject) => unzipped.once("error", reject));
  failed.catch(() => undefined);
  let rows = 0;
  let ended = false;
  const iterator = lines[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), failed]);
    if (next.done === true) break;
    const line = JSON.parse(next.value) as BackupLine;
    if ("rows" in line && "table" in line) rows += line.rows.length;
    if ("end" in line) {
      if (line.rows !== rows) throw new Error("rows are missing");
      ended = true;
    }
    yield line;
  }
  if (!ended) throw new Error("the end is missing");
}
