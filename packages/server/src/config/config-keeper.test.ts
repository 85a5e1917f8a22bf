import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, ConfigRefused } from "@dragoman/gateway";
import { Parser } from "yaml";
import { FileConfigKeeper } from "./config-keeper.ts";
import { loadConfig } from "./load-config.ts";

let directory = "";
let path = "";
let inForce: Config[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dragoman-keeper-"));
  path = join(directory, "config.yaml");
  inForce = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const ENVIRONMENT = { KEY: "sk-of-the-environment", PORT: "9000" };
const passwords = { hash: (secret: string) => Promise.resolve(`$2b$10$${Buffer.from(secret).toString("hex").padEnd(53, "0")}`) };

function keep(text: string | undefined, putInForce: (config: Config) => void = (config) => void inForce.push(config)): FileConfigKeeper {
  if (text !== undefined) writeFileSync(path, text);
  const result = loadConfig({ directory, environment: ENVIRONMENT });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return new FileConfigKeeper({ loaded: result.loaded, newPath: join(directory, "made", "config.yaml"), passwords, putInForce });
}

const onDisk = (): string => readFileSync(path, "utf8");
const refusalOf = async (work: Promise<unknown>): Promise<ConfigRefused> => {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigRefused);
  return error as ConfigRefused;
};

describe("a change", () => {
  test("is in the file and in force when it resolves, and nothing else changed", async () => {
    const keeper = keep("# head\nport: ${PORT} # of the environment\nclaude-api-key:\n  - api-key: ${KEY}\ndebug: false # quiet\n");
    await keeper.change((tree) => ({ ...tree, debug: true }));
    expect(onDisk()).toBe("# head\nport: ${PORT} # of the environment\nclaude-api-key:\n  - api-key: ${KEY}\ndebug: true # quiet\n");
    expect(inForce.map(({ debug, port }) => [debug, port])).toEqual([[true, 9000]]);
    expect(keeper.current().config.debug).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["config.yaml"]);
  });

  test("that changes nothing writes nothing", async () => {
    const keeper = keep("debug: false\n");
    const { ino } = statSync(path);
    await keeper.change((tree) => tree);
    expect(statSync(path).ino).toBe(ino);
    expect(inForce).toEqual([]);
  });

  test("reads the new text once, and the old one not at all", async () => {
    const keeper = keep("claude-api-key:\n  - api-key: a\n  - api-key: b\ndebug: false\n");
    const reading = spyOn(Parser.prototype, "parse");
    try {
      for (const debug of [true, false]) await keeper.change((tree) => ({ ...tree, debug }));
      await keeper.change((tree) => ({ ...tree, "claude-api-key": [{ "api-key": "b" }] }));
      expect(reading.mock.calls.length).toBe(3);
      writeFileSync(path, "debug: false # by hand\n");
      await keeper.change((tree) => ({ ...tree, debug: true }));
      expect(onDisk()).toBe("debug: true # by hand\n");
    } finally {
      reading.mockRestore();
    }
  });

  test("is made of what stands in the file, not of what runs", async () => {
    const keeper = keep("debug: false\n");
    writeFileSync(path, "# typed meanwhile\ndebug: false\nrequest-log: true\n");
    await keeper.change((tree) => ({ ...tree, debug: true }));
    expect(onDisk()).toBe("# typed meanwhile\ndebug: true\nrequest-log: true\n");
    expect(keeper.current().config["request-log"]).toBe(true);
  });

  test("brings old spellings up to date", async () => {
    const keeper = keep("generative-language-api-key: [a]\ngpt-5-codex: true # old\nrouting:\n  claude-code-session-affinity: true\n");
    expect(keeper.tree() as object).toEqual({ "gemini-api-key": [{ "api-key": "a" }], "force-gpt-5-codex": true, routing: { "session-affinity": true } });
    await keeper.change((tree) => tree);
    expect(onDisk()).not.toMatch(/generative|^gpt-5|claude-code/m);
    expect(keeper.current().config["force-gpt-5-codex"]).toBe(true);
  });

  test("after another waits for it", async () => {
    const keeper = keep("request-retry: 0\n");
    await Promise.all(Array.from({ length: 20 }, () => keeper.change((tree) => ({ ...tree, "request-retry": Number(tree["request-retry"]) + 1 }))));
    expect(onDisk()).toBe("request-retry: 20\n");
  });

  test("that makes no configuration is refused, with its place, and changes nothing", async () => {
    const keeper = keep("debug: false\n");
    const refused = await refusalOf(keeper.change((tree) => ({ ...tree, port: "abc" })));
    expect([refused.kind, refused.problems[0]?.path, refused.problems[0]?.line]).toEqual(["invalid", "port", 2]);
    expect(onDisk()).toBe("debug: false\n");
    expect(inForce).toEqual([]);
    await keeper.change((tree) => ({ ...tree, debug: true }));
    expect(onDisk()).toBe("debug: true\n");
  });

  test("of a file that is no YAML at the moment is refused", async () => {
    const keeper = keep("debug: false\n");
    writeFileSync(path, "debug: [");
    expect((await refusalOf(keeper.change((tree) => tree))).kind).toBe("write");
    expect(onDisk()).toBe("debug: [");
  });

  test("that cannot be put in force is taken back", async () => {
    const keeper = keep("debug: false # d\n", () => { throw new Error("no"); });
    const refused = await refusalOf(keeper.change((tree) => ({ ...tree, debug: true })));
    expect([refused.kind, onDisk(), keeper.current().config.debug]).toEqual(["write", "debug: false # d\n", false]);
  });

  test("that cannot be written is refused", async () => {
    writeFileSync(join(directory, "made"), "a file where a directory should be");
    const keeper = keep(undefined);
    expect((await refusalOf(keeper.change((tree) => ({ ...tree, debug: true })))).kind).toBe("write");
    expect([keeper.current().config.debug, inForce]).toEqual([false, []]);
  });
});

