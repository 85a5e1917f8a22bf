import { closeSync, openSync, readdirSync, readSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { ApplicationLog, LogFileFacts } from "@dragoman/gateway";
import { unlessMissing } from "./named-files.ts";

/** The one in use. */
const CURRENT = "main.log";
/** Those that were put aside: by number, or by time. */
const ASIDE = /^main(\.log\.\d+|-\d{4}-\d\d-\d\dT.*\.log)$/;

export interface ApplicationLogOptions {
  readonly directory: () => string;
  readonly enabled: () => boolean;
}

/** The program's own log files, for reading. */
export function applicationLog({ directory, enabled }: ApplicationLogOptions): ApplicationLog {
  return {
    get enabled() {
      return enabled();
    },
    files: async () => filesOf(directory()),
    read: async (name, from, to) => unlessMissing(() => readStretch(join(directory(), known(name)), from, to)) ?? new Uint8Array(0),
    async clear() {
      const aside = filesOf(directory()).filter(({ name }) => name !== CURRENT);
      for (const { name } of aside) rmSync(join(directory(), name), { force: true });
      unlessMissing(() => truncateSync(join(directory(), CURRENT)));
      return aside.length;
    },
  };
}

function filesOf(directory: string): LogFileFacts[] {
  const names = (unlessMissing(() => readdirSync(directory)) ?? []).filter((name) => name === CURRENT || ASIDE.test(name));
  const files = names.flatMap((name): LogFileFacts[] => {
    const facts = unlessMissing(() => statSync(join(directory, name)));
    return facts?.isFile() === true ? [{ name, size: facts.size, modifiedAt: Math.ceil(facts.mtimeMs) }] : [];
  });
  return files.sort((a, b) => Number(a.name === CURRENT) - Number(b.name === CURRENT) || a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1));
}

function known(name: string): string {
  if (name !== CURRENT && !ASIDE.test(name)) throw new Error("not a log file");
  return name;
}

function readStretch(path: string, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  const file = openSync(path, "r");
  try {
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(file, bytes, length, bytes.length - length, from + length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
