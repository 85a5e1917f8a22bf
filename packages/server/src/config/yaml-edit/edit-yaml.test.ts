import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { editYaml } from "./edit-yaml.ts";
import type { Tree } from "./sheet.ts";

interface LooseTree { [key: string]: LooseTree & string[] & Record<string, unknown>[] }

const VARIABLES: Readonly<Record<string, string>> = { KEY: "sk-from-environment", PORT: "8317" };
const expand = (text: string): string => text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback?: string) => VARIABLES[name] ?? fallback ?? "");
const read = (text: string): Tree => (parse(text, { merge: true }) ?? {}) as Tree;

const EXAMPLE = readFileSync(join(import.meta.dir, "../../../../../config.example.yaml"), "utf8");
const COMMENTED = `# head

# about debug
debug: false   # not now
api-keys:      # of clients
  # alice, 2026
  - "alice-key"
  - 'bob-key'  # bob

  # carol
  - carol-key
remote-management:
  # who
  allow-remote: false
  secret-key: ""  # set me
# between
claude-api-key:
  - api-key: "\${KEY}"   # from the environment
    priority: 3
    # models follow
    models:
      - name: claude-sonnet   # cheap
        alias: s
      - { name: claude-opus, alias: o }
  # the second
  - api-key: sk-2
    base-url: https://two.example.com
host: 127.0.0.1
# tail
`;
const ANCHORS = `shared: &shared
  priority: 2
debug: &flag true
logging-to-file: *flag
claude-api-key:
  - <<: *shared
    api-key: a
  - api-key: b
    <<: *shared
`;
const ODD: Readonly<Record<string, string>> = {
  example: EXAMPLE,
  commented: COMMENTED,
  anchors: ANCHORS,
  crlf: COMMENTED.replaceAll("\n", "\r\n"),
  flow: `{ debug: true, api-keys: [a, "b", 'c'], # remark\n  routing: {strategy: fill-first} }\n`,
  json: JSON.stringify(read(COMMENTED), null, 4),
  nulls: "api-keys: ~\ndebug: false\nclaude-api-key:\nhost: null # none\n",
  empty: "",
  "only comments": "# nothing here\n\n# yet",
  "no last line break": "debug: true\napi-keys:\n  - a",
  "block texts": "note: |\n  one\n\n  two\nmore: >-\n  folded\n  text\ndebug: false\n",
  "dashes at the margin": "api-keys:\n- a\n- b # second\n\n- c\ndebug: true\n",
  marks: "---\ndebug: true # first\n...\n",
  "dash alone": "claude-api-key:\n  -\n    api-key: a\n    # c\n    priority: 1\n  - api-key: b\n",
};

describe("a text that says already what is wanted", () => {
  test.each(Object.entries(ODD))("%s stays as it is, byte for byte", (_, text) => {
    expect(editYaml(text, read(text), expand)).toBe(text);
  });

  test("references are kept for what they stand for", () => {
    const tree = read(COMMENTED) as { "claude-api-key": { "api-key": string }[] };
    tree["claude-api-key"][0]!["api-key"] = "sk-from-environment";
    expect(editYaml(COMMENTED, tree as never, expand)).toBe(COMMENTED);
    expect(editYaml("port: ${PORT} # p\n", { port: 8317 }, expand)).toBe("port: ${PORT} # p\n");
  });
});

