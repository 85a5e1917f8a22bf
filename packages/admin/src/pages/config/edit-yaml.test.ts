import { describe, expect, test } from "bun:test";
import { lineOf, treeOf, withoutKey, withValue } from "./edit-yaml.ts";

const TEXT = `# head
port: 8317        # aligned comment
host: "0.0.0.0"
tls:
  enable: false   # off
api-keys:
  - one
`;

describe("changing one value", () => {
  test("touches nothing else", () => {
    expect(withValue(TEXT, ["port"], 9000)).toBe(TEXT.replace("8317", "9000"));
    expect(withValue(TEXT, ["tls", "enable"], true)).toBe(TEXT.replace("false", "true"));
    expect(withValue(TEXT, ["host"], "::1")).toBe(TEXT.replace('"0.0.0.0"', '"::1"'));
  });
  test("adds a key at the end, or into its mapping", () => {
    expect(withValue(TEXT, ["debug"], true)).toBe(`${TEXT}debug: true\n`);
    expect(withValue("a: 1", ["proxy-url"], "")).toBe('a: 1\nproxy-url: ""\n');
    expect(treeOf(withValue(TEXT, ["tls", "cert"], "x.pem"))?.tls).toEqual({ enable: false, cert: "x.pem" });
    expect(treeOf(withValue(TEXT, ["routing", "strategy"], "fill-first"))?.routing).toEqual({ strategy: "fill-first" });
  });
  test("writes lists, and keeps comments", () => {
    const changed = withValue(TEXT, ["api-keys"], ["one", "two"]);
    expect(treeOf(changed)?.["api-keys"]).toEqual(["one", "two"]);
    expect(changed).toContain("# aligned comment");
  });
  test("words that YAML reads otherwise are quoted", () => {
    expect(treeOf(withValue(TEXT, ["host"], "true"))?.host).toBe("true");
    expect(treeOf(withValue("strategy: x\n", ["strategy"], "on # off"))?.strategy).toBe("on # off");
  });
  test("a text that is not YAML stays as it is", () => {
    expect(withValue("a: [", ["a"], 1)).toBe("a: [");
    expect(treeOf("a: [")).toBeUndefined();
  });
});

test("taking a key away takes an empty mapping with it", () => {
  expect(treeOf(withoutKey(TEXT, ["tls", "enable"]))).toEqual({ port: 8317, host: "0.0.0.0", "api-keys": ["one"] });
  expect(withoutKey(TEXT, ["absent"])).toBe(TEXT);
});

test("the line of a key", () => {
  expect(lineOf(TEXT, ["tls", "enable"])).toBe(5);
  expect(lineOf(TEXT, ["absent"])).toBeUndefined();
});
