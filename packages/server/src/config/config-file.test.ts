import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, lstatSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfigText, problemText } from "./config-file.ts";
import { withEnvironmentFile } from "./environment-file.ts";
import { loadConfig } from "./load-config.ts";
import { writeAtomically } from "./write-atomically.ts";

let directory = "";
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), "dragoman-config-")); });
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const put = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};

describe("choice of the file", () => {
  test("none: the defaults", () => {
    const result = loadConfig({ directory, environment: {} });
    expect(result.ok && result.loaded.path).toBeUndefined();
    expect(result.ok && result.loaded.config.port).toBe(8317);
  });

  test("config.yaml in the directory, unless another is named", () => {
    put("config.yaml", "port: 1001");
    put("other.yaml", "port: 1002");
    const usual = loadConfig({ directory, environment: {} });
    const named = loadConfig({ directory, environment: {}, named: "other.yaml" });
    expect(usual.ok && usual.loaded.config.port).toBe(1001);
    expect(named.ok && named.loaded.config.port).toBe(1002);
    expect(named.ok && named.loaded.path).toBe(join(directory, "other.yaml"));
  });

  test("a file that was named must be there", () => {
    put("config.yaml", "port: 1001");
    const result = loadConfig({ directory, environment: {}, named: "gone.yaml" });
    expect(result.ok ? [] : result.problems).toEqual([{ path: "", message: "there is no such file" }]);
  });

  test("a directory is no file", () => {
    mkdirSync(join(directory, "d"));
    const result = loadConfig({ directory, environment: {}, named: "d" });
    expect(result.ok ? "" : result.problems[0]?.message).toBe("is a directory");
  });

  test("an empty file is the default configuration", () => {
    put("config.yaml", "# nothing yet\n");
    expect(loadConfig({ directory, environment: {} }).ok).toBe(true);
  });
});

describe("environment file", () => {
  test("fills in what is not set, and feeds references", () => {
    put(".env", 'PORT=1003\nHOST="0.0.0.0" # all\nTAKEN=file\n');
    put("config.yaml", "port: ${PORT}\nhost: ${HOST}\napi-keys: ['${TAKEN}']");
    const result = loadConfig({ directory, environment: { TAKEN: "process" } });
    expect(result.ok && [result.loaded.config.port, result.loaded.config.host, result.loaded.config["api-keys"][0]]).toEqual([1003, "0.0.0.0", "process"]);
  });

  test("a missing one is fine, an unreadable one warns", () => {
    expect(withEnvironmentFile(directory, { A: "1" })).toEqual({ environment: { A: "1" } });
    mkdirSync(join(directory, ".env"));
    expect(withEnvironmentFile(directory, { A: "1" }).warning).toContain(".env");
    const result = loadConfig({ directory, environment: {} });
    expect(result.ok && result.loaded.notes[0]?.kind).toBe("warning");
  });
});

