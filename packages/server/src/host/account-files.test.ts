import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { accountFiles } from "./account-files.ts";

const home = mkdtempSync(join(tmpdir(), "dragoman-account-files-"));
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
});

const KEY = new Uint8Array(32).fill(7);
const LOGIN = '{\n  "type": "claude",\n  "refresh_token": "refresh-token-of-tests"\n}\n';
const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
const onDisk = (name: string): string => readFileSync(join(home, name), "utf8");

describe("the directory of logins", () => {
  test("is made at the first write, for its owner only", async () => {
    const directory = join(home, "auth");
    const files = accountFiles(() => directory);
    expect(await files.list()).toEqual([]);
    await files.write("a.json", LOGIN);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, "a.json")).mode & 0o777).toBe(0o600);
    expect(text(await files.read("a.json"))).toBe(LOGIN);
  });

  test("has a file on disk when the call of write comes back, before anything is awaited", () => {
    const files = accountFiles(() => home);
    void files.write("a.json", LOGIN);
    expect(onDisk("a.json")).toBe(LOGIN);
  });

  test("names files of sub-directories by their path, and leads nowhere else", async () => {
    const files = accountFiles(() => home);
    await files.write("team/b.JSON", LOGIN);
    await files.write("a.json", LOGIN);
    mkdirSync(join(home, ".hidden"));
    writeFileSync(join(home, ".hidden", "c.json"), LOGIN);
    writeFileSync(join(home, "a.json.lock"), "");
    writeFileSync(join(home, "notes.txt"), "");
    expect((await files.list()).map(({ name }) => name).sort()).toEqual(["a.json", "team/b.JSON"]);
    expect(text(await files.read("team/b.JSON"))).toBe(LOGIN);
    for (const name of ["", ".", "../x.json", "team/../../x.json", "/etc/x.json", "team//b.json", "a\\b.json", "a\0.json"]) {
      expect(files.read(name)).rejects.toThrow("plain");
      expect(files.write(name, "{}")).rejects.toThrow("plain");
    }
  });

  test("does not write the same JSON again", async () => {
    const files = accountFiles(() => home);
    await files.write("a.json", '{"type":"claude","nested":{"x":1,"y":2}}');
    const { ino } = statSync(join(home, "a.json"));
    await files.write("a.json", '{"nested": {"y": 2, "x": 1}, "type": "claude"}\n');
    expect(statSync(join(home, "a.json")).ino).toBe(ino);
    await files.write("a.json", '{"type":"claude","nested":{"x":1,"y":3}}');
    expect(onDisk("a.json")).toBe('{"type":"claude","nested":{"x":1,"y":3}}');
  });
});

describe("sealed logins", () => {
  test("hold nothing to read on disk, and are read as they were written", async () => {
    const files = accountFiles(() => home, { encrypts: () => true, key: () => KEY });
    await files.write("a.json", LOGIN);
    expect(onDisk("a.json")).not.toContain("refresh");
    expect(Object.keys(JSON.parse(onDisk("a.json")) as object)).toEqual(["sealed"]);
    expect(text(await files.read("a.json"))).toBe(LOGIN);
    const { ino } = statSync(join(home, "a.json"));
    await files.write("a.json", JSON.stringify(JSON.parse(LOGIN)));
    expect(statSync(join(home, "a.json")).ino).toBe(ino);
  });

  test("take plain files as they come, seal them at the next write, and go back when it is switched off", async () => {
    let encrypts = true;
    const files = accountFiles(() => home, { encrypts: () => encrypts, key: () => KEY });
    writeFileSync(join(home, "a.json"), LOGIN);
    expect(text(await files.read("a.json"))).toBe(LOGIN);
    await files.write("a.json", LOGIN);
    expect(onDisk("a.json")).toContain("sealed");
    encrypts = false;
    expect(text(await files.read("a.json"))).toBe(LOGIN);
    await files.write("a.json", LOGIN);
    expect(onDisk("a.json")).toBe(LOGIN);
  });

  test("keep the order of writes", async () => {
    const files = accountFiles(() => home, { encrypts: () => true, key: () => KEY });
    await Promise.all(Array.from({ length: 20 }, (_, turn) => files.write("a.json", JSON.stringify({ turn }))));
    expect(text(await files.read("a.json"))).toBe('{"turn":19}');
  });

  test("of another key are handed out as they stand", async () => {
    await accountFiles(() => home, { encrypts: () => true, key: () => KEY }).write("a.json", LOGIN);
    const other = accountFiles(() => home, { key: () => new Uint8Array(32).fill(8) });
    expect(text(await other.read("a.json"))).toBe(onDisk("a.json"));
    expect(text(await accountFiles(() => home).read("a.json"))).toBe(onDisk("a.json"));
  });
});

describe("work on one file", () => {
  const lock = (): string => join(home, "a.json.lock");

  test("is done by one at a time", async () => {
    const files = accountFiles(() => home);
    let inside = 0;
    let most = 0;
    await Promise.all(Array.from({ length: 10 }, () => files.locked?.("a.json", async () => {
      most = Math.max(most, ++inside);
      await Bun.sleep(1);
      inside--;
    })));
    expect(most).toBe(1);
    expect(existsSync(lock())).toBe(false);
  });

  test("lets go when it fails", async () => {
    const files = accountFiles(() => home);
    expect(files.locked?.("a.json", () => Promise.reject(new Error("no luck")))).rejects.toThrow("no luck");
    expect(await files.locked?.("a.json", async () => "done")).toBe("done");
  });

  test.each([
    ["a process that is gone", { host: hostname(), pid: 2 ** 22 + 1, instance: "x" }],
    ["an earlier process of the same number", { host: hostname(), pid: process.pid, instance: "x" }],
  ])("is not held up by the lock of %s", async (_whose, holder) => {
    writeFileSync(lock(), JSON.stringify(holder));
    expect(await accountFiles(() => home).locked?.("a.json", async () => "done")).toBe("done");
  });

  test("is not held up by a lock of another machine that nobody has touched for a minute", async () => {
    writeFileSync(lock(), JSON.stringify({ host: "elsewhere", pid: 1, instance: "x" }));
    const before = new Date(Date.now() - 61_000);
    utimesSync(lock(), before, before);
    expect(await accountFiles(() => home).locked?.("a.json", async () => "done")).toBe("done");
  });

  test("waits for a lock of another machine that is alive", async () => {
    writeFileSync(lock(), JSON.stringify({ host: "elsewhere", pid: 1, instance: "x" }));
    let done = false;
    const work = accountFiles(() => home).locked?.("a.json", async () => (done = true));
    await Bun.sleep(80);
    expect(done).toBe(false);
    rmSync(lock());
    await work;
    expect(done).toBe(true);
  });
});
