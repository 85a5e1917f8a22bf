// What .env.example says is read, and what is read of other gateways is in it.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { PROVIDERS } from "@dragoman/core";
import { parseConfig } from "@dragoman/gateway";

const ROOT = resolve(import.meta.dir, "../..");
const example = readFileSync(join(ROOT, ".env.example"), "utf8");
const named = [...example.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name = ""]) => name);
const mentioned = new Set(example.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\bPORT\b|\bTIMEOUT\b|\bDEBUG\b/g));

function sourcesIn(directory: string): string {
  return readdirSync(join(ROOT, directory), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(ROOT, directory, name), "utf8")).join("\n");
}

test("copied as it is, it sets nothing", () => {
  expect(parseEnv(example)).toEqual({});
  expect(named.length).toBeGreaterThan(40);
});

test("every name in it is read somewhere", () => {
  const sources = ["packages/core/src/providers", "packages/gateway/src", "packages/server/src"].map(sourcesIn).join("\n");
  // Those of claude_proxy are made of a word and an ending.
  const isRead = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(sources) || /^(HAIKU|ALIAS_SONNET)_(MODEL_NAME|BASE_URL|API_KEY)$/.test(name);
  expect([...mentioned].filter((name) => !isRead(name))).toEqual([]);
});

test("a word for names of models is read with all of its endings", () => {
  const said = { ALIAS_SONNET_MODEL_NAME: "m", ALIAS_SONNET_BASE_URL: "https://api.example.com/v1", ALIAS_SONNET_API_KEY: "sk-of-the-alias" };
  const parsed = parseConfig({}, said);
  expect(parsed.ok && parsed.config["openai-compatibility"].map((entry) => [entry.name, entry["base-url"], entry["api-key-entries"][0]?.["api-key"]])).toEqual([["sonnet", "https://api.example.com/v1", "sk-of-the-alias"]]);
});

test("keys of all providers and variables of all other gateways are in it", () => {
  const ofProviders = PROVIDERS.flatMap(({ keyVariables = [] }) => keyVariables);
  const ofGateways = [...sourcesIn("packages/gateway/src/drop-in").matchAll(/(?:"|variables\.|environment\.)([A-Z]+(?:_[A-Z]+)+|PORT|TIMEOUT|DEBUG)\b/g)].map(([, name = ""]) => name);
  expect(ofGateways).toContain("OPENAI_BASE_URL");
  expect([...new Set([...ofProviders, ...ofGateways])].filter((name) => !mentioned.has(name) && name !== "HAIKU")).toEqual([]);
});