describe("places of problems", () => {
  const problemsOf = (text: string) => {
    const parsed = parseConfigText(text, {});
    return parsed.ok ? [] : parsed.problems;
  };

  test("an unknown key, a wrong value, a missing variable", () => {
    const text = "debug: false\nclaude-api-key:\n  - api-key: a\n  - api-key: b\n    base-url: x\nrouting:\n  strategy: ${STRATEGY}\nport: many\nprot: 1\n";
    expect(problemsOf(text).map(({ path, line, column }) => [path, line, column])).toEqual([
      ["routing.strategy", 7, 3], ["port", 8, 1], ["claude-api-key[1].base-url", 5, 5], ["prot", 9, 1],
    ]);
  });

  test("keys with dots and brackets", () => {
    expect(problemsOf('reasoning:\n  models:\n    "gpt-5": high\n    "gpt-5.1": wrong\n')[0]).toMatchObject({ path: "reasoning.models.gpt-5.1", line: 4 });
  });

  test("a note of an unknown key says where it is and what was probably meant", () => {
    const parsed = parseConfigText("api-keys: [x]\nclaude-api-key:\n  - api-key: b\n    base_url: https://x\n", {});
    expect(parsed.ok && parsed.notes.map((note) => problemText(note, "config.yaml"))).toEqual(["config.yaml:4: claude-api-key[0].base_url: unknown key: kept in the file, without effect (did you mean base-url?)"]);
  });

  test("notes have places, too, also under old spellings", () => {
    const parsed = parseConfigText("api-keys: [x]\ngenerative-language-api-key: [a]\nplugins: {}\n", {});
    expect(parsed.ok && parsed.notes.map(({ kind, line }) => [kind, line])).toEqual([["unused", 3], ["migrated", 2]]);
  });

  test("a path that leads out of the file stops at its last known key", () => {
    expect(problemsOf("tls:\n  enable: true\n")[0]).toMatchObject({ path: "tls.cert", line: 1 });
  });

  test("broken YAML and repeated keys", () => {
    expect(problemsOf("port: 1\nport: 2\n")[0]).toMatchObject({ path: "", line: 2 });
    expect(problemsOf("api-keys: [a\n")[0]?.message).toStartWith("is not valid YAML");
  });

  test("a syntax error does not quote the text", () => {
    for (const text of ["api-keys: s3cret: s3cret\n", 'a: "s3cret\n', "a: *s3cret\n", "a: !s3cret [\n", "\ta: s3cret\n", "a: @s3cret\n", "- s3cret\nport: 1\n"]) {
      expect(JSON.stringify(problemsOf(text))).not.toContain("s3cret");
    }
  });

  test("an alias that grows without end is refused", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 9; level += 1) lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`);
    expect(problemsOf(lines.join("\n"))[0]?.message).toContain("aliases");
  });

  test("a line for the terminal", () => {
    expect(problemText({ path: "prot", message: "unknown key", suggestion: "port", line: 3 }, "config.yaml")).toBe("config.yaml:3: prot: unknown key (did you mean port?)");
    expect(problemText({ path: "", message: "there is no such file" }, "x.yaml")).toBe("x.yaml: there is no such file");
  });
});

describe("writeAtomically", () => {
  test("replaces the whole file, for the owner only", () => {
    const path = put("config.yaml", "old");
    chmodSync(path, 0o644);
    writeAtomically(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["config.yaml"]);
  });

  test("a link stays one", () => {
    const target = put("real.yaml", "old");
    symlinkSync(target, join(directory, "link.yaml"));
    writeAtomically(join(directory, "link.yaml"), "new");
    expect(lstatSync(join(directory, "link.yaml")).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toBe("new");
  });

  test("leaves nothing behind when it cannot", () => {
    mkdirSync(join(directory, "taken"));
    writeFileSync(join(directory, "taken", "x"), "");
    expect(() => writeAtomically(join(directory, "taken"), "new")).toThrow();
    expect(readdirSync(directory)).toEqual(["taken"]);
  });
});

describe("config.example.yaml", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../config.example.yaml"), "utf8");
  const variables = Object.fromEntries([...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => [name, "a-value-from-the-environment"]));
  const environment = { ...variables, PORT: "8317" };

  test("is valid as it is", () => {
    const parsed = parseConfigText(text, { });
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
  });

  /** Blocks that are commented out: a line `# key:` at the left edge and all comment lines below it that are indented. */
  const blocks = [...text.matchAll(/^# (?!yaml-)([a-z-]+:.*\n(?:# {3}.*\n)*)/gm)].map(([, block = ""]) => block.replace(/^# /gm, ""));

  test("has examples to try", () => expect(blocks.length).toBeGreaterThanOrEqual(7));

  for (const block of blocks) {
    test(`the example of ${block.split(":")[0]} is valid`, () => {
      const parsed = parseConfigText(block, environment);
      expect(parsed.ok ? [] : parsed.problems).toEqual([]);
      expect(parsed.ok && parsed.notes.filter(({ kind }) => kind !== "warning")).toEqual([]);
    });
  }
});
