import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namedFiles } from "./named-files.ts";

const home = mkdtempSync(join(tmpdir(), "dragoman-files-"));
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
});

const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));

test("the directory is made at the first write, all for the owner only", async () => {
  const directory = join(home, "deep", "auth");
  const files = namedFiles(() => directory);
  expect(await files.list()).toEqual([]);
  expect(await files.read("a.json")).toBeUndefined();
  expect(await files.remove("a.json")).toBe(false);
  expect(existsSync(directory)).toBe(false);

  await files.write("a.json", '{"a":1}');
  expect(text(await files.read("a.json"))).toBe('{"a":1}');
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, "a.json")).mode & 0o777).toBe(0o600);
  expect(files.directory).toBe(directory);

  await files.write("a.json", new TextEncoder().encode("new"));
  expect(text(await files.read("a.json"))).toBe("new");
  expect(await files.list()).toMatchObject([{ name: "a.json", size: 3 }]);
  expect(await files.remove("a.json")).toBe(true);
  expect(await files.list()).toEqual([]);
});

test("directories are no files, and names lead nowhere", async () => {
  const files = namedFiles(() => home);
  mkdirSync(join(home, "sub.json"));
  writeFileSync(join(home, "b.json"), "{}");
  expect((await files.list()).map(({ name }) => name)).toEqual(["b.json"]);
  for (const name of ["", ".", "..", "../x", "sub.json/../../x", "a\\b", "a\0"]) {
    expect(files.read(name)).rejects.toThrow("plain");
    expect(files.write(name, "x")).rejects.toThrow("plain");
    expect(files.remove(name)).rejects.toThrow("plain");
  }
});
