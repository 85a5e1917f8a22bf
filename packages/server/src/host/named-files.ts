import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { NamedFiles } from "@dragoman/gateway";
import { writeAtomically } from "../config/write-atomically.ts";

type FileFacts = Awaited<ReturnType<NamedFiles["list"]>>[number];

/** Files in one directory, which is made at the first write, for its owner only. `directory` is asked anew each time. */
export function namedFiles(directory: () => string): NamedFiles {
  const place = (name: string): string => join(absolute(directory()), checked(name));
  return {
    get directory() {
      return absolute(directory());
    },
    list: async () => listed(absolute(directory())),
    read: async (name) => unlessMissing(() => new Uint8Array(readFileSync(place(name)))),
    async write(name, content) {
      const path = place(name);
      mkdirSync(absolute(directory()), { recursive: true, mode: 0o700 });
      writeAtomically(path, content);
    },
    async remove(name) {
      const path = place(name);
      if (unlessMissing(() => statSync(path)) === undefined) return false;
      rmSync(path);
      return true;
    },
  };
}

function listed(directory: string): FileFacts[] {
  const names = unlessMissing(() => readdirSync(directory)) ?? [];
  return names.flatMap((name) => {
    const facts = unlessMissing(() => statSync(join(directory, name)));
    if (facts?.isFile() !== true) return [];
    return [{ name, size: facts.size, modifiedAt: Math.floor(facts.mtimeMs), createdAt: Math.floor(facts.birthtimeMs || facts.ctimeMs) }];
  });
}

/** The callers check names, too; this is the last door before the disk. */
function checked(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name)) throw new Error("not a plain file name");
  return name;
}

/** `~` is the home directory. */
export function absolute(directory: string): string {
  return resolve(directory.replace(/^~(?=$|\/)/, homedir()));
}

/** `undefined` when there is no such file. @throws what else the file system says */
export function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
