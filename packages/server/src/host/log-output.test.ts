import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogFile } from "./log-file.ts";
import { LogLimit } from "./log-limit.ts";
import { LogOutput } from "./log-output.ts";

const directory = mkdtempSync(join(tmpdir(), "dragoman-log-output-"));
const text = (): string => (existsSync(join(directory, "main.log")) ? readFileSync(join(directory, "main.log"), "utf8") : "");

beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("LogFile", () => {
  test("is put aside when it is full, under the time at which that was", () => {
    const file = new LogFile(directory, 40);
    for (let count = 0; count < 4; count++) {
      file.write(`${"x".repeat(24)}${count}\n`);
      file.flush();
    }
    file.close();
    const names = readdirSync(directory).sort();
    expect(names.length).toBe(4);
    for (const name of names.slice(0, 3)) expect(name).toMatch(/^main-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/);
    expect(text()).toEndWith("3\n");
  });

  test("may be emptied by others while it is written", () => {
    const file = new LogFile(directory, 40);
    file.write("x".repeat(30));
    file.flush();
    truncateSync(join(directory, "main.log"));
    file.write("y".repeat(30));
    file.close();
    expect(text()).toBe("y".repeat(30));
  });
});

describe("LogLimit", () => {
  test("the oldest go first, whatever they are logs of, and the one in use never", () => {
    const put = (name: string, size: number, at: number): void => {
      writeFileSync(join(directory, name), "x".repeat(size));
      utimesSync(join(directory, name), at, at);
    };
    put("main.log", 50, 1);
    put("main-2026-01-01T00-00-00.000.log", 50, 2);
    put("error-v1-messages-x.log", 50, 3);
    put("v1-messages-y.log.gz", 50, 4);
    put("seal.key", 500, 0);
    const limit = new LogLimit(directory);
    limit.maxBytes = 100;
    limit.stop();
    expect(readdirSync(directory).sort()).toEqual(["main.log", "seal.key", "v1-messages-y.log.gz"]);
  });
});

describe("LogOutput", () => {
  const usual = { debug: false, "logging-to-file": true, "logs-max-total-size-mb": 0 };

  test("level and place are switched while it runs", () => {
    const output = new LogOutput({ directory, pretty: false });
    output.apply(usual);
    output.logger.log("info", "first.line");
    output.logger.log("debug", "hidden.line");
    output.apply({ ...usual, debug: true });
    output.logger.log("debug", "second.line");
    output.apply({ ...usual, "logging-to-file": false });
    output.logger.log("error", "elsewhere.line");
    output.apply(usual);
    output.logger.log("info", "third.line");
    output.close();
    expect(text().match(/\w+\.line/g)).toEqual(["first.line", "second.line", "third.line"]);
  });

  test("a directory that cannot be written does not stop the program", () => {
    writeFileSync(join(directory, "occupied"), "");
    const output = new LogOutput({ directory: join(directory, "occupied"), pretty: false });
    output.apply(usual);
    output.logger.log("info", "still.there");
    output.close();
    expect(readdirSync(directory)).toEqual(["occupied"]);
  });
});
