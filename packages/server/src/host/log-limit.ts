import { readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { LogFileFacts } from "@dragoman/gateway";
import { MAIN_LOG } from "./log-file.ts";

const LOOK_EVERY_MS = 60_000;

/** Keeps all logs of a directory within a size, those of single requests too: the oldest go first, the one in use never. */
export class LogLimit {
  readonly #directory: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #maxBytes = 0;

  constructor(directory: string) {
    this.#directory = directory;
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Bytes; 0 is no limit. Looks at once. */
  set maxBytes(value: number) {
    this.#maxBytes = value;
    this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    if (this.#maxBytes <= 0) return;
    const files = logFiles(this.#directory);
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files.sort((a, b) => a.modifiedAt - b.modifiedAt)) {
      if (total <= this.#maxBytes) return;
      if (name === MAIN_LOG || !remove(join(this.#directory, name))) continue;
      total -= size;
    }
  }
}

/** Log files of a directory, also packed ones. None when it is not there. */
export function logFiles(directory: string): LogFileFacts[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /\.log(\.gz)?$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const { size, mtimeMs } = statSync(join(directory, name));
      return [{ name, size, modifiedAt: mtimeMs }];
    } catch {
      // Removed by somebody else in the meantime.
      return [];
    }
  });
}

function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