describe("a change that changes nothing leaves every byte", () => {
  const example = readFileSync(join(import.meta.dir, "../../../../config.example.yaml"), "utf8");
  const files: Readonly<Record<string, string>> = {
    "the example": example,
    "with the line breaks of Windows": example.replaceAll("\n", "\r\n"),
    "comments everywhere": "# a\n\n# b\ndebug: true # c\n# d\napi-keys: # e\n  # f\n  - k # g\n  # h\n# i\n",
    "anchors and merges": "claude-api-key:\n  - &first\n    api-key: a\n    priority: 1\n  - <<: *first\n    api-key: b\n",
    "flow style": "{ debug: true, api-keys: [ 'a', \"b\" ], # x\n  routing: {strategy: fill-first} }",
    "nothing said": "api-keys: ~\nclaude-api-key:\nhost: null\n",
    "keys of others": "pprof: { enable: true }\nclaude-api-key: [{ api-key: a, cloak: { mode: x } }]\n",
    "only comments": "# nothing\n",
  };
  test.each(Object.entries(files))("%s", async (_, text) => {
    const keeper = keep(text);
    await keeper.change((tree) => tree);
    expect(onDisk()).toBe(text);
    await keeper.change((tree, expanded) => ({ ...tree, ...expanded }));
    expect(onDisk()).toBe(text);
    await keeper.change((tree) => ({ ...tree, "request-retry": 7 }));
    await keeper.change((tree) => Object.fromEntries(Object.entries(tree).filter(([key]) => key !== "request-retry")));
    expect(keeper.current().config["request-retry"]).toBe(0);
  });
});

