import { describe, expect, test } from "bun:test";
import type { ConfigPath } from "../config/index.ts";
import type { ConfigTree } from "./config-path.ts";
import { OfficeError, type ConfigKeeper } from "./office.ts";
import { switchCredential } from "./switch-credential.ts";

/** A keeper with nothing but a tree. References are words that begin with a dollar. */
function keeperOf(tree: ConfigTree): { readonly keeper: ConfigKeeper; tree: ConfigTree } {
  const held = {
    tree,
    keeper: {
      change: async (edit) => {
        held.tree = edit(held.tree, JSON.parse(JSON.stringify(held.tree).replace(/\$\{(\w+)\}/g, "value-of-$1")) as ConfigTree);
      },
    } as ConfigKeeper,
  };
  return held;
}

const ENTRY: ConfigPath = ["claude-api-key", 0];
const keyAt = (index: number): ConfigPath => ["openai-compatibility", 0, "api-key-entries", index];
const relay = (keys: readonly object[], more: object = {}): ConfigTree => JSON.parse(JSON.stringify({ "openai-compatibility": [{ name: "relay", "api-key-entries": keys, ...more }] })) as ConfigTree;

describe("an entry with excluded models", () => {
  test("gets and loses the star, and keeps its other patterns", async () => {
    const held = keeperOf({ "claude-api-key": [{ "api-key": "k", "excluded-models": ["a*"] }] });
    expect(await switchCredential(held.keeper, { source: ENTRY, apiKey: "k" }, true)).toBe("excluded-models");
    expect(held.tree).toEqual({ "claude-api-key": [{ "api-key": "k", "excluded-models": ["a*", "*"] }] });
    await switchCredential(held.keeper, { source: ENTRY, apiKey: "k" }, true);
    expect(held.tree).toEqual({ "claude-api-key": [{ "api-key": "k", "excluded-models": ["a*", "*"] }] });
    await switchCredential(held.keeper, { source: ENTRY, apiKey: "k" }, false);
    expect(held.tree).toEqual({ "claude-api-key": [{ "api-key": "k", "excluded-models": ["a*"] }] });
  });

  test("whose only pattern was the star has none", async () => {
    const held = keeperOf({ "claude-api-key": [{ "api-key": "${KEY}", "excluded-models": [" * "] }] });
    await switchCredential(held.keeper, { source: ENTRY, apiKey: "value-of-KEY" }, false);
    expect(held.tree).toEqual({ "claude-api-key": [{ "api-key": "${KEY}" }] });
  });
});

describe("a compatible upstream", () => {
  test("with one key, or none, is switched as a whole", async () => {
    const one = keeperOf(relay([{ "api-key": "k" }]));
    expect(await switchCredential(one.keeper, { source: keyAt(0), apiKey: "k" }, true)).toBe("disabled");
    expect(one.tree).toEqual(relay([{ "api-key": "k" }], { disabled: true }));
    await switchCredential(one.keeper, { source: keyAt(0), apiKey: "k" }, false);
    expect(one.tree).toEqual(relay([{ "api-key": "k" }]));
    const none = keeperOf(relay([]));
    await switchCredential(none.keeper, { source: ["openai-compatibility", 0] }, true);
    expect(none.tree).toEqual(relay([], { disabled: true }));
  });

  test("with several keys: each by itself; on again, it leaves the others as they are", async () => {
    const held = keeperOf(relay([{ "api-key": "a" }, { "api-key": "b", disabled: true }]));
    await switchCredential(held.keeper, { source: keyAt(0), apiKey: "a" }, true);
    expect(held.tree).toEqual(relay([{ "api-key": "a", disabled: true }, { "api-key": "b", disabled: true }]));
    await switchCredential(held.keeper, { source: keyAt(1), apiKey: "b" }, false);
    expect(held.tree).toEqual(relay([{ "api-key": "a", disabled: true }, { "api-key": "b" }]));
  });

  test("that is off as a whole comes on with the one key that was meant", async () => {
    const held = keeperOf(relay([{ "api-key": "a" }, { "api-key": "b" }], { disabled: true }));
    await switchCredential(held.keeper, { source: keyAt(1), apiKey: "b" }, false);
    expect(held.tree).toEqual(relay([{ "api-key": "a", disabled: true }, { "api-key": "b" }]));
  });
});

test("what stands in its place by now is left alone", async () => {
  const held = keeperOf(relay([{ "api-key": "other" }, { "api-key": "k" }]));
  const failure = await switchCredential(held.keeper, { source: keyAt(0), apiKey: "k" }, true).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OfficeError);
  expect((failure as OfficeError).status).toBe(409);
  expect(held.tree).toEqual(relay([{ "api-key": "other" }, { "api-key": "k" }]));
});
