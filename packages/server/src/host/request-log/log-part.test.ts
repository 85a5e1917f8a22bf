import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogPart } from "./log-part.ts";

const directory = mkdtempSync(join(tmpdir(), "dragoman-part-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function all(part: LogPart): Promise<string> {
  let text = "";
  for await (const piece of part.pieces()) text += piece;
  return text;
}

describe("a part", () => {
  test("what is short stays in memory; letters that the network cut are whole again", async () => {
    const part = new LogPart({ memory: 100, total: 1000 }, directory);
    const bytes = new TextEncoder().encode("größer");
    part.add(bytes.subarray(0, 3));
    part.add(bytes.subarray(3));
    expect(await all(part)).toBe("größer");
    expect(readdirSync(directory)).toEqual([]);
  });

  test("what is long goes to a file, which is gone when nobody needs it", async () => {
    const part = new LogPart({ memory: 10, total: 1000 }, directory);
    for (let count = 0; count < 50; count++) part.add("0123456789");
    expect(await all(part)).toBe("0123456789".repeat(50));
    expect(readdirSync(directory).length).toBe(1);
    await part.discard();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("what is too long is cut, and says so", async () => {
    const part = new LogPart({ memory: 10, total: 25 }, directory);
    for (let count = 0; count < 5; count++) part.add("0123456789");
    expect(await all(part)).toBe("0123456789012345678901234\n[TRUNCATED: only the first 25 characters are kept]");
    await part.discard();
    const inMemory = new LogPart({ memory: 10, total: 25 });
    inMemory.add(new TextEncoder().encode("0123456789ab"));
    expect(await all(inMemory)).toBe("0123456789\n[TRUNCATED: only the first 10 characters are kept]");
  });

  test("a disk that fails leaves a gap that is told, and nobody waits", async () => {
    const part = new LogPart({ memory: 4, total: 1000 }, join(directory, "not-there"));
    part.add("0123456789");
    part.add("ab");
    expect(await all(part)).toBe("ab\n[INCOMPLETE: the disk was full, or slower than the stream]");
    await part.discard();
  });
});
