import type { ApplicationLog, LogFileFacts } from "../../office.ts";

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** A place in the files: all before it was read. */
export interface LogPosition {
  readonly file: string;
  /** Bytes; at the beginning of a line. */
  readonly offset: number;
}

/** The lines from a place on, oldest first, and the place behind each file's last whole line. */
export async function readForward(log: ApplicationLog, files: readonly LogFileFacts[], from: LogPosition | undefined, take: (line: string) => void): Promise<LogPosition | undefined> {
  const first = from === undefined ? 0 : files.findIndex(({ name }) => name === from.file);
  let end = from;
  for (const [place, file] of files.entries()) {
    if (place < first) continue;
    const start = file.name === from?.file ? from.offset : 0;
    const isLast = place === files.length - 1;
    const offset = await readFile(log, { file, start, isLast }, take);
    if (offset > 0) end = { file: file.name, offset };
  }
  return end;
}

interface Stretch {
  readonly file: LogFileFacts;
  readonly start: number;
  /** The end of the file in use may be half a line; of older ones it is what there is. */
  readonly isLast: boolean;
}

/** @returns the offset behind the last line that was taken */
async function readFile(log: ApplicationLog, { file, start, isLast }: Stretch, take: (line: string) => void): Promise<number> {
  let rest: Uint8Array = new Uint8Array(0);
  let offset = start;
  for (let at = start; at < file.size;) {
    const chunk = await log.read(file.name, at, Math.min(at + CHUNK_BYTES, file.size));
    if (chunk.length === 0) break;
    at += chunk.length;
    const bytes = joined(rest, chunk);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    for (const line of linesOf(bytes.subarray(0, end))) take(line);
    offset += end;
    rest = bytes.subarray(end);
  }
  if (isLast || rest.length === 0) return offset;
  for (const line of linesOf(rest)) take(line);
  return offset + rest.length;
}

/** The newest `limit` whole lines, oldest first, read from the end. */
export async function readBackward(log: ApplicationLog, files: readonly LogFileFacts[], limit: number): Promise<{ readonly lines: readonly string[]; readonly end: LogPosition | undefined }> {
  const found: string[][] = [];
  let count = 0;
  let end: LogPosition | undefined;
  for (const [place, file] of [...files.entries()].reverse()) {
    if (count >= limit) break;
    const tail = await readTail(log, file, { limit: limit - count, isLast: place === files.length - 1 });
    if (tail.end > 0) end ??= { file: file.name, offset: tail.end };
    found.unshift(tail.lines);
    count += tail.lines.length;
  }
  return { lines: found.flat(), end };
}

async function readTail(log: ApplicationLog, file: LogFileFacts, { limit, isLast }: { readonly limit: number; readonly isLast: boolean }): Promise<{ readonly lines: string[]; readonly end: number }> {
  let bytes: Uint8Array = new Uint8Array(0);
  let start = file.size;
  let newlines = 0;
  while (start > 0 && newlines <= limit) {
    const from = Math.max(0, start - CHUNK_BYTES);
    const chunk = await log.read(file.name, from, start);
    if (chunk.length === 0) break;
    newlines += chunk.reduce((sum, byte) => sum + Number(byte === NEWLINE), 0);
    bytes = joined(chunk, bytes);
    start = from;
  }
  const wholeEnd = bytes.lastIndexOf(NEWLINE) + 1;
  const end = isLast ? wholeEnd : bytes.length;
  // Where it does not begin at the file's beginning, the first line may be half of one.
  const begin = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
  const lines = linesOf(bytes.subarray(begin, Math.max(begin, end)));
  return { lines: lines.slice(-limit), end: start + end };
}

function linesOf(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const lines = new TextDecoder().decode(bytes).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
