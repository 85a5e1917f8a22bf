import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAdmin } from "../../packages/admin/build.ts";
import { packFiles } from "../../packages/server/src/admin/embedded.ts";

const ROOT = join(import.meta.dir, "../..");
const ENTRY = join(import.meta.dir, "program.ts");

/**
 * Writes the whole program into a directory: `main.js`, its bytecode `main.js.jsc` and the web interface, `admin.pack`.
 * CommonJS, because Bun keeps bytecode beside a file for that alone (Bun 1.4, read 2026-11); it starts in a fifth of the
 * time that the sources take. Another version of Bun ignores the bytecode and reads the file.
 *
 * @returns the files that were read, below the repository
 * @throws when the sources do not build
 */
export async function bundleProgram(directory: string): Promise<readonly string[]> {
  mkdirSync(directory, { recursive: true });
  const [built, admin] = await Promise.all([
    Bun.build({
      entrypoints: [ENTRY],
      outdir: directory,
      naming: "main.[ext]",
      target: "bun",
      format: "cjs",
      bytecode: true,
      minify: { syntax: true, whitespace: true },
      conditions: ["@dragoman/source"],
      // Else the place of the sources on this machine would stand in the bundle.
      define: { "import.meta.dir": '"/"' },
      metafile: true,
      throw: true,
    }),
    buildAdmin(),
  ]);
  writeFileSync(join(directory, "admin.pack"), packFiles(admin));
  return sourcesOf(built);
}

/** What the page is made of: read again, for the page's own build does not tell. */
export async function sourcesOfAdmin(): Promise<readonly string[]> {
  return sourcesOf(await Bun.build({ entrypoints: [join(ROOT, "packages/admin/src/main.tsx")], target: "browser", metafile: true, throw: true }));
}

function sourcesOf({ metafile }: Bun.BuildOutput): readonly string[] {
  if (metafile === undefined) throw new Error("the bundler told nothing about its sources");
  return Object.keys(metafile.inputs);
}
