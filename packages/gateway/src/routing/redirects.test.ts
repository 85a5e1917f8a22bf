import { describe, expect, test } from "bun:test";
import type { Dialect } from "@dragoman/core";
import { configSchema } from "../config/index.ts";
import { createSwitchboard } from "./create-switchboard.ts";

const DIALECTS = ["openai-chat"].map((id) => ({ id }) as Dialect);

/** The upstream's name of the model that a name leads to. */
function board(redirects: Record<string, string>): (model: string) => { model: string | undefined; renamed?: true; reasoning?: unknown } {
  const config = configSchema.parse({
    "openai-compatibility": [{ name: "up", "base-url": "https://up.example.com/v1", models: [{ name: "large" }, { name: "small", alias: "quick" }] }],
    "model-redirects": redirects,
  });
  const switchboard = createSwitchboard({ config, discovered: [], clock: { now: () => 0 }, ids: { random: () => "0000" }, dialects: DIALECTS });
  return (model) => {
    const question = { model, dialect: "openai-chat", sessionIds: [], principal: "p" };
    const plan = switchboard.plan(question);
    const { renamed, reasoning } = plan;
    return { model: switchboard.select(plan, question).next()?.model, ...(renamed !== undefined && { renamed }), ...(reasoning !== undefined && { reasoning }) };
  };
}

describe("model-redirects", () => {
  test("a name leads to another, also one that is served", () => {
    const lead = board({ old: "large", large: "quick" });
    expect(lead("old")).toEqual({ model: "large", renamed: true });
    expect(lead("large")).toEqual({ model: "small", renamed: true });
    expect(lead("quick")).toEqual({ model: "small" });
  });

  test("with * only names that nobody serves, the first match", () => {
    const lead = board({ "claude-*": "quick", "*": "large" });
    expect(lead("claude-9")).toEqual({ model: "small", renamed: true });
    expect(lead("gpt-9").model).toBe("large");
    expect(lead("quick")).toEqual({ model: "small" });
  });

  test("with ! before the pattern names that somebody serves, too; in any case", () => {
    const lead = board({ "!*LAR*": "quick", "*": "large" });
    expect(lead("large")).toEqual({ model: "small", renamed: true });
    expect(lead("Larger").model).toBe("small");
    expect(lead("other").model).toBe("large");
  });

  test("the target may say how hard it thinks, or name the upstream", () => {
    const lead = board({ a: "large(high)", b: "up://unlisted" });
    expect(lead("a").reasoning).toEqual({ mode: "effort", effort: "high", from: "suffix" });
    expect(lead("b").model).toBe("unlisted");
  });

  test("a target that nobody serves leads nowhere, and two that name each other do not go round", () => {
    const lead = board({ large: "gone", a: "b", b: "a" });
    expect(lead("large")).toEqual({ model: "large" });
    expect(() => lead("a")).toThrow("unknown provider for model a");
  });
});
