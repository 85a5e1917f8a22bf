// Builds the web interface to static files: `dist/` when run, or in memory for whoever imports it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the page is served; assets are addressed from there. */
const PUBLIC_PATH = "/admin/";
const SOURCE = join(import.meta.dir, "src");

export interface BuiltFile {
  /** Below `/admin/`: `index.html`, `assets/main-x1y2z3.js`. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** @throws when the sources do not build */
export async function buildAdmin(): Promise<readonly BuiltFile[]> {
  const built = await Bun.build({
    entrypoints: [join(SOURCE, "index.html")],
    target: "browser",
    format: "esm",
    splitting: true,
    minify: true,
    publicPath: PUBLIC_PATH,
    naming: { entry: "[name].[ext]", chunk: "assets/[name]-[hash].[ext]", asset: "assets/[name]-[hash].[ext]" },
    define: { "process.env.NODE_ENV": '"production"' },
    throw: true,
  });
  return Promise.all(built.outputs.map(async (output) => ({ path: output.path.replace(/^\.\//, ""), content: new Uint8Array(await output.arrayBuffer()) })));
}

/** Builds, and puts the files in place of those in `dist/`. */
export async function writeAdmin(): Promise<readonly BuiltFile[]> {
  const dist = join(import.meta.dir, "dist");
  const files = await buildAdmin();
  rmSync(dist, { recursive: true, force: true });
  for (const { path, content } of files) {
    const file = join(dist, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  console.log(`packages/admin/dist: ${files.length} files, ${Math.round(files.reduce((sum, { content }) => sum + content.length, 0) / 1000)} kB`);
  return files;
}

if (import.meta.main) await writeAdmin();
