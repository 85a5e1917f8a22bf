import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_CONFIG } from "@dragoman/gateway";
import { namedFiles } from "../../packages/server/src/host/named-files.ts";
import { RequestLog, type RequestLogSettings } from "../../packages/server/src/host/request-log/request-log.ts";
import { ask, at, DIALECTS, list } from "../kit/calls.ts";
import { CLIENT_KEY } from "../kit/office.ts";
import { startObserved, UPSTREAM_KEYS, type ObservedWorld } from "./observe-world.ts";

const directory = mkdtempSync(join(tmpdir(), "dragoman-request-log-"));
const working: Promise<unknown>[] = [];
const told: string[] = [];
const usual: RequestLogSettings = { "request-log": false, "error-logs": true, "error-logs-max-files": 10, "commercial-mode": false };
const requestLog = new RequestLog({
  directory, settings: usual,
  logger: { log: (_level, event) => void told.push(event) },
  background: { run: (work) => void working.push(work) },
});
let world: ObservedWorld;
let refusals = 0;

beforeAll(async () => {
  world = await startObserved({
    more: "request-retry: 0\ndisable-cooling: true", observers: [requestLog], office: { requestLogs: namedFiles(() => directory) }, eventPauseMs: 2,
    script: ({ prompt }) => {
      if (prompt.startsWith("refuse")) return { trouble: "refuse", status: 400, message: "That cannot be." };
      if (prompt === "break off") return { trouble: "cut", afterEvents: 40, act: { text: "a long answer that nobody will hear the end of ".repeat(20) } };
      if (prompt === "stumble" && refusals-- > 0) return { trouble: "refuse", status: 503, message: "Busy." };
      return { text: `you said ${prompt.slice(0, 40)}`, usage: { input: 12, output: 5 } };
    },
  });
});
afterAll(async () => {
  await world.close();
  rmSync(directory, { recursive: true, force: true });
  expect(told).toEqual([]);
});
beforeEach(async () => {
  await settled();
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  requestLog.apply(usual);
});

/** All logs are written. */
async function settled(): Promise<void> {
  while (working.length > 0) await Promise.all(working.splice(0));
}

async function logs(): Promise<{ readonly name: string; readonly text: string }[]> {
  await settled();
  return readdirSync(directory).sort().map((name) => ({ name, text: readFileSync(join(directory, name), "utf8") }));
}

const idOf = (response: Response): string => (response.headers.get("x-request-id") ?? "").slice(-8);

