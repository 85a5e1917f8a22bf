import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applicationLog } from "../../../packages/server/src/host/application-log.ts";
import { namedFiles } from "../../../packages/server/src/host/named-files.ts";
import { startOffice, type Answer, type RunningOffice } from "../../kit/office.ts";

interface Logs {
  readonly lines: string[];
  readonly "line-count": number;
  readonly "latest-timestamp": number;
  readonly "next-cursor": string;
  readonly "cursor-reset": boolean;
}

let office: RunningOffice;
let directory: string;
let enabled: boolean;

beforeEach(async () => {
  enabled = true;
  office = await startOffice({
    office: {
      applicationLog: applicationLog({ directory: () => directory, enabled: () => enabled }),
      requestLogs: namedFiles(() => directory),
    },
  });
  directory = join(office.directory, "logs");
});
afterEach(() => office.close());

const codes = ({ status, body }: Answer): unknown[] => [status, body];
const path = (name: string): string => join(directory, name);

/** Local noon of a day, in seconds. */
const NOON = new Date(2026, 0, 15, 12, 0, 0).getTime() / 1000;
function line(second: number, text: string): string {
  const date = new Date((NOON + second) * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `[${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}] [--------] [info ] ${text}`;
}

function write(name: string, lines: readonly string[], at = 100): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(path(name), lines.map((text) => `${text}\n`).join(""));
  utimesSync(path(name), NOON + at, NOON + at);
}
const append = (...lines: readonly string[]): void => appendFileSync(path("main.log"), lines.map((text) => `${text}\n`).join(""));

