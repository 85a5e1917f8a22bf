// What all observers together cost a request while nobody captures bodies, exports traces or logs whole requests; logs of
// failures are ready, as they are by default. `node scripts/bun.js --conditions=@dragoman/source bench/observers.ts`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DIALECTS } from "@dragoman/core";
import { parseConfig, type AttemptRecord, type Call, type CallObserver, type CallStory } from "@dragoman/gateway";
import { observersOf, createWatchers } from "../packages/gateway/src/observe/watchers.ts";
import { openObservers } from "../packages/server/src/host/observers.ts";
import { systemClock } from "../packages/server/src/host/ports.ts";

const WARM = 50_000;
const MEASURED = 200_000;
const ROUNDS = 5;

process.env.WRITABLE_PATH = mkdtempSync(join(tmpdir(), "dragoman-bench-"));
const parsed = parseConfig({}, {});
if (!parsed.ok) throw new Error("no configuration");
const host = openObservers(parsed.config, { logger: { log: () => undefined }, background: { run: () => undefined }, environment: {} });
const observers: readonly CallObserver[] = [...observersOf(createWatchers(parsed.config, systemClock)), ...host.observers];

const [dialect] = DIALECTS;
const settings = { usageQueueMs: 60_000 };
const headers = new Headers({ authorization: "Bearer client-key-0", "content-type": "application/json", "user-agent": "bench", accept: "application/json" });
const replyHeaders = new Headers({ "content-type": "application/json" });
const upstream = { name: "claude", dialect, baseUrl: "https://api.example", provider: { id: "anthropic" } };
const credential = { id: "c", index: "0123456789abcdef", label: "claude …abcd", headers: {}, priority: 0, weight: 1, disableCooling: false };
const candidate = { upstream, credential, model: "model", capabilities: {}, forceMapping: false } as never;
const usage = { inputFresh: 100, cacheRead: 20, outputVisible: 30, reasoning: 5 };
const bodyText = JSON.stringify({ model: "model", messages: [{ role: "user", content: "some words ".repeat(60) }] });
const sent = { url: "https://api.example/v1/messages", headers: { "x-api-key": "sk-ant-0123456789abcdef", "content-type": "application/json" }, body: bodyText };
const chunk = new TextEncoder().encode(`data: ${"x".repeat(180)}\n\n`);

/** Everything that the observers are told of one good request with a stream of ten chunks. */
function tell(watching: readonly CallObserver[], count: number): void {
  const requestId = `req_abcdefghijkl${(count & 0xffffffff).toString(16).padStart(8, "0")}`;
  const story: CallStory = { attempts: 1, failures: [], firstEventMs: 3, modelAsked: "model", streamed: true };
  const startedAt = Date.now();
  const call = { requestId, startedAt, method: "POST", principal: { id: "key-0123" }, visitor: {}, endpoint: "POST /v1/messages", dialect, input: { path: "/v1/messages" }, bodyText, headers, story, settings } as unknown as Call;
  const record: AttemptRecord = {
    requestId, attempt: 1, startedAt, durationMs: 12, firstEventMs: 3, principal: "key-0123", endpoint: call.endpoint, clientDialect: "a", upstreamDialect: "a", provider: "claude", credential: "claude …abcd",
    credentialIndex: "0123456789abcdef", modelAsked: "model", modelUpstream: "model", streamed: true, passthrough: true, outcome: "succeeded", status: 200, usage, costNanoUsd: 1200, losses: [],
  };
  for (const observer of watching) {
    const capture = observer.requestBegan?.(call);
    if (capture !== undefined) story.captures = [...(story.captures ?? []), capture];
  }
  story.decisions?.push({ at: startedAt, kind: "routed", asked: "model", route: "model", maxRounds: 3 });
  story.decisions?.push({ at: startedAt, kind: "chosen", attempt: 1, provider: "claude", credential: "claude …abcd", model: "model", dialect: "a", choice: "turn" });
  for (const observer of watching) observer.attemptBegan?.(call, { number: 1, candidate, streamed: true, passthrough: true });
  for (const capture of story.captures ?? []) {
    capture.upstreamRequest(1, sent);
    capture.upstreamHead(1, { status: 200, headers: replyHeaders });
    capture.clientHead({ status: 200, headers: replyHeaders });
  }
  for (const observer of watching) observer.answerBegan?.(call);
  for (let at = 0; at < 10; at++) {
    for (const capture of story.captures ?? []) {
      capture.upstreamChunk(1, chunk);
      capture.clientChunk(chunk);
    }
  }
  for (const observer of watching) observer.attemptEnded?.(call, record, []);
  for (const observer of watching) observer.requestEnded?.(call, { status: 200, losses: [], usage, model: "model", finishReason: "stop" });
  for (const capture of story.captures ?? []) capture.clientEnd();
}

/** Processor time, the garbage collector's included: what else the machine does is left out. */
function microsOf(watching: readonly CallObserver[]): number {
  const before = process.cpuUsage();
  for (let count = 0; count < MEASURED; count++) tell(watching, count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / MEASURED;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

for (let count = 0; count < WARM; count++) tell(observers, count);
const rounds = Array.from({ length: ROUNDS }, () => ({ none: microsOf([]), all: microsOf(observers) }));
const each = observers.map((observer) => `${observer.constructor.name} ${(median(Array.from({ length: 3 }, () => microsOf([observer]))) - median(rounds.map(({ none }) => none))).toFixed(2)}`);
console.log(`all observers: ${(median(rounds.map(({ all }) => all)) - median(rounds.map(({ none }) => none))).toFixed(2)} µs a request (${each.join(", ")})`);
await host.close();
rmSync(process.env.WRITABLE_PATH, { recursive: true, force: true });
