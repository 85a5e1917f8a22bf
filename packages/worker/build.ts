// Makes one module of the whole Worker, dist/worker.js, for wrangler or for workerd itself.
import { join } from "node:path";

/** @returns the module's path */
export async function buildWorker(directory: string = join(import.meta.dirname, "dist")): Promise<string> {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dirname, "src", "index.ts")],
    outdir: directory,
    naming: "worker.js",
    // For a browser: whatever asks for a host's own modules does not build.
    target: "browser",
    format: "esm",
    conditions: ["@dragoman/source"],
    external: ["cloudflare:workers"],
    minify: { whitespace: true, syntax: true, identifiers: false },
  });
  const [output] = built.outputs;
  if (output === undefined) throw new AggregateError(built.logs, "the Worker does not build");
  return output.path;
}

if (import.meta.main) {
  const path = await buildWorker();
  const bytes = await Bun.file(path).bytes();
  console.log(`${path}: ${(bytes.length / 1e6).toFixed(2)} MB, ${(Bun.gzipSync(bytes).length / 1e6).toFixed(2)} MB compressed`);
}
