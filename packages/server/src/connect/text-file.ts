import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createHash } from "node:crypto";

/** A file that is edited as text. */
export interface TextFile {
  /** Where it really lies: links are followed. */
  readonly path: string;
  /** `undefined`: there is none yet. */
  readonly bytes: Uint8Array | undefined;
  /** Without a byte order mark. */
  readonly text: string;
  readonly hasMark: boolean;
  /** Of its line ends, the first. */
  readonly newline: "\n" | "\r\n";
  /** Permissions; `undefined` when there is none yet. */
  readonly mode: number | undefined;
}

/** The file cannot be read as what it should be. It is left as it is. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
  /** From 1, where it is known. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

const MARK = "\uFEFF";

/** @throws Unreadable when it is there, but no text */
export function readTextFile(named: string): TextFile {
  const path = realPath(named);
  if (!existsSync(path)) return { path, bytes: undefined, text: "", hasMark: false, newline: "\n", mode: undefined };
  const bytes = new Uint8Array(read(path));
  const whole = textOf(bytes);
  const text = whole.startsWith(MARK) ? whole.slice(1) : whole;
  return { path, bytes, text, hasMark: whole !== text, newline: /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n", mode: statSync(path).mode & 0o777 };
}

/** The same file with another text. */
export function bytesWith(file: Pick<TextFile, "hasMark">, text: string): Uint8Array {
  return new TextEncoder().encode(file.hasMark ? MARK + text : text);
}

export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Unreadable(`cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable("is no text in UTF-8");
  }
}
