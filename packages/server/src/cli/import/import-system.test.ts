import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../command.ts";
import { importSystem } from "./import-system.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dragoman-import-"));
  writeFileSync(join(directory, ".env"), "SOMETHING=else\nOPENAI_BASE_URL=http://localhost:8317/v1\n");
  writeFileSync(join(directory, "broken.json"), '{"key": "sk-secret');
  writeFileSync(join(directory, "list.yaml"), "- sk-secret\n");
  writeFileSync(join(directory, "bad.yaml"), "port: sk-secret\n");
  writeFileSync(join(directory, "no.db"), "no database");
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each([
  ["infiniproxi", ".env", "did you mean infiniproxy?"], ["infiniproxy", ".env", "holds no settings of infiniproxy"], ["infiniproxy", undefined, "takes a file: .env"],
  ["cliproxyapi", "broken.json", "not well-formed"], ["cliproxyapi", "list.yaml", "holds no settings"], ["cliproxyapi", "gone.yaml", "there is no"], ["cliproxyapi", "bad.yaml", "bad.yaml:1: port: "],
])("import %s %s is refused, and writes nothing", async (system, file, said) => {
  const output = join(directory, "config.yaml");
  const refusal = await importSystem({ system, file: file === undefined ? undefined : join(directory, file), output, database: undefined, configPath: undefined, force: true, dry: false, json: false }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UsageError);
  expect((refusal as UsageError).message).toContain(said);
  expect((refusal as UsageError).message).not.toContain("sk-secret");
  expect(existsSync(output)).toBe(false);
});

test("keys that only the surroundings can hold are named, without their values", async () => {
  writeFileSync(join(directory, "fac.env"), "FACTORY_API_KEYS=fk-secret-one;fk-secret-two\n");
  const said = spyOn(process.stdout, "write").mockImplementation(() => true);
  try {
    const output = join(directory, "ours.yaml");
    expect(await importSystem({ system: "factory-proxy", file: join(directory, "fac.env"), output, database: undefined, configPath: undefined, force: false, dry: false, json: true })).toBe(0);
    const report = said.mock.calls.map(([text]) => String(text)).join("");
    expect(JSON.parse(report)).toMatchObject({ written: true, notes: expect.arrayContaining([expect.objectContaining({ path: "FACTORY_API_KEYS", message: expect.stringContaining(".env") })]) });
    expect(report + readFileSync(output, "utf8")).not.toContain("fk-secret");
  } finally {
    said.mockRestore();
  }
});

test.each([["claude-proxy", "no.db", "has no database"], ["infiniproxy", "gone.db", "there is no"], ["infiniproxy", "no.db", "no database of infiniproxy"]])("import %s --database %s is refused", async (system, database, said) => {
  const refusal = await importSystem({ system, file: undefined, output: join(directory, "config.yaml"), database: join(directory, database), configPath: undefined, force: false, dry: true, json: false }).catch((error: unknown) => error);
  expect((refusal as Error).message).toContain(said);
});