describe("one change", () => {
  const change = (text: string, edit: (tree: LooseTree) => void): string => {
    const tree = read(text) as unknown as LooseTree;
    edit(tree);
    return editYaml(text, tree as unknown as Tree, expand) ?? "refused";
  };
  const changed = (edit: (tree: LooseTree) => void): string => change(COMMENTED, edit);

  test("a scalar keeps its quotes and its remark", () => {
    expect(changed((tree) => Object.assign(tree, { debug: true }))).toBe(COMMENTED.replace("debug: false", "debug: true"));
    expect(changed((tree) => Object.assign(tree["api-keys"] ?? [], ["x-key"]))).toBe(COMMENTED.replace('"alice-key"', '"x-key"'));
    expect(changed((tree) => Object.assign(tree["remote-management"] ?? {}, { "secret-key": "$2b$10$x" }))).toBe(COMMENTED.replace('secret-key: ""', 'secret-key: "$2b$10$x"'));
  });

  test("a removed item takes its own comment along", () => {
    expect(changed((tree) => tree["api-keys"]?.splice(1, 1))).toBe(COMMENTED.replace("  - 'bob-key'  # bob\n", ""));
    expect(changed((tree) => tree["api-keys"]?.splice(2, 1))).toBe(COMMENTED.replace("\n  # carol\n  - carol-key\n", ""));
    expect(changed((tree) => tree["claude-api-key"]?.splice(1, 1))).toBe(COMMENTED.replace("  # the second\n  - api-key: sk-2\n    base-url: https://two.example.com\n", ""));
  });

  test("items that change places take their comments along", () => {
    const text = "list:\n  # one\n  - name: a # first\n    weight: 1\n  # two\n  - name: b\n";
    expect(change(text, (tree) => tree.list?.reverse())).toBe("list:\n  # two\n  - name: b\n  # one\n  - name: a # first\n    weight: 1\n");
    expect(change(text, (tree) => Object.assign(tree, { list: [{ name: "c" }, { name: "b" }, { name: "a", weight: 5 }] }))).toBe("list:\n  - name: c\n  # two\n  - name: b\n  # one\n  - name: a # first\n    weight: 5\n");
  });

  test("a list is emptied and filled", () => {
    expect(changed((tree) => Object.assign(tree, { "api-keys": [] }))).toContain("\napi-keys: [] # of clients\nremote-management:\n");
    expect(change("api-keys: [] # none\ndebug: true\n", (tree) => Object.assign(tree, { "api-keys": ["a"] }))).toBe("api-keys: # none\n  - a\ndebug: true\n");
    expect(change("api-keys:\n# later\ndebug: true\n", (tree) => Object.assign(tree, { "api-keys": ["a"] }))).toBe("api-keys:\n  - a\n# later\ndebug: true\n");
  });

  test("new keys come last, in their own mapping", () => {
    expect(changed((tree) => Object.assign(tree, { "request-log": true }))).toBe(`${COMMENTED}request-log: true\n`);
    expect(changed((tree) => Object.assign(tree["claude-api-key"]?.[0] ?? {}, { prefix: "team" }))).toBe(COMMENTED.replace("alias: o }\n", "alias: o }\n    prefix: team\n"));
    expect(change("", (tree) => Object.assign(tree, { debug: true }))).toBe("debug: true\n");
    expect(change("# c", (tree) => Object.assign(tree, { debug: true }))).toBe("# c\ndebug: true\n");
    expect(change("debug: true", (tree) => Object.assign(tree, { host: "x" }))).toBe("debug: true\nhost: x");
  });

  test("line breaks stay what they are", () => {
    const text = change(ODD.crlf ?? "", (tree) => void tree["api-keys"]?.push("new"));
    expect(text.replaceAll("\r\n", "").includes("\n")).toBe(false);
    expect(text).toBe(COMMENTED.replace("  - carol-key\n", "  - carol-key\n  - new\n").replaceAll("\n", "\r\n"));
  });

  test("an alias gives way to a value, and what else hangs on the anchor does not", () => {
    expect(read(change(ANCHORS, (tree) => Object.assign(tree, { "logging-to-file": false })))).toEqual({ ...read(ANCHORS), "logging-to-file": false });
    expect(read(change(ANCHORS, (tree) => Object.assign(tree, { debug: false })))).toEqual({ ...read(ANCHORS), debug: false });
  });

  test("null stays null for an empty list", () => {
    expect(change(ODD.nulls ?? "", (tree) => Object.assign(tree, { "api-keys": [], "claude-api-key": [], debug: true }))).toBe((ODD.nulls ?? "").replace("false", "true"));
  });

  test("texts that would be read as something else are quoted", () => {
    for (const value of ["true", "12", "null", "a: b", "# no", "- x", "", " lead", "line\nbreak", "tab\t", "~", "*a", "&a", "%x", "@y", "`z", "ü🦆", "'", '"', "a,b]"]) {
      for (const text of ["host: x\n", "host: 'x'\n", 'host: "x"\n', "{ host: x }\n", "host: |\n  block\n", "api-keys: [x]\n"]) {
        const tree: Tree = text.startsWith("api") ? { "api-keys": [value, value] } : { host: value };
        expect(read(editYaml(text, tree, expand) ?? "refused: yes")).toEqual(tree);
      }
    }
  });
});

