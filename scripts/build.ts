// Makes one executable of the whole program, dist/dragoman, and proves that it starts and answers.
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAdmin } from "../packages/admin/build.ts";
import { packFiles } from "../packages/server/src/admin/embedded.ts";

const outfile = join("dist", process.platform === "win32" ? "dragoman.exe" : "dragoman");
/** How long the executable may take to its first answer, ms. */
const PATIENCE_MS = 10_000;

mkdirSync("dist", { recursive: true });
writeFileSync("dist/admin.pack", packFiles(await writeAdmin()));

const built = Bun.spawnSync([
  process.execPath, "build", "--compile", "--bytecode", "--format=esm", "--minify-syntax", "--minify-whitespace",
  "--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig", "--conditions=@dragoman/source",
  "scripts/standalone.ts", `--outfile=${outfile}`,
], { stdout: "inherit", stderr: "inherit" });
if (built.exitCode !== 0) process.exit(built.exitCode);

const startMs = await tryOut(outfile);
console.log(`${outfile}: ${(statSync(outfile).size / 1e6).toFixed(0)} MB, answers ${startMs.toFixed(0)} ms after its start`);

/** Starts it in an empty directory on a free port and asks whether it is well. */
async function tryOut(file: string): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), "dragoman-build-"));
  const port = await freePort();
  const { BUN_CONFIG_MAX_HTTP_REQUESTS: _asInstalled, ...env } = process.env;
  const startedAt = performance.now();
  const child = Bun.spawn([join(process.cwd(), file), "serve", "--port", String(port)], { cwd: home, env: { ...env, DRAGOMAN_HOME: home }, stdout: "ignore", stderr: "inherit" });
  try {
    while (performance.now() - startedAt < PATIENCE_MS) {
      const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      if (answer?.ok === true) {
        const tookMs = performance.now() - startedAt;
        const page = await fetch(`http://127.0.0.1:${port}/admin/`);
        if (!page.ok || !(await page.text()).includes("/admin/assets/")) throw new Error(`${file} carries no web interface`);
        return tookMs;
      }
      await Bun.sleep(10);
    }
    throw new Error(`${file} did not answer within ${PATIENCE_MS} ms`);
  } finally {
    child.kill();
    await child.exited;
  }
}

async function freePort(): Promise<number> {
  const probe = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  if (port === undefined) throw new Error("no port is free");
  return port;
}
