import { describe, expect, test } from "bun:test";
import type { z } from "zod";
import { type Config, configJsonSchema, configReferencePage, configSchema, describeChanges, parseConfig, parseDuration, parseExpression, redactConfig } from "./index.ts";
import { viewOf } from "./schema-view.ts";

function configOf(raw: unknown): Config {
  const parsed = parseConfig(raw, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** All named fields below a schema. */
function fieldsBelow(schema: z.ZodType, path: string): [path: string, schema: z.ZodType][] {
  const view = viewOf(schema);
  if (view.item !== undefined) return fieldsBelow(view.item, `${path}[]`);
  return Object.entries(view.fields ?? {}).flatMap(([key, field]) => {
    const where = path === "" ? key : `${path}.${key}`;
    return [[where, field] as [string, z.ZodType], ...fieldsBelow(field, where)];
  });
}

describe("the schema", () => {
  test("every field says what it is and what a change needs", () => {
    const silent = fieldsBelow(configSchema, "").filter(([, field]) => {
      const { description, reload } = viewOf(field).meta;
      return description === undefined || description === "" || (reload !== "live" && reload !== "restart");
    });
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test("whatever is called a key, a secret or a header is marked", () => {
    const unmarked = fieldsBelow(configSchema, "").filter(([path, field]) => {
      const view = viewOf(field);
      const value = viewOf(view.item ?? field);
      const sounds = /(^|\.)(api-key|api-keys|secret-key|seal-keys|headers|proxy-url|base-url)$/.test(path);
      return sounds && value.kind === "value" && value.meta.secret === undefined;
    });
    expect(unmarked.map(([path]) => path)).toEqual([]);
  });

  test("durations", () => {
    expect(parseDuration("1h30m")).toBe(5_400_000);
    expect(parseDuration("1.5s250ms")).toBe(1750);
    expect(parseDuration("0")).toBe(0);
  });

  test("expressions in the spelling of Go", () => {
    expect(parseExpression("(?i)quota")?.test("QUOTA")).toBe(true);
    expect(parseExpression("quota")?.test("QUOTA")).toBe(false);
    expect(parseExpression("(")).toBeUndefined();
  });
});

describe("redactConfig", () => {
  const config = configOf({
    "api-keys": ["client-key-123456", "short"], "seal-keys": ["a long seal passphrase"], "remote-management": { "secret-key": "a long password here" },
    "proxy-url": "socks5://user:pa@ss@proxy.example:1080",
    "claude-api-key": [{ "api-key": "sk-ant-secret-abcd", "base-url": "https://u:pw@claude.example/v1?key=s3cret", headers: { Authorization: "Bearer header-secret" }, models: [{ name: "m" }] }],
    "openai-compatibility": [{ name: "n", "base-url": "https://n.example", "api-key-entries": [{ "api-key": "sk-or-secret-efgh" }] }],
  });

  test("secrets are hidden, the rest is shown", () => {
    const shown = redactConfig(config);
    expect(shown["api-keys"]).toEqual(["…3456", "***"]);
    expect(shown["seal-keys"]).toEqual(["***"]);
    expect(shown["remote-management"]["secret-key"]).toBe("***");
    expect(shown["proxy-url"]).toBe("socks5://***@proxy.example:1080");
    expect(shown["claude-api-key"][0]).toMatchObject({ "api-key": "…abcd", "base-url": "https://***@claude.example/v1?***", headers: { Authorization: "…cret" }, models: [{ name: "m" }] });
    expect(shown["openai-compatibility"][0]?.["api-key-entries"][0]?.["api-key"]).toBe("…efgh");
    expect(shown.port).toBe(8317);
    expect(JSON.stringify(shown)).not.toMatch(/-secret|s3cret|pa@ss|password|passphrase|pw@/);
  });

  test("what the schema does not know is hidden", () => {
    const strange = { ...config, mystery: "s3cret", routing: { ...config.routing, deep: { token: "s3cret" } }, tls: "s3cret" } as unknown as Config;
    const shown = redactConfig(strange) as unknown as Record<string, unknown>;
    expect(shown["mystery"]).toBe("***");
    expect(shown["tls"]).toBe("***");
    expect(JSON.stringify(shown)).not.toContain("s3cret");
  });
});

describe("describeChanges", () => {
  const before = configOf({ debug: false, "api-keys": ["old-key-000000"], "claude-api-key": [{ "api-key": "sk-old-000000", weight: 1 }], "proxy-url": "http://u:p1@h:1" });

  test("nothing is nothing", () => expect(describeChanges(before, structuredClone(before))).toEqual([]));

  test("field by field, without secrets, with what it needs", () => {
    const after = configOf({
      debug: true, port: 9000, "api-keys": ["new-key-111111"], "claude-api-key": [{ "api-key": "sk-new-111111", weight: 3, "base-url": "https://b", headers: { A: "header-value" } }],
      "gemini-api-key": [{ "api-key": "sk-new-222222" }], "proxy-url": "http://u:p2@h:1", reasoning: { models: { x: "high" } }, "remote-management": { "secret-key": "pw" },
    });
    const changes = describeChanges(before, after);
    expect(Object.fromEntries(changes.map(({ path, summary, reload }) => [path, `${summary} (${reload})`]))).toEqual({
      port: "8317 → 9000 (restart)",
      "api-keys[0]": "changed (hidden) (live)",
      "remote-management.secret-key": "added (hidden) (live)",
      debug: "false → true (live)",
      "proxy-url": "changed (hidden) (live)",
      "claude-api-key[0].api-key": "changed (hidden) (live)",
      "claude-api-key[0].base-url": "added (hidden) (live)",
      "claude-api-key[0].weight": "1 → 3 (live)",
      "claude-api-key[0].headers.A": "added (hidden) (live)",
      "gemini-api-key": "0 → 1 entries (live)",
      "reasoning.models.x": "absent → high (live)",
    });
    expect(JSON.stringify(changes)).not.toMatch(/sk-|111111|header-value|p2/);
  });
});

describe("generated", () => {
  test("the JSON Schema lets references stand for numbers and knows old spellings", () => {
    const schema = configJsonSchema() as { properties: Record<string, Record<string, unknown>> };
    expect(schema.properties["port"]?.["anyOf"]).toEqual([{ type: "integer", minimum: 1, maximum: 65_535 }, { type: "string", pattern: String.raw`^\$\{[^}]+\}$` }]);
    expect(schema.properties["port"]?.["default"]).toBe(8317);
    expect(schema.properties["generative-language-api-key"]?.["deprecated"]).toBe(true);
    expect(JSON.stringify(schema)).not.toContain('"reload"');
  });

  test("the reference page has a row for every field, or for the one like it", () => {
    const page = configReferencePage();
    const missing = Object.keys(configSchema.shape).filter((key) => !page.includes(`| \`${key}\``));
    expect(missing).toEqual([]);
    expect(page).toContain("| `routing.strategy` |");
    expect(page).toContain("`claude-api-key[].cloak`");
  });
});
