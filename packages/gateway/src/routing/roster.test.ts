import { describe, expect, test } from "bun:test";
import { DIALECTS, GatewayError } from "@dragoman/core";
import { parseConfig } from "../config/index.ts";
import type { Candidate } from "./candidate.ts";
import { createSwitchboard, type ReloadableSwitchboard } from "./create-switchboard.ts";
import { credentialAt, credentialsOf } from "./roster.ts";
import type { RouteQuestion } from "./switchboard.ts";

const START = 1_800_000_000_000;

function boardOf(raw: Record<string, unknown>, discovered: Parameters<typeof createSwitchboard>[0]["discovered"] = []): ReloadableSwitchboard {
  const parsed = parseConfig(raw, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return createSwitchboard({ config: parsed.config, discovered, clock: { now: () => START }, ids: { random: () => "0000" }, dialects: DIALECTS });
}

const relay = (keys: readonly object[], more: object = {}): Record<string, unknown> => ({
  "openai-compatibility": [{ name: "relay", "base-url": "https://relay.example/v1", "api-key-entries": keys, models: [{ name: "big" }, { name: "small" }], ...more }],
});

const QUESTION: RouteQuestion = { model: "big", dialect: "openai-chat", sessionIds: [], principal: "p" };

function candidates(board: ReloadableSwitchboard, model = "big"): Candidate[] {
  const selection = board.select(board.plan({ ...QUESTION, model }), { ...QUESTION, model });
  const all: Candidate[] = [];
  for (let next = selection.next(); next !== undefined; next = selection.next()) all.push(next);
  return all;
}

function limit(board: ReloadableSwitchboard, model: string): void {
  const plan = board.plan({ ...QUESTION, model });
  const candidate = board.select(plan, { ...QUESTION, model }).next();
  if (candidate === undefined) throw new Error("nobody");
  board.report({ candidate, plan, question: QUESTION }, { type: "failed", kind: "rate-limited", error: new GatewayError("rate_limited", { status: 429, retryAfterMs: 300_000 }) });
}

describe("places", () => {
  test("are those of the file, whatever was left out before them", () => {
    const board = boardOf({
      "claude-api-key": [{ "api-key": "" }, { "api-key": "sk-ant-one" }],
      "openai-compatibility": [{ name: "gone", "base-url": "" }, { name: "relay", "base-url": "https://relay.example/v1", "api-key-entries": [{ "api-key": "" }, { "api-key": "k" }] }],
    });
    expect(credentialsOf(board.roster).map(({ credential }) => credential.source)).toEqual([["claude-api-key", 1], ["openai-compatibility", 1, "api-key-entries", 1]]);
  });

  test("an upstream without keys stands at its entry, one that was found nowhere", () => {
    const board = boardOf(relay([]), [{ providerId: "openai", name: "openai", apiKey: "sk-found" }]);
    expect(credentialsOf(board.roster).map(({ credential }) => credential.source)).toEqual([["openai-compatibility", 0], undefined]);
  });
});

describe("switched off", () => {
  test("a key, a whole upstream, an entry by its pattern: known, but asked for nothing", () => {
    const one = boardOf(relay([{ "api-key": "a", disabled: true }, { "api-key": "b" }]));
    expect(candidates(one).map(({ credential }) => credential.apiKey)).toEqual(["b"]);
    expect(credentialsOf(one.roster).map(({ credential, disabled }) => [credential.apiKey, disabled])).toEqual([["b", false], ["a", true]]);

    const all = boardOf(relay([{ "api-key": "a" }], { disabled: true }));
    expect(() => candidates(all)).toThrow("unknown provider");
    expect(all.listModels()).toEqual([]);
    expect(credentialsOf(all.roster).map(({ disabled }) => disabled)).toEqual([true]);

    const entry = boardOf({ "claude-api-key": [{ "api-key": "sk-ant-a", "excluded-models": [" * "] }] });
    expect(entry.listModels()).toEqual([]);
    expect(credentialsOf(entry.roster)).toMatchObject([{ disabled: true, credential: { source: ["claude-api-key", 0] } }]);
  });

  test("a key keeps its index when an equal one is switched off", () => {
    const twins = (off: boolean): ReloadableSwitchboard => boardOf({ "claude-api-key": [{ "api-key": "same", ...(off && { "excluded-models": ["*"] }) }, { "api-key": "same" }] });
    const second = twins(false).roster.services()[1]?.credentials[0]?.index ?? "";
    expect(credentialAt(twins(true).roster, second)).toMatchObject({ disabled: false, credential: { source: ["claude-api-key", 1] } });
  });

  test("it is not found again in the environment", () => {
    const board = boardOf({ "codex-api-key": [{ "api-key": "sk-same", "excluded-models": ["*"] }] }, [{ providerId: "openai", name: "openai", apiKey: "sk-same" }]);
    expect(credentialsOf(board.roster)).toHaveLength(1);
  });
});

describe("pauses", () => {
  test("are told, end by a reset, and seats are free at once", () => {
    const board = boardOf(relay([{ "api-key": "a" }]));
    const [placed] = credentialsOf(board.roster);
    const id = placed?.credential.id ?? "";
    expect(board.roster.cooldowns(id)).toEqual([]);
    limit(board, "big");
    expect(board.roster.cooldowns(id)).toEqual([{ model: "big", until: START + 300_000, kind: "rate-limited", fromVendor: true, suspends: false }]);
    expect(candidates(board)).toEqual([]);
    expect(candidates(board, "small")).toHaveLength(1);
    expect(board.roster.reset(id)).toEqual(["big"]);
    expect(candidates(board)).toHaveLength(1);
    expect(board.roster.cooldowns(id)).toEqual([]);
    expect(board.roster.reset(id)).toEqual([]);
    expect(board.roster.reset("unknown")).toEqual([]);
  });
});

describe("only", () => {
  test("leads to one credential, once, whether it rests or is switched off, and hears how it went", () => {
    const board = boardOf(relay([{ "api-key": "a" }, { "api-key": "b", disabled: true }]));
    limit(board, "big");
    const [a, b] = credentialsOf(board.roster);
    if (a === undefined || b === undefined) throw new Error("two are there");
    for (const { service, credential } of [a, b]) {
      const [model] = board.roster.modelsOf(service);
      if (model === undefined) throw new Error("it has models");
      const only = board.roster.only(service, credential, model);
      const plan = only.plan({ ...QUESTION, model: "anything" });
      const selection = only.select(plan, QUESTION);
      const candidate = selection.next();
      expect(candidate).toMatchObject({ model: "big", credential: { apiKey: credential.apiKey } });
      expect(selection.next()).toBeUndefined();
      expect(only.select(plan, QUESTION).next()).toBeUndefined();
      if (candidate !== undefined) only.report({ candidate, plan, question: QUESTION }, { type: "succeeded" });
    }
    expect(candidates(board).map(({ credential }) => credential.apiKey)).toEqual(["a"]);
  });
});
