import type { AccountFiles } from "./account-files.ts";

/** How names of files below the home directory begin; the rest is their path there. */
export const HOME = "~/";

/** Files that other programs keep below the home directory. Paths are plain, with `/`. */
export interface HomeFiles {
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all, for its owner only. */
  write(path: string, content: string): Promise<void>;
}

/** The directory of logins, and by names that begin with `~/` what stands below the home directory. Only the former is listed. */
export function withHomeFiles(files: AccountFiles, home: HomeFiles | undefined): AccountFiles {
  if (home === undefined) return files;
  const isThere = (name: string): boolean => name.startsWith(HOME);
  const pathOf = (name: string): string => name.slice(HOME.length);
  return {
    get directory() {
      return files.directory;
    },
    list: () => files.list(),
    read: (name) => (isThere(name) ? home.read(pathOf(name)) : files.read(name)),
    write: (name, content) => (isThere(name) ? home.write(pathOf(name), typeof content === "string" ? content : new TextDecoder().decode(content)) : files.write(name, content)),
    remove: (name) => files.remove(name),
    ...(files.watch !== undefined && { watch: (changed) => files.watch?.(changed) ?? (() => undefined) }),
    // Other processes of ours share the directory, so that the lock stands there; the other program knows none.
    locked: (name, work) => (files.locked === undefined ? work() : files.locked(isThere(name) ? `home-${pathOf(name).replaceAll("/", "-")}` : name, work)),
  };
}
