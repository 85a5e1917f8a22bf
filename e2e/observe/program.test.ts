import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, at } from "../kit/calls.ts";
import { makeHome, startServer, waitFor, type Home, type RunningProgram } from "../kit/program.ts";
import { startCollector, type Collector } from "./collector.ts";

const MANAGEMENT = "management-key-of-this-test";
const KEY = "client-key-of-this-test";
let home: Home;
let program: RunningProgram;
let collector: Collector;

const write = (more: Record<string, unknown> = {}): string =>
  home.write("config.yaml", JSON.stringify({ "api-keys": [KEY], discovery: { environment: false, local: false }, "remote-management": { "secret-key": Bun.password.hashSync(MANAGEMENT, { algorithm: "bcrypt", cost: 4 }) }, ...more }));
const logs = (): string => join(home.directory, "data", "logs");
const mainLog = (): string => (existsSync(join(logs(), "main.log")) ? readFileSync(join(logs(), "main.log"), "utf8") : "");
const manage = (path: string): Promise<Response> => fetch(`${program.origin}/v0/management${path}`, { headers: { authorization: `Bearer ${MANAGEMENT}` } });

/** The record of a request is in the store. @throws when it does not come */
async function recorded(id: string): Promise<void> {
  for (let tried = 0; tried < 100; tried++) {
    const { records } = (await (await manage("/usage/records")).json()) as { records: { requestId: string }[] };
    if (records.some(({ requestId }) => requestId === id)) return;
    await Bun.sleep(50);
  }
  throw new Error(`no record of ${id}`);
}

beforeAll(async () => {
  home = makeHome();
  collector = startCollector();
  write();
  program = await startServer(home, ["demo", "--config", "config.yaml", "--json"], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin });
});
afterAll(async () => {
  await program.stop();
  await collector.close();
  home.remove();
});

test("one id names a request everywhere: reply, log, file, record, live view, trace", async () => {
  write({ "logging-to-file": true, "request-log": true, debug: true });
  await waitFor(() => (mainLog().includes("config.reloaded") ? true : undefined));
  const response = await ask(program.origin, "openai-chat", { model: "demo-echo", key: KEY, prompt: "one id for all" });
  expect(response.status).toBe(200);
  await response.text();
  const id = response.headers.get("x-request-id") ?? "";
  const short = id.slice(-8);
  expect(id).toMatch(/^req_[A-Za-z0-9]{12}[0-9a-f]{8}$/);
  const line = await waitFor(() => mainLog().split("\n").find((each) => each.includes(`[${short}]`)));
  expect(line).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[[0-9a-f]{8}\] \[info \] \[request\.completed\] 200 \| +\d+(ms|\.\d{3}s) \| +127\.0\.0\.1 \| POST {4}"\/v1\/chat\/completions" /);
  const name = await waitFor(() => readdirSync(logs()).find((each) => each.endsWith(`-${short}.log`)));
  expect(readFileSync(join(logs(), name), "utf8")).toContain("one id for all");
  expect(await (await manage(`/request-log-by-id/${short}`)).text()).toContain("one id for all");
  expect(at(await (await manage(`/live/${id}`)).json(), "request", "state")).toBe("succeeded");
  await recorded(id);
  await collector.until(2);
  expect(collector.spans.some(({ attributes }) => attributes["dragoman.request.id"] === id)).toBe(true);
  expect(collector.faults).toEqual([]);
});

test("the log goes back to standard output when the file says so", async () => {
  write();
  await program.line("config.reloaded");
  const response = await ask(program.origin, "openai-chat", { model: "demo-echo", key: KEY });
  await response.text();
  const line = await program.line("request.completed");
  expect(line.requestId).toBe(response.headers.get("x-request-id"));
  expect(readdirSync(logs()).some((name) => name.endsWith(`-${String(line.requestId).slice(-8)}.log`))).toBe(false);
});

test("ready and metrics, as a deployment asks for them", async () => {
  expect(await (await fetch(`${program.origin}/health/ready`)).json()).toEqual({ status: "ready", reasons: [] });
  expect((await fetch(`${program.origin}/metrics`)).status).toBe(401);
  const metrics = await (await fetch(`${program.origin}/metrics`, { headers: { authorization: `Bearer ${MANAGEMENT}` } })).text();
  expect(metrics).toMatch(/^dragoman_journal_backlog \d+$/m);
  expect(metrics).toMatch(/^dragoman_attempts_total\{provider="demo",model="demo-echo",outcome="succeeded"\} 2$/m);
});

test("what waits to be sent is sent at the end, and nobody who only watches holds it up", async () => {
  const watching = await fetch(`${program.origin}/v0/management/live/events`, { headers: { authorization: `Bearer ${MANAGEMENT}` } });
  const reader = watching.body?.getReader();
  await reader?.read();
  const before = collector.spans.length;
  await (await ask(program.origin, "openai-chat", { model: "demo-echo", key: KEY })).text();
  const stopping = program.stop();
  while ((await reader?.read())?.done === false);
  expect(await stopping).toBe(0);
  expect(collector.spans.length).toBeGreaterThanOrEqual(before + 2);
});
