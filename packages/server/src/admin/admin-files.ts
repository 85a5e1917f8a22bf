import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { isEmbedded, readEmbedded, type AdminFile } from "./embedded.ts";

/** The page as it is now: another `version` means other files. */
export interface AdminBuild {
  readonly version: string;
  readonly files: readonly AdminFile[];
}

/** Looks where the page is: carried by this program, built beside its sources, or to be built. Keeps what it found while that is fresh. */
export class AdminFiles {
  readonly #directory: string | undefined;
  #build: Promise<AdminBuild> | undefined;
  #sourcesAt = 0;

  constructor(directory: string | undefined = isEmbedded() ? undefined : adminDirectory()) {
    this.#directory = directory;
  }

  /** @throws when the sources do not build, or there is no page at all */
  async load(): Promise<AdminBuild> {
    const sourcesAt = this.#directory === undefined ? 0 : newestChange(this.#directory);
    if (this.#build === undefined || sourcesAt > this.#sourcesAt) {
      this.#sourcesAt = sourcesAt;
      this.#build = load(this.#directory, sourcesAt);
      // A failure is not kept: the next request tries again.
      this.#build.catch(() => (this.#build = undefined));
    }
    return this.#build;
  }
}

async function load(directory: string | undefined, sourcesAt: number): Promise<AdminBuild> {
  const embedded = await readEmbedded();
  if (embedded !== undefined) return { version: "embedded", files: embedded };
  if (directory === undefined) throw new Error("the package @dragoman/admin is not installed");
  const index = join(directory, "dist/index.html");
  if (existsSync(index) && statSync(index).mtimeMs >= sourcesAt) return { version: `dist ${statSync(index).mtimeMs}`, files: readAll(join(directory, "dist")) };
  // A path that is put together now: the executable must not carry the builder.
  const { buildAdmin } = (await import(join(directory, "build.ts"))) as { buildAdmin(): Promise<readonly AdminFile[]> };
  return { version: `built ${sourcesAt}`, files: await buildAdmin() };
}

/** Where the package stands, in a checkout or an installation. */
function adminDirectory(): string | undefined {
  const inCheckout = resolve(import.meta.dir, "../../../admin");
  if (existsSync(join(inCheckout, "build.ts"))) return inCheckout;
  try {
    return dirname(Bun.resolveSync("@dragoman/admin/package.json", import.meta.dir));
  } catch {
    return undefined;
  }
}

/** Epoch ms of the newest source; 0 in an installation, which has none. */
function newestChange(directory: string): number {
  const sources = join(directory, "src");
  if (!existsSync(sources)) return 0;
  const names = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.includes(".test."));
  return Math.max(...names.map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function readAll(directory: string): readonly AdminFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { path: relative(directory, path).replaceAll("\\", "/"), content: new Uint8Array(readFileSync(path)) };
  });
}
