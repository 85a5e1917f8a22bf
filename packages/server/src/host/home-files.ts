import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HomeFiles } from "@dragoman/gateway";
import { writeAtomically } from "../config/write-atomically.ts";
import { unlessMissing } from "./named-files.ts";

/** Files that other programs keep below a home directory. */
export function homeFiles(home: string): HomeFiles {
  const place = (path: string): string => {
    if (path.split("/").some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part))) throw new Error("not a plain path");
    return join(home, path);
  };
  return {
    read: async (path) => unlessMissing(() => new Uint8Array(readFileSync(place(path)))),
    /** Nothing is waited for before it is on disk. */
    async write(path, content) {
      const target = place(path);
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      writeAtomically(target, content);
    },
  };
}
