import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AttemptRecord, LogFields, Store } from "@dragoman/gateway";
import { attemptFor } from "@dragoman/gateway/testing";
import { openSqliteStore } from "./sqlite.ts";
import { readLines } from "./journal-lines.ts";
import { UsageJournal } from "./usage-journal.ts";

let directory: string;
let store: Store;
let log: { event: string; fields: LogFields }[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "dragoman-journal-"));
  store = openSqliteStore(":memory:");
  await store.migrate();
  log = [];
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const logger = { log: (_level: string, event: string, fields: LogFields = {}): void => void log.push({ event, fields }) };
const events = (): string[] => log.map(({ event }) => event);
const attempt = (name: string, rest: Partial<AttemptRecord> = {}): AttemptRecord => attemptFor({ requestId: name, startedAt: 1_790_000_000_000, usage: { inputFresh: 5 }, ...rest });
const journals = (): string[] => readdirSync(directory).map((name) => join(directory, name));
const recordsIn = (path: string): readonly AttemptRecord[] => readLines(readFileSync(path, "utf8"));
const count = async (of: Store = store): Promise<number> => (await of.usage.group({ groupBy: [] }))[0]?.attempts ?? 0;

/** A store whose `append` can be told to fail. */
function shaky(fail: (records: readonly AttemptRecord[]) => Error | undefined): Store {
  return { ...store, usage: { ...store.usage, append: async (records) => {
    const error = fail(records);
    if (error !== undefined) throw error;
    await store.usage.append(records);
  } } };
}
const away = (): Error => Object.assign(new Error("connection refused"), { code: "ERR_POSTGRES_CONNECTION_REFUSED" });

/** A process number that is certainly nobody's by now. */
function deadProcess(): number {
  return Bun.spawnSync(["true"]).pid;
}

describe("a record", () => {
  test("is on disk when record() returns, in a file for its owner, and in the store after a flush", async () => {
    const journal = new UsageJournal({ store, logger, directory });
    journal.record(attempt("a"));
    const [path = ""] = journals();
    expect(recordsIn(path)).toEqual([attempt("a")]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await store.usage.find("a")).toEqual([]);
    await journal.flush();
    expect(await store.usage.find("a")).toEqual([attempt("a")]);
    await journal.close();
    expect(journals()).toEqual([]);
  });

  test("gets into the store without being asked for", async () => {
    const journal = new UsageJournal({ store, logger, directory });
    for (let at = 0; at < 1_200; at++) journal.record(attempt(`r${at}`));
    while ((await count()) < 1_200) await Bun.sleep(5);
    await journal.close();
    expect(await count()).toBe(1_200);
  });

  test("that comes while others are on their way is flushed, too", async () => {
    const journal = new UsageJournal({ store, logger, directory });
    journal.record(attempt("a"));
    const first = journal.flush();
    journal.record(attempt("b"));
    await Promise.all([first, journal.flush()]);
    expect(await count()).toBe(2);
    await journal.close();
  });
});

describe("what a dead process left behind", () => {
  const leave = (text: string, pid = deadProcess()): string => {
    const path = join(directory, `usage-${pid}-12345-abcdef.jsonl`);
    writeFileSync(path, text);
    return path;
  };

  test("is read at the next start, but for a line that it wrote in part", async () => {
    const path = leave(`${JSON.stringify(attempt("a"))}\n${JSON.stringify(attempt("b"))}\n${JSON.stringify(attempt("c")).slice(0, 80)}`);
    const journal = new UsageJournal({ store, logger, directory });
    expect(await journal.recover()).toBe(2);
    expect(await count()).toBe(2);
    expect(existsSync(path)).toBe(false);
    expect(log).toEqual([{ event: "usage.recovered", fields: { records: 2 } }]);
  });

  test("counts once, however often it is read", async () => {
    await store.usage.append([attempt("a")]);
    for (let round = 0; round < 3; round++) {
      leave(`${JSON.stringify(attempt("a"))}\n${JSON.stringify(attempt("b"))}\n`);
      await new UsageJournal({ store, logger, directory }).recover();
    }
    expect(await count()).toBe(2);
  });

  test("is left alone when the store cannot take it", async () => {
    const path = leave(`${JSON.stringify(attempt("a"))}\n`);
    await expect(new UsageJournal({ store: shaky(away), logger, directory }).recover()).rejects.toThrow("refused");
    expect(existsSync(path)).toBe(true);
  });

  test("is told from what a living one writes", async () => {
    const other = Bun.spawn(["sleep", "60"]);
    const began = readFileSync(`/proc/${other.pid}/stat`, "utf8").split(" ")[21];
    const living = join(directory, `usage-${other.pid}-${began}-abc.jsonl`);
    // The same number, given out again: as after the restart of a container.
    const dead = join(directory, `usage-${process.pid}-1-abc.jsonl`);
    for (const path of [living, dead]) writeFileSync(path, `${JSON.stringify(attempt(path))}\n`);
    await new UsageJournal({ store, logger, directory }).recover();
    expect([existsSync(living), existsSync(dead), await count()]).toEqual([true, false, 1]);
    other.kill();
    await other.exited;
  });

  test("may be rubbish", async () => {
    leave(`not json\n{"requestId":5}\n\n${JSON.stringify(attempt("a"))}\n[]\n`);
    await new UsageJournal({ store, logger, directory }).recover();
    expect(await count()).toBe(1);
  });
});

