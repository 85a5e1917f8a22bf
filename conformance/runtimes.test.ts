// The same bundle, the same cases, the same results: in Bun, in Node and in workerd.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCases } from "./runner/load-cases.ts";
import { runInBun, runInNode, runInWorkerd, type Suite } from "./runtimes/hosts.ts";
import { runAll, type Summary } from "./runtimes/run-all.ts";

const SLOW_MS = 60_000;

describe("the core runs unchanged", () => {
  const suite: Suite = mkdtempSync(join(tmpdir(), "dragoman-runtimes-"));
  let expected: Summary;

  beforeAll(async () => {
    const cases = loadCases();
    expected = runAll(cases);
    // For a browser: whatever asks for a host's own modules does not build.
    const built = await Bun.build({ entrypoints: [join(import.meta.dirname, "runtimes", "run-all.ts")], target: "browser", format: "esm", conditions: ["@dragoman/source"] });
    await Bun.write(join(suite, "bundle.js"), built.outputs[0] ?? "");
    writeFileSync(join(suite, "cases.json"), JSON.stringify(cases));
  }, SLOW_MS);
  afterAll(() => rmSync(suite, { recursive: true, force: true }));

  test("all cases pass from source", () => {
    expect(expected.failed).toEqual([]);
    expect(expected.passed).toBeGreaterThan(200);
  });
  test("in Bun, bundled", async () => expect(await runInBun(suite)).toEqual(expected), SLOW_MS);
  test("in Node", async () => expect(await runInNode(suite)).toEqual(expected), SLOW_MS);
  test("in workerd", async () => expect(await runInWorkerd(suite)).toEqual(expected), SLOW_MS);
});
