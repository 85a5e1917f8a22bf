// What GitHub runs, as far as it can be read: nothing that somebody else could change, no more rights than needed, nothing that is missing.
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dir, "../..");
const FOLDER = join(ROOT, ".github/workflows");
const files = readdirSync(FOLDER);
const text = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly "timeout-minutes": number; readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly { readonly uses?: string; readonly run?: string }[] }>>;
}
const scripts = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> }).scripts;

test.each(files)("%s: actions are pinned to commits, whose versions stand beside them", (file) => {
  const used = [...text(file).matchAll(/uses: (.+)/g)].map(([, what = ""]) => what);
  expect(used.length).toBeGreaterThan(3);
  for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(files)("%s: jobs may read, end in time, and leave no token in the clone", (file) => {
  const { permissions, jobs } = Bun.YAML.parse(text(file)) as Workflow;
  expect(permissions).toEqual({ contents: "read" });
  for (const [name, job] of Object.entries(jobs)) {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    expect(job.permissions === undefined || name === "publish").toBe(true);
  }
  expect(text(file).split("actions/checkout@").length).toBe(text(file).split("persist-credentials: false").length);
});

test.each([...files.map((file) => [file, text(file)]), ["Dockerfile", readFileSync(join(ROOT, "Dockerfile"), "utf8")]])("%s: scripts that it calls are there", (_file, content = "") => {
  for (const [, script = ""] of content.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  for (const [path] of content.matchAll(/\bscripts\/[\w/-]+\.(?:ts|js)\b/g)) expect(existsSync(join(ROOT, path))).toBe(true);
});

test("start scripts start what package.json starts, and say no variable", () => {
  for (const name of ["start.sh", "start.bat"]) {
    const content = readFileSync(join(ROOT, name), "utf8");
    expect(content).toContain("npm start --silent --");
    expect(content).toContain("npm ci");
    expect(content).not.toMatch(/echo .*(KEY|TOKEN|SECRET|\$[A-Z]|%[A-Z])/);
  }
  expect(scripts.start).toContain("dragoman.js serve");
});