describe("lists of thousands", () => {
  const COUNT = 3_000;
  const keyed = (numbers: readonly number[]): string => `upstreams:\n  - name: big\n    keys:\n${numbers.map((number) => `      - api-key: sk-${number}\n        weight: ${number % 7}\n`).join("")}`;
  const numbers = Array.from({ length: COUNT }, (_, at) => at);

  /** How often a change looks at a member of a wanted item, or at what a text stands for. */
  function lookedAt(edit: (keys: Record<string, unknown>[]) => readonly Record<string, unknown>[]): number {
    let looks = 0;
    const watched = (item: Record<string, unknown>): Record<string, unknown> => new Proxy(item, { get: (target, name) => { looks += 1; return target[String(name)]; } });
    const text = keyed(numbers);
    const [upstream] = (read(text) as unknown as LooseTree).upstreams ?? [];
    const keys = edit(upstream?.keys as Record<string, unknown>[]);
    const wanted = { upstreams: [{ ...(upstream as Record<string, unknown>), keys: keys.map(watched) }] } as unknown as Tree;
    const edited = editYaml(text, wanted, (piece) => { looks += 1; return piece; });
    const seen = looks;
    expect(read(edited ?? "refused: yes")).toEqual({ upstreams: [{ name: "big", keys }] } as unknown as Tree);
    return seen;
  }

  test.each<[string, Parameters<typeof lookedAt>[0]]>([
    ["one is switched", (keys) => keys.with(1_500, { ...keys[1_500], disabled: true })],
    ["the first one goes", (keys) => keys.slice(1)],
    ["one comes first", (keys) => [{ "api-key": "new" }, ...keys]],
    ["all change places", (keys) => keys.toReversed()],
    ["all are others", (keys) => keys.map((key) => ({ ...key, "api-key": `new-${String(key["api-key"])}` }))],
    ["all change", (keys) => keys.map((key) => ({ ...key, weight: 9 }))],
  ])("%s: each item is looked at some times", (_, edit) => {
    expect(lookedAt(edit)).toBeLessThan(60 * COUNT);
  });
});

describe("any change of any text", () => {
  /** The same numbers each time. */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
  }

  function mutate(value: unknown, next: (below: number) => number): unknown {
    const fresh = (): unknown => [true, 7, "new text", "k: v", [], ["x"], { name: "n", list: [1] }][next(7)];
    if (Array.isArray(value)) {
      const list = [...value];
      const at = next(list.length + 1);
      if (next(4) === 0) return list.reverse();
      if (next(3) === 0) return list.filter((_, index) => index !== at);
      if (at === list.length || next(3) === 0) return list.toSpliced(at, 0, fresh());
      return list.with(at, mutate(list[at], next));
    }
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value);
      const at = next(entries.length + 1);
      if (at === entries.length) return { ...value, [`new-${next(9)}`]: fresh() };
      if (next(5) === 0) return Object.fromEntries(entries.filter((_, index) => index !== at));
      return Object.fromEntries(entries.map(([key, item], index) => [key, index === at ? mutate(item, next) : item]));
    }
    return fresh();
  }

  /** `null` in the file is left for an empty list. */
  const withoutNull = (tree: Tree): Tree => Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, value ?? []]));

  test.each(Object.entries(ODD))("%s says afterwards what was wanted", (_, text) => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = numbers(seed * 7919);
      let tree = read(text);
      for (let step = 0; step <= next(3); step++) tree = mutate(tree, next) as Tree;
      const edited = editYaml(text, tree, expand);
      expect({ seed, tree: withoutNull(read(edited ?? "refused: yes")) }).toEqual({ seed, tree: withoutNull(tree) });
    }
  }, 60_000);
});
