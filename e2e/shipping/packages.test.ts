// What is published: manifests that name nothing of the workshop, and a program that runs from its package alone.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundleProgram, sourcesOfAdmin } from "../../scripts/npm-packages/bundle-program.ts";
import { billOfMaterials } from "../../scripts/npm-packages/bill-of-materials.ts";
import { licencesOf, packagesOf } from "../../scripts/npm-packages/licences.ts";
import { libraryManifest, pageManifest, programManifest, type Manifest } from "../../scripts/npm-packages/manifest.ts";
import { makeHome, runProgram, waitFor, type Home, type ProgramRun } from "../kit/program.ts";

const ROOT = resolve(import.meta.dir, "../..");
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(ROOT, "packages", folder, "package.json"), "utf8")) as Manifest;

describe("manifests", () => {
  test.each(["core", "gateway", "worker"])("@dragoman/%s is published with what is built, and with nothing of the repository", (folder) => {
    const published = libraryManifest(manifestOf(folder), "https://git.example.com/someone/dragoman");
    expect(published).not.toHaveProperty("private");
    expect(published).not.toHaveProperty("devDependencies");
    expect(JSON.stringify(published.exports)).not.toContain("src/");
    for (const door of Object.values(published.exports ?? {})) expect(door).toEqual({ types: expect.stringMatching(/^\.\/dist\/.+\.d\.ts$/), default: expect.stringMatching(/^\.\/dist\/.+\.js$/) });
    expect(published.repository).toEqual({ type: "git", url: "git+https://git.example.com/someone/dragoman.git" });
  });

  test("the program needs its runtime alone, of one version", () => {
    const published = programManifest(manifestOf("server"), undefined);
    expect(Object.keys(published.dependencies ?? {})).toEqual(["bun"]);
    expect(published.dependencies?.bun).toMatch(/^\d+\.\d+\.\d+$/);
    expect(published.bin).toEqual({ dragoman: "./bin/dragoman.js" });
    expect(published).not.toHaveProperty("repository");
  });

  test("the packages of the repository are not published as they lie there, and have one version", () => {
    const manifests = ["admin", "core", "gateway", "server", "worker"].map(manifestOf);
    expect(manifests.map((manifest) => manifest.private)).toEqual(manifests.map(() => true));
    expect(new Set(manifests.map(({ version }) => version)).size).toBe(1);
    expect(pageManifest(manifestOf("admin"), undefined)).not.toHaveProperty("devDependencies");
  });
});

describe("the program of the package", () => {
  let home: Home;
  let launcher: string;
  let sources: readonly string[];
  const running: ProgramRun[] = [];

  beforeAll(async () => {
    home = makeHome();
    const place = join(home.directory, "installed/dragoman");
    cpSync(join(ROOT, "packages/server/bin"), join(place, "bin"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(home.directory, "installed/node_modules"));
    sources = await bundleProgram(join(place, "dist"));
    launcher = join(place, "bin/dragoman.js");
  }, 120_000);
  afterAll(() => {
    for (const { child } of running) child.kill("SIGKILL");
    home.remove();
  });

  const run = (...args: string[]): ProgramRun => {
    const program = runProgram(home, args, {}, undefined, launcher);
    running.push(program);
    return program;
  };

  test("carries the licences of what is in it, and a bill of materials names it", async () => {
    const packages = packagesOf([...sources, ...(await sourcesOfAdmin())]);
    const text = licencesOf(packages);
    for (const name of ["yaml", "zod", "react", "socks"]) expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, "m"));
    expect(text).not.toContain("dragoman/core");
    const bill = billOfMaterials({ name: "dragoman", version: "1.0.0" }, packages, { runtime: { name: "bun", version: "1.0.0" }, digests: { "node_modules/zod": "sha512-AAEC" } });
    expect(bill).toMatchObject({ components: expect.arrayContaining([
      expect.objectContaining({ name: "zod", purl: expect.stringMatching(/^pkg:npm\/zod@\d/), hashes: [{ alg: "SHA-512", content: "000102" }] }),
      expect.objectContaining({ name: "@codemirror/view", purl: expect.stringMatching(/^pkg:npm\/%40codemirror\/view@\d/) }),
    ]) });
  });

  test("names no place of the machine that built it", () => {
    expect(readFileSync(join(launcher, "../../dist/main.js"), "utf8")).not.toContain(ROOT);
  });

  test("writes the example of a configuration", async () => {
    expect(await run("config", "init", "example.yaml").ended).toBe(0);
    expect(readFileSync(join(home.directory, "example.yaml"), "utf8")).toBe(readFileSync(join(ROOT, "config.example.yaml"), "utf8"));
  });

  // Elsewhere it is no unit, or there is none.
  if (process.platform === "linux") test("knows how it is started again as a service", async () => {
    const program = run("service", "install", "--print");
    expect(await program.ended).toBe(0);
    expect(program.stdout()).toContain(`${join(launcher, "../../dist/main.js")} serve`);
  });

  test("serves, also its page", async () => {
    const program = run("serve", "--port", "0");
    const origin = await waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(program.stdout())?.[0], 60_000);
    expect(await (await fetch(`${origin}/health`)).json()).toMatchObject({ status: "ok" });
    const page = await (await fetch(`${origin}/admin/`)).text();
    const script = /src="(\/admin\/assets\/[^"]+)"/.exec(page)?.[1];
    expect((await fetch(`${origin}${script}`)).status).toBe(200);
    expect(existsSync(join(launcher, "../../src"))).toBe(false);
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  }, 90_000);
});
