import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminFiles } from "./admin-files.ts";

let directory: string;
const path = (name: string): string => join(directory, name);
const changedAt = (name: string, seconds: number): void => utimesSync(path(name), seconds, seconds);
const text = async (files: AdminFiles): Promise<string> => new TextDecoder().decode((await files.load()).files.find((file) => file.path === "index.html")?.content);
const builder = (body: string): void => writeFileSync(path("build.ts"), `export async function buildAdmin() { globalThis.builtTimes = (globalThis.builtTimes ?? 0) + 1; ${body} }`);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "dragoman-admin-"));
  mkdirSync(path("src"));
  mkdirSync(path("dist/assets"), { recursive: true });
  writeFileSync(path("src/main.tsx"), "");
  writeFileSync(path("dist/index.html"), "from dist");
  writeFileSync(path("dist/assets/a.js"), "x");
  builder('return [{ path: "index.html", content: new TextEncoder().encode("built") }];');
});
afterAll(() => rmSync(directory, { recursive: true }));

test("what was built is taken while it is fresh, and sources are built when they are newer", async () => {
  changedAt("src/main.tsx", 1000);
  changedAt("dist/index.html", 2000);
  const files = new AdminFiles(directory);
  expect(await text(files)).toBe("from dist");
  expect((await files.load()).files.map((file) => file.path).toSorted()).toEqual(["assets/a.js", "index.html"]);
  changedAt("src/main.tsx", 3000);
  expect(await text(files)).toBe("built");
  const first = await files.load();
  expect(await files.load()).toBe(first);
  changedAt("src/main.tsx", 4000);
  expect((await files.load()).version).not.toBe(first.version);
});

test("an installation holds the files and no sources", async () => {
  rmSync(path("src"), { recursive: true });
  expect(await text(new AdminFiles(directory))).toBe("from dist");
});

test("a page that is nowhere is an error, and is looked for again", async () => {
  const files = new AdminFiles(path("elsewhere"));
  await expect(files.load()).rejects.toThrow();
  mkdirSync(path("elsewhere/dist"), { recursive: true });
  writeFileSync(path("elsewhere/dist/index.html"), "there now");
  expect(await text(files)).toBe("there now");
});
