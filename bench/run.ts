// Measures what the gateway adds, beside nginx and a bare proxy in the same run, and writes docs/benchmarks.md.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fire, percentile, type Shot } from "./load.ts";
import { usageOfTree } from "./process-tree.ts";
import { startBare, startGateway, startMock, startNginx, type Subject } from "./servers.ts";

const QUICK = process.argv.includes("--quick");
const CONCURRENCY = 16;

interface Row {
  readonly subject: string;
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly firstMs: number;
  readonly failures: number;
}

const CHAT = { "content-type": "application/json", authorization: "Bearer client-key-0" };
const history = Array.from({ length: 6 }, (_, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content: `Message ${at}: ${"some words about nothing in particular ".repeat(4)}` }));
const chatBody = { model: "bench", messages: [...history, { role: "user", content: "And now?" }] };
const anthropicBody = { model: "bench", max_tokens: 1000, messages: [...history, { role: "user", content: "And now?" }] };

const shots: Readonly<Record<"json" | "jsonTranslated" | "stream" | "streamTranslated", (origin: string) => Shot>> = {
  json: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify(chatBody), proof: "total_tokens" }),
  jsonTranslated: (origin) => ({ url: `${origin}/v1/messages`, headers: CHAT, body: JSON.stringify(anthropicBody), proof: "output_tokens" }),
  stream: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify({ ...chatBody, stream: true, stream_options: { include_usage: true } }), proof: "[DONE]" }),
  streamTranslated: (origin) => ({ url: `${origin}/v1/messages`, headers: CHAT, body: JSON.stringify({ ...anthropicBody, stream: true }), proof: "message_stop" }),
};

/** Warmed with as many requests as are measured: a gateway runs for weeks, and its compiler is done after some thousands. */
async function measure(subject: Subject, shot: Shot, requests: number): Promise<Row> {
  await fire(shot, requests, CONCURRENCY);
  const before = usageOfTree(subject.pid).cpuSeconds;
  const result = await fire(shot, requests, CONCURRENCY);
  const cpuMicros = ((usageOfTree(subject.pid).cpuSeconds - before) * 1e6) / requests;
  return { subject: subject.name, cpuMicros, p50Ms: percentile(result.latenciesMs, 0.5), p99Ms: percentile(result.latenciesMs, 0.99), firstMs: percentile(result.firstByteMs, 0.5), failures: result.failures };
}

/** RSS that each of so many idle streams costs, and how many of them arrived whole. */
async function idleStreams(subject: Subject, streams: number, seconds: number): Promise<{ bytes: number; lost: number; idleRss: number }> {
  const { rssBytes: idleRss } = usageOfTree(subject.pid);
  const shot = shots.stream(subject.origin);
  const body = JSON.stringify({ ...JSON.parse(shot.body), user: `slow-${seconds}` });
  const running = fire({ ...shot, body }, streams, streams);
  await Bun.sleep((seconds * 1000) / 2);
  const { rssBytes } = usageOfTree(subject.pid);
  const { failures } = await running;
  return { bytes: (rssBytes - idleRss) / streams, lost: failures, idleRss };
}

const count = (full: number): number => (QUICK ? Math.ceil(full / 10) : full);
const lines: string[] = [];
const say = (line = ""): void => {
  console.log(line);
  lines.push(line);
};

const mock = await startMock();
const gateway = await startGateway(mock.origin);
const nginx = await startNginx(mock.origin);
const bare = await startBare(mock.origin);
const subjects = [nginx, bare, gateway].filter((subject) => subject !== undefined);

function table(title: string, rows: readonly Row[], baseline: Row | undefined): void {
  say(`\n### ${title}\n`);
  say("| | CPU µs per request | times nginx | p50 ms | p99 ms | first byte ms | failures |");
  say("|---|---:|---:|---:|---:|---:|---:|");
  for (const row of rows) {
    const ratio = baseline === undefined ? "–" : (row.cpuMicros / baseline.cpuMicros).toFixed(2);
    say(`| ${row.subject} | ${row.cpuMicros.toFixed(0)} | ${ratio} | ${row.p50Ms.toFixed(2)} | ${row.p99Ms.toFixed(2)} | ${row.firstMs.toFixed(2)} | ${row.failures} |`);
  }
}

/** Direct to the mock, with nobody in between: what first bytes are compared with. */
async function firstByteDirect(shot: Shot, requests: number): Promise<number> {
  return percentile((await fire(shot, requests, 1)).firstByteMs, 0.5);
}

/** Time to first byte that a subject adds, one request at a time, so that nobody waits for another. */
async function firstBytes(requests: number): Promise<void> {
  say("\n### Added time to first byte\n");
  say("One stream at a time; the median through the subject minus the median straight from the mock upstream.\n");
  const direct = await firstByteDirect(shots.stream(mock.origin), requests);
  for (const subject of subjects) say(`- ${subject.name}: ${((await firstByteDirect(shots.stream(subject.origin), requests)) - direct).toFixed(2)} ms`);
  say(`- Dragoman, translated: ${((await firstByteDirect(shots.streamTranslated(gateway.origin), requests)) - direct).toFixed(2)} ms`);
}

async function compare(title: string, kind: "json" | "stream", requests: number): Promise<void> {
  const rows: Row[] = [];
  for (const subject of subjects) rows.push(await measure(subject, shots[kind](subject.origin), requests));
  const translated = await measure(gateway, shots[kind === "json" ? "jsonTranslated" : "streamTranslated"](gateway.origin), requests);
  table(title, [...rows, { ...translated, subject: "Dragoman, translated (Anthropic client)" }], nginx === undefined ? undefined : rows[0]);
}

say("# Benchmarks\n");
say(`Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Bun ${Bun.version}, by \`npm run bench\`: one run, all subjects before the same mock upstream, ${CONCURRENCY} requests at a time.`);
say("CPU is that of the subject's process tree, after a warm-up of as many requests as are measured. The mock writes each of the 200 chunks by itself, a turn of the event loop apart, so that all subjects see 200 chunks. Dragoman runs with client keys, routing, a log line a request and usage counting on.");
await compare("JSON", "json", count(20_000));
await compare("Stream of 200 chunks", "stream", count(2000));
await firstBytes(count(500));

say("\n### Keys\n");
const many = await startGateway(mock.origin, 10_000);
const one = await measure(gateway, shots.json(gateway.origin), count(20_000));
const thousands = await measure(many, shots.json(many.origin), count(20_000));
say(`CPU per request with 1 client key and credential: ${one.cpuMicros.toFixed(0)} µs; with 10,000 of each: ${thousands.cpuMicros.toFixed(0)} µs (${(thousands.cpuMicros / one.cpuMicros).toFixed(2)} times).`);
many.stop();

say("\n### Memory and start\n");
const fresh = await startGateway(mock.origin);
await Bun.sleep(1000);
const idle = usageOfTree(fresh.pid).rssBytes;
const streams = QUICK ? 500 : 4000;
const crowd = await idleStreams(fresh, streams, 16);
say(`- cold start, launcher included, to the first answer: ${fresh.startMs.toFixed(0)} ms`);
say(`- idle, launcher included: ${(idle / 1e6).toFixed(0)} MB`);
say(`- ${streams} slow streams at once: ${(crowd.bytes / 1000).toFixed(1)} kB each, ${crowd.lost} lost`);
fresh.stop();

for (const subject of [...subjects, mock]) subject.stop();
if (!QUICK) writeFileSync("docs/benchmarks.md", `${lines.join("\n")}\n`);
process.exit(0);
