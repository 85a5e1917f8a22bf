import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigChange } from "@dragoman/gateway";
import type { FileProblem } from "./config-file.ts";
import { loadConfig, type LoadedConfig } from "./load-config.ts";
import { watchConfig } from "./watch-config.ts";
import { writeAtomically } from "./write-atomically.ts";

const DEBOUNCE_MS = 20;
let directory = "";
let stop: () => void = () => undefined;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), "dragoman-watch-")); });
afterEach(() => {
  stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Seen {
  readonly ports: number[];
  readonly changes: ConfigChange[][];
  readonly problems: FileProblem[][];
}

function follow(path: string, onChange: (loaded: LoadedConfig) => void = () => undefined): Seen {
  const result = loadConfig({ directory, environment: {}, named: path });
  if (!result.ok) throw new Error("not loaded");
  const seen: Seen = { ports: [], changes: [], problems: [] };
  stop = watchConfig(result.loaded, {
    debounceMs: DEBOUNCE_MS,
    onChange(loaded, changes) {
      onChange(loaded);
      seen.ports.push(loaded.config.port);
      seen.changes.push([...changes]);
    },
    onProblems: (problems) => { seen.problems.push([...problems]); },
  });
  return seen;
}

const file = (): string => join(directory, "config.yaml");
const write = (text: string): void => writeFileSync(file(), text);
const quiet = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, DEBOUNCE_MS * 6); });

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 200 && !condition(); waited += 1) await new Promise((resolve) => { setTimeout(resolve, 10); });
  expect(condition()).toBe(true);
}

describe("watchConfig", () => {
  test("a change is put in place, with what it changes", async () => {
    write("port: 1001");
    const seen = follow(file());
    write("port: 1002\ndebug: true");
    await until(() => seen.ports.length === 1);
    expect(seen.ports).toEqual([1002]);
    expect(seen.changes[0]?.map(({ path, reload }) => [path, reload])).toEqual([["port", "restart"], ["debug", "live"]]);
  });

  test("several writes in a row are one change", async () => {
    write("port: 1001");
    const seen = follow(file());
    for (const port of [1002, 1003, 1004]) write(`port: ${port}`);
    await quiet();
    expect(seen.ports).toEqual([1004]);
  });

  test("a file that is replaced by a rename is followed", async () => {
    write("port: 1001");
    const seen = follow(file());
    writeAtomically(file(), "port: 1002");
    await until(() => seen.ports.length === 1);
    writeFileSync(join(directory, "other"), "port: 1003");
    renameSync(join(directory, "other"), file());
    await until(() => seen.ports.length === 2);
    expect(seen.ports).toEqual([1002, 1003]);
  });

  test("an empty file and the same content are no change", async () => {
    write("port: 1001");
    const seen = follow(file());
    write("");
    await quiet();
    write("port: 1001");
    await quiet();
    expect(seen).toEqual({ ports: [], changes: [], problems: [] });
  });

  test("a bad file is reported once with its line, and the next good one is taken", async () => {
    write("port: 1001");
    const seen = follow(file());
    write("port: 1002\nprot: 1");
    await until(() => seen.problems.length === 1);
    expect(seen.problems[0]?.[0]).toMatchObject({ path: "prot", line: 2, suggestion: "port" });
    write("port: 1002\nprot: 1");
    await quiet();
    expect(seen.problems.length).toBe(1);
    expect(seen.ports).toEqual([]);
    write("port: 1003");
    await until(() => seen.ports.length === 1);
    expect(seen.changes[0]?.[0]?.summary).toBe("1001 → 1003");
  });

  test("what cannot be put in place is reported, and tried again at the next write", async () => {
    write("port: 1001");
    let refuse = true;
    const seen = follow(file(), () => { if (refuse) throw new Error("no room"); });
    write("port: 1002");
    await until(() => seen.problems.length === 1);
    expect(seen.problems[0]?.[0]?.message).toContain("no room");
    refuse = false;
    write("port: 1002");
    await until(() => seen.ports.length === 1);
    expect(seen.changes[0]?.[0]?.summary).toBe("1001 → 1002");
  });

  test("a file that goes is reported once, and taken when it comes back changed", async () => {
    write("port: 1001");
    const seen = follow(file());
    rmSync(file());
    await until(() => seen.problems.length === 1);
    write("port: 1002");
    await until(() => seen.ports.length === 1);
    expect(seen.problems.length).toBe(1);
  });

  test("other files do not matter, a link's target does", async () => {
    const target = mkdtempSync(join(tmpdir(), "dragoman-target-"));
    writeFileSync(join(target, "real.yaml"), "port: 1001");
    symlinkSync(join(target, "real.yaml"), file());
    const seen = follow(file());
    writeFileSync(join(directory, "other.yaml"), "port: 1009");
    await quiet();
    expect(seen.ports).toEqual([]);
    writeFileSync(join(target, "real.yaml"), "port: 1002");
    await until(() => seen.ports.length === 1);
    rmSync(target, { recursive: true });
  });

  test("stopped is stopped, also between a write and its look", async () => {
    write("port: 1001");
    const seen = follow(file());
    write("port: 1002");
    stop();
    await quiet();
    expect(seen.ports).toEqual([]);
  });

  test("without a file there is nothing to follow", () => {
    const result = loadConfig({ directory, environment: {} });
    expect(result.ok && watchConfig(result.loaded, { onChange: () => undefined, onProblems: () => undefined })()).toBeUndefined();
  });
});
