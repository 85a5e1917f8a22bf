import { sha256Hex } from "@dragoman/core";
import type { ApplicationLog, LogFileFacts } from "../../office.ts";
import type { LogPosition } from "./log-reader.ts";

/** So much of a file's beginning tells it from others, also under another name. */
const FINGERPRINT_BYTES = 512;

interface CursorParts {
  readonly file: string;
  readonly offset: number;
  readonly print: string;
}

/** What a client shows to go on from where it was. Empty files and none at all have no place yet. */
export async function encodeCursor(log: ApplicationLog, position: LogPosition | undefined): Promise<string> {
  const parts: CursorParts = position === undefined ? { file: "", offset: 0, print: "" } : { ...position, print: await fingerprint(log, position) };
  return btoa(JSON.stringify(parts)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Where a cursor stands now. A file that was put aside under another name is known by its beginning, so that nothing is
 * missed and nothing comes twice.
 * @returns `undefined` for the very beginning, `"lost"` when the file is gone, was emptied, or the cursor is none
 */
export async function findCursor(log: ApplicationLog, files: readonly LogFileFacts[], cursor: string): Promise<LogPosition | undefined | "lost"> {
  const parts = decode(cursor);
  if (parts === undefined) return "lost";
  if (parts.offset === 0) return undefined;
  const sameNameFirst = [...files].sort((a, b) => Number(b.name === parts.file) - Number(a.name === parts.file));
  for (const { name, size } of sameNameFirst) {
    const position: LogPosition = { file: name, offset: parts.offset };
    if (size >= parts.offset && (await fingerprint(log, position)) === parts.print) return position;
  }
  return "lost";
}

function decode(cursor: string): CursorParts | undefined {
  try {
    const parts = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))) as Partial<CursorParts> | null;
    const { file, offset, print } = parts ?? {};
    if (typeof file !== "string" || typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0 || typeof print !== "string") return undefined;
    return { file, offset, print };
  } catch {
    return undefined;
  }
}

async function fingerprint(log: ApplicationLog, { file, offset }: LogPosition): Promise<string> {
  const bytes = await log.read(file, 0, Math.min(FINGERPRINT_BYTES, offset));
  return sha256Hex([...bytes].join(",")).slice(0, 16);
}
