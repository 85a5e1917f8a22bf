import { afterAll, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applicationLog } from "./application-log.ts";

const directory = mkdtempSync(join(tmpdir(), "dragoman-log-"));
const log = applicationLog({ directory: () => directory, enabled: () => true });

beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, content: string, at: number): void {
  writeFileSync(join(directory, name), content);
  utimesSync(join(directory, name), at, at);
}

test("files are in the order in which they were written, the one in use last", async () => {
  write("main.log", "c", 100);
  write("main-2026-01-02T03-04-05.678.log", "b", 300);
  write("main.log.1", "a", 200);
  for (const other of ["error-v1-messages-x.log", "v1-messages-2026-01-02T030405-abc.log", "main.txt", "seal.key"]) write(other, "x", 50);
  expect((await log.files()).map(({ name, size }) => `${name} ${size}`)).toEqual(["main.log.1 1", "main-2026-01-02T03-04-05.678.log 1", "main.log 1"]);
});

test("stretches, past the end and of files that are gone or none of ours", async () => {
  write("main.log", "0123456789", 1);
  const text = async (name: string, from: number, to: number): Promise<string> => new TextDecoder().decode(await log.read(name, from, to));
  expect(await text("main.log", 2, 5)).toBe("234");
  expect(await text("main.log", 8, 50)).toBe("89");
  expect(await text("main.log.7", 0, 5)).toBe("");
  expect(log.read("../main.log", 0, 5)).rejects.toThrow();
});

test("clearing empties the one in use and removes the others of its kind", async () => {
  write("main.log", "now", 2);
  write("main.log.1", "old", 1);
  write("error-x.log", "stays", 1);
  expect(await log.clear()).toBe(1);
  expect(readFileSync(join(directory, "main.log"), "utf8")).toBe("");
  expect(existsSync(join(directory, "main.log.1"))).toBe(false);
  expect(existsSync(join(directory, "error-x.log"))).toBe(true);
  rmSync(directory, { recursive: true });
  expect(await log.clear()).toBe(0);
  expect(await log.files()).toEqual([]);
});
