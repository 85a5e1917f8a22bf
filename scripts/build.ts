// Makes one executable of the whole program and proves that it starts and answers: dist/dragoman.
// node scripts/bun.js --conditions=@dragoman/source scripts/build.ts [--target linux-arm64]… [--all]
// With `--target` or `--all`, for other machines too: dist/dragoman-<platform>, their runtime from the npm registry.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeAdmin } from "../packages/admin/build.ts";
import { packFiles } from "../packages/server/src/admin/embedded.ts";
import { foreignRuntime } from "./executable/foreign-runtime.ts";
import { ownPlatform, platformCalled, PLATFORMS, type Platform } from "./executable/platforms.ts";
import { askProgram } from "./try/ask-program.ts";

const { values } = parseArgs({ options: { target: { type: "string", multiple: true }, all: { type: "boolean" } } });

mkdirSync("dist", { recursive: true });
writeFileSync("dist/admin.pack", packFiles(await writeAdmin()));

if (values.all === true || values.target !== undefined) {
  for (const platform of values.all === true ? PLATFORMS : (values.target ?? []).map(platformCalled)) {
    const file = join("dist", `dragoman-${platform.name}${platform.suffix}`);
    if (platform.name === ownPlatform()?.name) await buildOwn(file);
    else buildForeign(platform, file);
  }
} else await buildOwn(join("dist", process.platform === "win32" ? "dragoman.exe" : "dragoman"));

/** With bytecode: it starts in half the time. Only this version of Bun on this kind of machine can use it. */
async function buildOwn(file: string): Promise<void> {
  compile(["--bytecode"], file);
  console.log(`${file}: ${megabytes(file)} MB, answers ${(await tryOut(file)).toFixed(0)} ms after its start`);
}

function buildForeign(platform: Platform, file: string): void {
  compile([`--target=${platform.target}`, `--compile-executable-path=${foreignRuntime(platform, "dist/runtimes")}`], file);
  console.log(`${file}: ${megabytes(file)} MB, not tried here`);
}

function compile(options: readonly string[], outfile: string): void {
  const { exitCode } = Bun.spawnSync([
    process.execPath, "build", "--compile", ...options, "--format=esm", "--minify-syntax", "--minify-whitespace",
    "--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig", "--conditions=@dragoman/source",
    "scripts/standalone.ts", `--outfile=${outfile}`,
  ], { stdout: "inherit", stderr: "inherit" });
  if (exitCode !== 0) process.exit(exitCode);
}

function megabytes(file: string): string {
  return (statSync(file).size / 1e6).toFixed(0);
}

/** Starts it in an empty directory and asks for its health and its page. @returns ms until all of it was answered */
async function tryOut(file: string): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), "dragoman-build-"));
  const { BUN_CONFIG_MAX_HTTP_REQUESTS: _asInstalled, ...env } = process.env;
  const startedAt = performance.now();
  try {
    const program = Bun.spawn([resolve(file), "serve", "--port", "0"], { cwd: home, env: { ...env, DRAGOMAN_HOME: home }, stdout: "pipe", stderr: "ignore" });
    await askProgram(program);
    return performance.now() - startedAt;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