describe("request-log: true", () => {
  beforeEach(() => requestLog.apply({ ...usual, "request-log": true }));

  for (const client of DIALECTS) {
    for (const stream of [false, true]) {
      test(`${client}, ${stream ? "streamed" : "whole"}: all that was said, on both sides`, async () => {
        const response = await ask(world.origin, client, { model: "sim-chat", stream, prompt: "mind the gap" });
        const answer = await response.text();
        const [log, ...others] = await logs();
        expect(others).toEqual([]);
        expect(log?.name).toMatch(new RegExp(`^v1[A-Za-z0-9.-]*-\\d{4}-\\d\\d-\\d\\dT\\d{6}-${idOf(response)}\\.log$`));
        expect(idOf(response)).toMatch(/^[0-9a-f]{8}$/);
        const text = log?.text ?? "";
        expect([...text.matchAll(/^=== (.*) ===$/gm)].map(([, title]) => title)).toEqual(["REQUEST INFO", "HEADERS", "REQUEST BODY", "API REQUEST 1", "API RESPONSE 1", "RESPONSE"]);
        expect(text).toContain("Method: POST\n");
        expect(text).toMatch(/^Timestamp: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d$/m);
        expect(text).toContain(`Upstream URL: ${world.upstream("openai-chat").origin}/v1/chat/completions\n`);
        expect(text).toContain("Auth: provider=simulated, auth_id=");
        expect(text).toContain("Authorization: Bearer sk-u...chat");
        expect(text).toContain(`=== RESPONSE ===\nStatus: 200\n`);
        expect(text.trimEnd().endsWith(answer.trimEnd())).toBe(true);
        for (const secret of [CLIENT_KEY, ...Object.values(UPSTREAM_KEYS)]) expect(text).not.toContain(secret);
        expect(statSync(join(directory, log?.name ?? "")).mode & 0o777).toBe(0o600);
      });
    }
  }

  test("is found by its id", async () => {
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "find me" });
    await response.text();
    await settled();
    const found = await world.get(`/request-log-by-id/${idOf(response)}`);
    expect(found.status).toBe(200);
    expect(found.text).toContain("find me");
  });

  test("a long body goes over the disk, whole, and leaves nothing behind", async () => {
    const prompt = `${"all work and no play ".repeat(150_000)}the end of it`;
    const response = await ask(world.origin, "anthropic-messages", { model: "sim-chat", prompt });
    expect(response.status).toBe(200);
    await response.text();
    const [log, ...others] = await logs();
    expect(others).toEqual([]);
    expect(log?.text.split("the end of it").length).toBe(3);
    expect(log?.text.length).toBeGreaterThan(2 * prompt.length);
  });

  test("a secret in a long body is taken out wherever it falls", async () => {
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: `${CLIENT_KEY} `.repeat(80_000) });
    await response.text();
    const [log] = await logs();
    expect(log?.text.length).toBeGreaterThan(1_048_576);
    expect(log?.text).not.toContain(CLIENT_KEY);
  });

  test("requests that send nothing have no log", async () => {
    await (await fetch(`${world.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).text();
    await world.get("/config");
    expect(await logs()).toEqual([]);
  });

  test("a model's name cannot lead out of the directory", async () => {
    const response = await fetch(`${world.origin}/v1beta/models/..%2F..%2Fetc%2Fpasswd:generateContent`, { method: "POST", headers: { "x-goog-api-key": CLIENT_KEY, "content-type": "application/json" }, body: "{}" });
    await response.text();
    for (const { name } of await logs()) expect(name).toMatch(/^v1[A-Za-z0-9_.-]+\.log$/);
    expect((await logs()).length).toBe(1);
  });
});

describe("request-log: false", () => {
  test("only failures, under a name of their own", async () => {
    await (await ask(world.origin, "openai-chat", { model: "sim-chat" })).text();
    const failed = await ask(world.origin, "anthropic-messages", { model: "sim-chat", prompt: "refuse this" });
    const answer = await failed.text();
    const [log, ...others] = await logs();
    expect(others).toEqual([]);
    expect(log?.name).toMatch(new RegExp(`^error-v1-messages-.*-${idOf(failed)}\\.log$`));
    expect(log?.text).toContain("refuse this");
    expect(log?.text).toContain("=== API ERROR RESPONSE ===\nHTTP Status: 400\n");
    expect(log?.text).toContain("That cannot be.");
    expect(log?.text.trimEnd().endsWith(answer)).toBe(true);
    const { body } = await world.get("/request-error-logs");
    expect(list(at(body, "files")).map((file) => at(file, "name"))).toEqual([log?.name]);
  });

  test("a failure behind which somebody else stepped in is one as well", async () => {
    const models = [{ name: "sim-chat", alias: "both" }];
    const before = world.configText();
    await world.call("PUT", "/openai-compatibility", { body: [1, 2].map((count) => ({ name: `twin-${count}`, "base-url": `${world.upstream("openai-chat").origin}/v1`, "api-key-entries": [{ "api-key": `sk-twin-of-the-tests-${count}` }], models })) });
    refusals = 1;
    const response = await ask(world.origin, "openai-chat", { model: "both", prompt: "stumble" });
    expect(response.status).toBe(200);
    await response.text();
    const [log] = await logs();
    expect(log?.name.startsWith("error-")).toBe(true);
    expect(log?.text).toContain("=== API REQUEST 2 ===");
    expect(log?.text).toContain("HTTP Status: 503");
    await world.call("PUT", "/config.yaml", { body: before, headers: { "content-type": "text/yaml" } });
  });

  test("a stream that breaks off is one, too; of what went well only the beginning was kept", async () => {
    const response = await ask(world.origin, "anthropic-messages", { model: "sim-chat", stream: true, prompt: "break off" });
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(4000);
    const [log] = await logs();
    expect(log?.name).toEndWith(`-${idOf(response)}.log`);
    expect(log?.text).toMatch(/=== API RESPONSE 1 ===[^]*\[TRUNCATED: only the first 2048 characters are kept\][^]*=== API ERROR RESPONSE ===[^]*stream-broken/);
  });

  test("a client that left is no failure", async () => {
    const leave = new AbortController();
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", stream: true, signal: leave.signal });
    await response.body?.getReader().read();
    leave.abort();
    const { requests } = (await world.get("/live")).body as { requests: { state: string }[] };
    expect(requests.length).toBeGreaterThan(0);
    expect(await logs()).toEqual([]);
  });

  test("so many are kept", async () => {
    requestLog.apply({ ...usual, "error-logs-max-files": 2 });
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) {
      const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "refuse" });
      await response.text();
      await settled();
      ids.push(idOf(response));
      await Bun.sleep(5);
    }
    const names = (await logs()).map(({ name }) => name.slice(-12, -4));
    expect(names.sort()).toEqual(ids.slice(2).sort());
  });

  test("nobody's words are kept unless somebody says so", async () => {
    requestLog.apply({ ...usual, "error-logs": DEFAULT_CONFIG["error-logs"] });
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "refuse" })).text();
    expect(await logs()).toEqual([]);
  });

  test("commercial-mode writes nothing at all", async () => {
    requestLog.apply({ ...usual, "request-log": true, "commercial-mode": true });
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "refuse" })).text();
    expect(await logs()).toEqual([]);
  });
});