test("another gateway's file is read, and never written", async () => {
  const text = "port: ${PORT}\nremote-management: { secret-key: plain }\n";
  writeFileSync(path, text);
  const result = loadConfig({ directory, environment: ENVIRONMENT });
  if (!result.ok) throw new Error("it is no configuration");
  const keeper = new FileConfigKeeper({ loaded: { ...result.loaded, fileOf: "droid2api" }, newPath: path, passwords, putInForce: (config) => void inForce.push(config) });
  for (const work of [keeper.change((tree) => ({ ...tree, debug: true })), keeper.replace("debug: true\n")]) {
    const refused = await refusalOf(work);
    expect([refused.kind, refused.message]).toEqual(["foreign", expect.stringContaining("dragoman import droid2api config.yaml")]);
  }
  await keeper.hashSecret();
  expect(onDisk()).toBe(text);
  expect(inForce.map((config) => config["remote-management"]["secret-key"])).toEqual([expect.stringContaining("$2b$10$")]);
});

describe("without a file", () => {
  test("the first change makes one, which is found at the next start", async () => {
    const keeper = keep(undefined);
    expect([keeper.text(), keeper.tree() as object, keeper.current().path]).toEqual([undefined, {}, undefined]);
    await keeper.change((tree) => ({ ...tree, debug: true }));
    const made = join(directory, "made", "config.yaml");
    expect([readFileSync(made, "utf8"), keeper.current().path]).toEqual(["debug: true\n", made]);
    const next = loadConfig({ directory, home: join(directory, "made"), environment: {} });
    expect(next.ok && [next.loaded.path, next.loaded.config.debug]).toEqual([made, true]);
  });

  test("one that cannot be put in force is not left behind", async () => {
    const keeper = keep(undefined, () => { throw new Error("no"); });
    await refusalOf(keeper.replace("debug: true\n"));
    expect(existsSync(join(directory, "made", "config.yaml"))).toBe(false);
  });
});

describe("the management secret", () => {
  test("is hashed where it stands, once", async () => {
    const keeper = keep("remote-management: { secret-key: 'plain', allow-remote: true } # m\n");
    await keeper.hashSecret();
    const text = onDisk();
    expect(text).toMatch(/^remote-management: \{ secret-key: '\$2b\$10\$.{53}', allow-remote: true \} # m\n$/);
    await keeper.hashSecret();
    await keeper.change((tree) => tree);
    expect(onDisk()).toBe(text);
  });

  test("in its old place as well", async () => {
    const keeper = keep('remote-management-key: "12345" # old\n');
    await keeper.hashSecret();
    expect(onDisk()).toMatch(/^remote-management-key: "\$2b\$10\$.{53}" # old\n$/);
  });

  test("typed while it is being hashed is not lost", async () => {
    const keeper = keep("remote-management: { secret-key: one }\n");
    const hashing = keeper.hashSecret();
    writeFileSync(path, "remote-management: { secret-key: two }\n");
    await hashing;
    expect(onDisk()).toBe("remote-management: { secret-key: two }\n");
  });

  test("keeps its hash over other changes when it is a reference", async () => {
    const keeper = keep("remote-management:\n  secret-key: ${KEY}\n");
    await keeper.hashSecret();
    const hash = keeper.current().config["remote-management"]["secret-key"];
    expect(hash).toStartWith("$2b$");
    await keeper.change((tree) => ({ ...tree, debug: true }));
    expect(keeper.current().config["remote-management"]["secret-key"]).toBe(hash);
    expect(onDisk()).toBe("remote-management:\n  secret-key: ${KEY}\ndebug: true\n");
  });
});

describe("check", () => {
  test("tells what would change, what is wrong and where, and changes nothing", () => {
    const keeper = keep("debug: false\n");
    expect(keeper.check("debug: true\n").changes).toEqual([{ path: "debug", summary: "false → true", reload: "live" }]);
    expect(keeper.check("debug: true\nport: x\n").problems).toMatchObject([{ path: "port", line: 2 }]);
    expect(keeper.check("a: [").syntaxError).toBeString();
    expect(onDisk()).toBe("debug: false\n");
  });
});