describe("when the store is away", () => {
  test("records wait and arrive when it is back; it is told once", async () => {
    let gone = true;
    const journal = new UsageJournal({ store: shaky(() => (gone ? away() : undefined)), logger, directory });
    for (let at = 0; at < 10; at++) {
      journal.record(attempt(`r${at}`));
      await expect(journal.flush()).rejects.toThrow("refused");
    }
    gone = false;
    journal.record(attempt("last"));
    await journal.flush();
    expect(await count()).toBe(11);
    expect(events()).toEqual(["usage.store-away", "usage.store-back"]);
    await journal.close();
  });

  test("memory stays small: what does not fit comes back from the journal", async () => {
    let gone = true;
    const journal = new UsageJournal({ store: shaky(() => (gone ? away() : undefined)), logger, directory, maxInMemory: 50 });
    for (let at = 0; at < 400; at++) journal.record(attempt(`r${at}`));
    await expect(journal.flush()).rejects.toThrow("refused");
    for (let at = 400; at < 500; at++) journal.record(attempt(`r${at}`));
    gone = false;
    await journal.flush();
    expect(await count()).toBe(500);
    for (let at = 500; at < 510; at++) journal.record(attempt(`r${at}`));
    await journal.flush();
    expect(await count()).toBe(510);
    await journal.close();
    expect(journals()).toEqual([]);
  });

  test("at the end, the journal stays for the next start", async () => {
    const journal = new UsageJournal({ store: shaky(away), logger, directory });
    journal.record(attempt("a"));
    await journal.close();
    expect(recordsIn(journals()[0] ?? "")).toEqual([attempt("a")]);
    expect(events()).toEqual(["usage.store-away", "usage.left"]);
  });

  test("a record that the store refuses does not keep the others out", async () => {
    const journal = new UsageJournal({ store, logger, directory });
    journal.record(attempt("a"));
    journal.record({ ...attempt("broken"), losses: undefined } as unknown as AttemptRecord);
    journal.record(attempt("b"));
    await journal.flush();
    expect(await count()).toBe(2);
    expect(log.map(({ event, fields }) => [event, fields.requestId])).toEqual([["usage.refused", "broken"]]);
    await journal.close();
  });
});

describe("when the disk is away", () => {
  test("records still reach the store, and it is told once", async () => {
    const journal = new UsageJournal({ store, logger, directory: "/dev/null/no-directory" });
    for (let at = 0; at < 5; at++) journal.record(attempt(`r${at}`));
    await journal.flush();
    expect(await count()).toBe(5);
    expect(events()).toEqual(["usage.unjournalled"]);
    await journal.close();
  });

  test("a journal that somebody removes is written again", async () => {
    const journal = new UsageJournal({ store: shaky(away), logger, directory });
    journal.record(attempt("a"));
    for (const path of journals()) rmSync(path);
    await expect(journal.flush()).rejects.toThrow("refused");
    expect(recordsIn(journals()[0] ?? "")).toEqual([attempt("a")]);
    await journal.close();
  });
});

test("a full journal is put aside and removed once the store has it", async () => {
  let gone = true;
  const journal = new UsageJournal({ store: shaky(() => (gone ? away() : undefined)), logger, directory });
  const losses = ["x".repeat(1_000_000)];
  for (let at = 0; at < 10; at++) journal.record(attempt(`r${at}`, { losses }));
  expect(journals().length).toBe(3);
  gone = false;
  await journal.flush();
  expect(journals().length).toBe(1);
  journal.record(attempt("after"));
  const [path = ""] = journals();
  expect(recordsIn(path)).toEqual([attempt("after")]);
  await journal.close();
  expect(await count()).toBe(11);
  expect(journals()).toEqual([]);
});

test("a record that is larger than a journal gets one of its own", async () => {
  const journal = new UsageJournal({ store: shaky(away), logger, directory });
  const huge = attempt("huge", { losses: ["x".repeat(6_000_000)] });
  for (const record of [attempt("a"), huge, attempt("b")]) journal.record(record);
  expect(journals().flatMap(recordsIn).map(({ requestId }) => requestId).sort()).toEqual(["a", "b", "huge"]);
  expect(log).toEqual([]);
  await journal.close();
});

test("where files cannot be mapped they are written", async () => {
  const map = spyOn(Bun, "mmap").mockImplementation(() => {
    throw new Error("no maps here");
  });
  const journal = new UsageJournal({ store: shaky(away), logger, directory });
  for (let at = 0; at < 3; at++) journal.record(attempt(`r${at}`));
  map.mockRestore();
  expect(recordsIn(journals()[0] ?? "")).toEqual([0, 1, 2].map((at) => attempt(`r${at}`)));
  await journal.close();
});

test("what a process had recorded survives its sudden death", async () => {
  const script = join(directory, "write.ts");
  writeFileSync(script, `
    import { UsageJournal } from ${JSON.stringify(join(import.meta.dir, "usage-journal.ts"))};
    const journal = new UsageJournal({ store: { usage: { append: () => new Promise(() => undefined) } }, logger: { log() {} }, directory: ${JSON.stringify(join(directory, "j"))} });
    for (let at = 0; at < 100; at++) journal.record({ ...${JSON.stringify(attempt("x"))}, requestId: "r" + at });
    process.kill(process.pid, "SIGKILL");
  `);
  const run = Bun.spawn([process.execPath, "--conditions=@dragoman/source", script], { cwd: import.meta.dir });
  await run.exited;
  expect(run.signalCode).toBe("SIGKILL");
  await new UsageJournal({ store, logger, directory: join(directory, "j") }).recover();
  expect(await count()).toBe(100);
});
