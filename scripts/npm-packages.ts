// Makes the packages that are published: a directory for each in dist/npm, a tarball beside it, and what is in the program.
// node scripts/bun.js --conditions=@dragoman/source scripts/npm-packages.ts [--program] [--repository https://…]
// `--program`: only dist/npm/dragoman, the program, to start it from there; made in a few seconds.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildAdmin } from "../packages/admin/build.ts";
import { bundleProgram, sourcesOfAdmin } from "./npm-packages/bundle-program.ts";
import { billOfMaterials } from "./npm-packages/bill-of-materials.ts";
import { licencesOf, packagesOf } from "./npm-packages/licences.ts";
import { libraryManifest, pageManifest, programManifest, type Manifest } from "./npm-packages/manifest.ts";

const ROOT = join(import.meta.dir, "..");
const OUT = join(ROOT, "dist/npm");
const LIBRARIES = ["core", "gateway", "worker"];

const { values } = parseArgs({ options: { program: { type: "boolean" }, repository: { type: "string" } } });

process.chdir(ROOT);
await makeProgram();
if (values.program !== true) {
  for (const name of LIBRARIES) makeLibrary(name);
  await makePage();
  for (const name of readdirSync(OUT).filter((entry) => existsSync(join(OUT, entry, "package.json")))) packUp(name);
}

async function makeProgram(): Promise<void> {
  const stage = beginStage("dragoman", "server", programManifest);
  cpSync("packages/server/bin", join(stage, "bin"), { recursive: true });
  cpSync("config.example.yaml", join(stage, "config.example.yaml"));
  const sources = await bundleProgram(join(stage, "dist"));
  if (values.program === true) return;
  const packages = packagesOf([...sources, ...(await sourcesOfAdmin())]);
  writeFileSync(join(stage, "THIRD-PARTY-LICENSES.txt"), `${licencesOf(packages)}\n`);
  const { name, version, dependencies } = manifestOf("server");
  const locked = JSON.parse(readFileSync("package-lock.json", "utf8")) as { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> };
  const digests = Object.fromEntries(Object.entries(locked.packages).map(([directory, { integrity }]) => [directory, integrity]));
  const bill = billOfMaterials({ name, version }, packages, { runtime: { name: "bun", version: dependencies?.bun ?? "" }, digests });
  writeFileSync(join(OUT, "dragoman.cdx.json"), `${JSON.stringify(bill, null, 2)}\n`);
}

/** One file for each source file, and its types. What the types are worth, `npm run check` says. */
function makeLibrary(name: string): void {
  const stage = beginStage(name, name, libraryManifest);
  const source = join("packages", name);
  run([
    process.execPath, "node_modules/typescript/bin/tsc", "-p", source, "--noEmit", "false", "--noCheck", "--declaration",
    "--rewriteRelativeImportExtensions", "--rootDir", join(source, "src"), "--outDir", join(stage, "dist"),
  ]);
}

async function makePage(): Promise<void> {
  const stage = beginStage("admin", "admin", pageManifest);
  for (const { path, content } of await buildAdmin()) {
    const file = join(stage, "dist", path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content);
  }
  writeFileSync(join(stage, "THIRD-PARTY-LICENSES.txt"), `${licencesOf(packagesOf(await sourcesOfAdmin()))}\n`);
}

/** An empty directory with what every package has. @returns its path */
function beginStage(name: string, folder: string, published: (manifest: Manifest, repository: string | undefined) => Manifest): string {
  const stage = join(OUT, name);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(published(manifestOf(folder), values.repository), null, 2)}\n`);
  cpSync("LICENSE", join(stage, "LICENSE"));
  cpSync(join("packages", folder, "README.md"), join(stage, "README.md"));
  return stage;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join("packages", folder, "package.json"), "utf8")) as Manifest;
}

function packUp(name: string): void {
  run(["npm", "pack", "--silent", "--pack-destination", OUT, join(OUT, name)]);
}

function run(command: readonly string[]): void {
  const { exitCode } = Bun.spawnSync([...command], { stdout: "inherit", stderr: "inherit" });
  if (exitCode !== 0) throw new Error(`${command.slice(0, 3).join(" ")} failed`);
}
