import { describe, expect, test } from "bun:test";
import type { RawObject } from "../config/raw.ts";
import { infiniproxy } from "./infiniproxy.ts";

const settings = (environment: Record<string, string>, file: RawObject = {}): RawObject | undefined => infiniproxy.ofEnvironment?.(environment, file)?.config;
const service = (environment: Record<string, string>): unknown => (settings(environment)?.["openai-compatibility"] as unknown[] | undefined)?.[0];

test("its .env, whole", () => {
  expect(infiniproxy.ofEnvironment?.({
    OPENAI_BASE_URL: "https://cloud.infini-ai.com/maas/v1/chat/completions", OPENAI_API_KEY: "sk-backend", OPENAI_MODEL: "glm-4.6", PROXY_HOST: "0.0.0.0", PROXY_PORT: "8000",
    TIMEOUT: "120", DEBUG: "true", MAX_INPUT_TOKENS: "200000", MAX_OUTPUT_TOKENS: "8192", ADMIN_USERNAME: "admin", ADMIN_PASSWORD: "a good password",
  }, {})).toEqual({
    config: {
      host: "0.0.0.0",
      "require-key": true,
      port: 8000,
      debug: true,
      timeouts: { "first-byte-ms": 120_000, "idle-ms": 120_000 },
      "openai-compatibility": [{
        name: "backend", "base-url": "https://cloud.infini-ai.com/maas/v1", "api-key-entries": [{ "api-key": "${OPENAI_API_KEY}" }],
        models: [{ name: "glm-4.6", "max-output-tokens": 8192 }],
      }],
      "model-redirects": { "*": "backend://glm-4.6" },
      discovery: { "ignore-variables": ["OPENAI_API_KEY"] },
      "remote-management": { "secret-key": "${ADMIN_PASSWORD}", "allow-remote": true },
    },
    notes: [],
  });
});

describe("the backend's address", () => {
  test.each([
    ["https://a.example.com/v1/chat/completions", "https://a.example.com/v1"], ["https://a.example.com/v1/chat/completions/", "https://a.example.com/v1"],
    ["https://a.example.com/v1", "https://a.example.com/v1"], ["https://a.example.com/v1/", "https://a.example.com/v1"], ["a.example.com/v1", "https://a.example.com/v1"],
    ["http://127.0.0.1:9000/v1", "http://127.0.0.1:9000/v1"], ["https://a.example.com/v1/chat/completions?x=1", "https://a.example.com/v1"],
  ])("%s", (given, baseUrl) => {
    expect(service({ OPENAI_BASE_URL: given })).toEqual(expect.objectContaining({ "base-url": baseUrl }));
  });

  test.each([["http://localhost:8317/v1"], ["http://127.0.0.1:8317"], ["http://[::1]:8317/v1"], ["http://0.0.0.0:8000/v1"], ["http://localhost:9100/v1"], ["http://localhost:7000/v1"], ["ftp://a.example.com"], ["not an address at all"]])("%s is nobody's backend", (given) => {
    expect(settings({ OPENAI_BASE_URL: given, OPENAI_API_KEY: "k", PROXY_PORT: "8000", PORT: "9100" }, { port: 7000 })).toBeUndefined();
  });

  test("without one, the usual one where host or port, key and model are there, and the model can be", () => {
    const all = { PROXY_PORT: "8000", OPENAI_API_KEY: "k", OPENAI_MODEL: "glm-4.6" };
    expect(service(all)).toEqual(expect.objectContaining({ "base-url": "https://cloud.infini-ai.com/maas/v1" }));
    for (const name of Object.keys(all)) expect(settings({ ...all, [name]: " " })).toBeUndefined();
    expect(settings({ ...all, OPENAI_MODEL: "gpt-5" })).toBeUndefined();
    expect(settings({ PROXY_HOST: "127.0.0.1", PROXY_PORT: "7890", OPENAI_API_KEY: "k" })).toBeUndefined();
    expect(settings({ TIMEOUT: "5", DEBUG: "true", OPENAI_API_KEY: "k", ADMIN_PASSWORD: "a good password" })).toBeUndefined();
  });
});

test("words that others use count only in the right form", () => {
  const { host, port, debug, timeouts } = settings({ OPENAI_BASE_URL: "https://a.example.com/v1", PROXY_HOST: "http://proxy.example.com:3128", PROXY_PORT: "none", DEBUG: "express:*", TIMEOUT: "soon" }) ?? {};
  expect([host, port, debug, timeouts]).toEqual([undefined, undefined, undefined, { "first-byte-ms": 300_000, "idle-ms": 300_000 }]);
});

test("without a model whatever the backend lists, and no name is led elsewhere; without a key none is sent", () => {
  expect(settings({ OPENAI_BASE_URL: "http://127.0.0.1:9000/v1" })).toEqual({
    timeouts: { "first-byte-ms": 300_000, "idle-ms": 300_000 }, "openai-compatibility": [{ name: "backend", "base-url": "http://127.0.0.1:9000/v1" }], discovery: { "ignore-variables": ["OPENAI_API_KEY"] },
  });
});

describe("the administrator's password", () => {
  const of = (environment: Record<string, string>) => infiniproxy.ofEnvironment?.({ OPENAI_BASE_URL: "https://a.example.com/v1", ...environment }, {});

  test("on this machine alone when the proxy is", () => {
    expect(of({ ADMIN_PASSWORD: "a good password", PROXY_HOST: "localhost" })?.config["remote-management"]).toEqual({ "secret-key": "${ADMIN_PASSWORD}" });
  });

  test.each([["changeme"], ["short"]])("%s opens nothing, and that is told", (ADMIN_PASSWORD) => {
    const found = of({ ADMIN_PASSWORD });
    expect([found?.config["remote-management"], found?.notes.map(({ path, kind }) => [path, kind])]).toEqual([undefined, [["ADMIN_PASSWORD", "warning"]]]);
  });
});