async function logs(query = ""): Promise<Logs> {
  const answer = await office.get(`/logs${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Logs;
}
const texts = ({ lines }: Logs): string[] => lines.map((text) => text.replace(/^.*\] /, ""));

describe("GET /logs", () => {
  test("without a log file, or without a directory", async () => {
    expect(await logs("?after=77")).toEqual({ lines: [], "line-count": 0, "latest-timestamp": 77, "next-cursor": expect.any(String), "cursor-reset": false });
    enabled = false;
    expect(codes(await office.get("/logs"))).toEqual([400, { error: "logging to file disabled" }]);
    expect(codes(await office.call("DELETE", "/logs"))).toEqual([400, { error: "logging to file disabled" }]);
  });

  test("all lines of all files, oldest first", async () => {
    write("main-2026-01-15T11-00-00.000.log", [line(1, "one"), line(2, "two")], 10);
    write("main.log.1", [line(3, "three")], 20);
    write("main.log", [line(4, "four"), "  at a stack", line(5, "five")], 30);
    write("error-v1-messages-2026-01-15T120000-abc.log", ["not this"], 30);
    const all = await logs();
    expect(texts(all)).toEqual(["one", "two", "three", "four", "  at a stack", "five"]);
    expect(all).toMatchObject({ "line-count": 6, "latest-timestamp": NOON + 5, "cursor-reset": false });
  });

  test("after: strictly later ones; a line without a time goes with the one before it; scanned lines are counted", async () => {
    write("main.log", [line(1, "one"), "  stack of one", line(2, "two"), "  stack of two", line(2, "twin"), line(3, "three")]);
    const later = await logs(`?after=${NOON + 1}`);
    expect(texts(later)).toEqual(["two", "  stack of two", "twin", "three"]);
    expect(later).toMatchObject({ "line-count": 6, "latest-timestamp": NOON + 3 });
    expect(await logs(`?after=${NOON + 50}`)).toMatchObject({ lines: [], "latest-timestamp": NOON + 50 });
  });

  test("limit: the newest, read from the end, over several files", async () => {
    write("main.log.1", [line(1, "one"), line(2, "two"), line(3, "three")], 10);
    write("main.log", [line(4, "four"), line(5, "five")], 20);
    const three = await logs("?limit=3");
    expect(texts(three)).toEqual(["three", "four", "five"]);
    expect(three).toMatchObject({ "line-count": 3, "latest-timestamp": NOON + 5 });
    expect(texts(await logs("?limit=100"))).toEqual(["one", "two", "three", "four", "five"]);
    expect(texts(await logs(`?limit=1&after=${NOON + 2}`))).toEqual(["five"]);
    for (const bad of ["0", "-3", "x", "1.5"]) expect(codes(await office.get(`/logs?limit=${bad}`))).toEqual([400, { error: expect.stringMatching(/^invalid limit: /) }]);
  });

  test("a cursor goes on where it was, and half a line waits until it is whole", async () => {
    write("main.log", [line(1, "one")]);
    const first = await logs("?limit=10");
    appendFileSync(path("main.log"), `${line(2, "two")}\n${line(3, "thr")}`);
    const second = await logs(`?cursor=${first["next-cursor"]}`);
    expect(texts(second)).toEqual(["two"]);
    expect(second).toMatchObject({ "line-count": 1, "latest-timestamp": NOON + 2, "cursor-reset": false });
    appendFileSync(path("main.log"), "ee\n");
    const third = await logs(`?cursor=${second["next-cursor"]}&limit=5`);
    expect(texts(third)).toEqual(["three"]);
    expect(await logs(`?cursor=${third["next-cursor"]}`)).toMatchObject({ lines: [], "line-count": 0, "cursor-reset": false });
  });

  test("a cursor survives that its file is put aside: nothing is missed, nothing comes twice", async () => {
    write("main.log", [line(1, "one"), line(2, "two")]);
    const first = await logs();
    append(line(3, "three"));
    renameSync(path("main.log"), path("main-2026-01-15T12-00-03.000.log"));
    write("main.log", [line(4, "four")], 200);
    const second = await logs(`?cursor=${first["next-cursor"]}`);
    expect(texts(second)).toEqual(["three", "four"]);
    expect(second["cursor-reset"]).toBe(false);
    append(line(5, "five"));
    expect(texts(await logs(`?cursor=${second["next-cursor"]}`))).toEqual(["five"]);
  });

  test("a cursor of nothing yet begins at the beginning", async () => {
    const first = await logs();
    write("main.log", [line(1, "one")]);
    expect(await logs(`?cursor=${first["next-cursor"]}`)).toMatchObject({ lines: [line(1, "one")], "cursor-reset": false });
  });

  test("a cursor whose file is gone or was emptied starts over and says so", async () => {
    write("main.log", [line(1, "one"), line(2, "two")]);
    const { "next-cursor": cursor } = await logs();
    write("main.log", [line(9, "new")]);
    expect(await logs(`?cursor=${cursor}`)).toMatchObject({ lines: [line(9, "new")], "cursor-reset": true });
    write("main.log", [line(9, "quite another beginning"), line(10, "and more of it"), line(11, "and more")]);
    expect(await logs(`?cursor=${cursor}&limit=2`)).toMatchObject({ lines: [line(10, "and more of it"), line(11, "and more")], "cursor-reset": true });
    expect(await logs("?cursor=nonsense")).toMatchObject({ "cursor-reset": true, "line-count": 3 });
  });

  test("large files: characters at the edges of what is read at once stay whole", async () => {
    const lines = Array.from({ length: 30_000 }, (_, number) => line(number, `№${number} ${"ü".repeat(number % 13)}`));
    write("main.log", lines);
    expect(readFileSync(path("main.log")).length).toBeGreaterThan(1_500_000);
    const all = await logs();
    expect(all.lines).toEqual(lines);
    expect((await logs("?limit=20000")).lines).toEqual(lines.slice(-20_000));
    append(line(50_000, "end"));
    expect((await logs(`?cursor=${all["next-cursor"]}`)).lines).toEqual([line(50_000, "end")]);
  });
});

describe("DELETE /logs", () => {
  test("empties the log, removes its older files, leaves the rest", async () => {
    write("main.log", [line(1, "one")]);
    write("main.log.1", ["old"]);
    write("main-2026-01-15T12-00-03.000.log", ["older"]);
    write("error-x-abc.log", ["stays"]);
    expect(codes(await office.call("DELETE", "/logs"))).toEqual([200, { success: true, message: "Logs cleared successfully", removed: 2 }]);
    expect(readFileSync(path("main.log"), "utf8")).toBe("");
    expect(existsSync(path("main.log.1"))).toBe(false);
    expect(existsSync(path("error-x-abc.log"))).toBe(true);
    expect((await logs()).lines).toEqual([]);
    append(line(2, "two"));
    expect(texts(await logs())).toEqual(["two"]);
  });
});

describe("logs of single requests", () => {
  beforeEach(() => {
    write("error-v1-messages-2026-01-15T120000-a1b2c3d4.log", ["=== REQUEST INFO ==="], 1);
    write("error-v1-responses-2026-01-15T120002-ffff0000.log", ["newer"], 2);
    write("v1-messages-2026-01-15T120001-deadbeef.log", ["whole"], 3);
    write("main.log", ["main"], 4);
  });

  test("those of failures, newest first; none while every request has one", async () => {
    expect(codes(await office.get("/request-error-logs"))).toEqual([200, { files: [
      { name: "error-v1-responses-2026-01-15T120002-ffff0000.log", size: 6, modified: NOON + 2 },
      { name: "error-v1-messages-2026-01-15T120000-a1b2c3d4.log", size: 21, modified: NOON + 1 },
    ] }]);
    await office.keeper.change((tree) => ({ ...tree, "request-log": true }));
    expect(codes(await office.get("/request-error-logs"))).toEqual([200, { files: [] }]);
  });

  test("one by its name", async () => {
    const answer = await office.get("/request-error-logs/error-v1-messages-2026-01-15T120000-a1b2c3d4.log");
    expect(answer.text).toBe("=== REQUEST INFO ===\n");
    expect(answer.headers.get("content-disposition")).toContain('filename="error-v1-messages-2026-01-15T120000-a1b2c3d4.log"');
    for (const name of ["main.log", "v1-messages-2026-01-15T120001-deadbeef.log", "error-x.txt", "..%2Fconfig.yaml", "error-..%2F..%2Fx.log", "error-a%5Cb.log"]) {
      expect(codes(await office.get(`/request-error-logs/${name}`))).toEqual([400, { error: "invalid log file name" }]);
    }
    expect(codes(await office.get("/request-error-logs/error-gone.log"))).toEqual([404, { error: "log file not found" }]);
  });

  test("one by its request's id", async () => {
    expect((await office.get("/request-log-by-id/deadbeef")).text).toBe("whole\n");
    expect((await office.get("/request-log-by-id/a1b2c3d4")).text).toBe("=== REQUEST INFO ===\n");
    expect(codes(await office.get("/request-log-by-id/00000000"))).toEqual([404, { error: "log file not found for the given request ID" }]);
    expect(codes(await office.get("/request-log-by-id/..%2Fx"))).toEqual([400, { error: "invalid request ID" }]);
    expect(codes(await office.get("/request-log-by-id/"))).toEqual([400, { error: "missing request ID" }]);
  });
});
