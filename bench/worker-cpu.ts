// Processor time of a stream of 500 chunks in workerd, beside Workers that only pass bytes: one that never looks at them, and one
// that reads and writes each chunk as any Worker must that does. Prints a table for docs/benchmarks.md.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorker, type RunningWorker } from "../e2e/kit/workerd.ts";
import { fire, type Shot } from "./load.ts";
import { usageOfTree } from "./process-tree.ts";
import { startMock } from "./servers.ts";
import { shots } from "./shots.ts";

const CHUNKS = 500;
const STREAMS = 50;
const CONCURRENCY = 8;
/** The least of so many rounds counts: other programs can only add to it. */
const ROUNDS = 4;

interface Subject {
  readonly name: string;
  readonly worker: RunningWorker;
  readonly shot: Shot;
}

const mock = await startMock(CHUNKS);
const configuration = JSON.stringify({ "openai-compatibility": [{ name: "bench", "base-url": `${mock.origin}/v1`, "api-key-entries": [{ "api-key": "sk-upstream" }], models: [{ name: "bench" }] }] });
const folder = mkdtempSync(join(tmpdir(), "dragoman-bench-"));

function startBare(name: string, reply: string): Promise<RunningWorker> {
  const module = join(folder, `${name}.js`);
  writeFileSync(module, `const ask = (request) => fetch(new Request(new URL(new URL(request.url).pathname, ${JSON.stringify(mock.origin)}), request));\nexport default { ${reply} };\n`);
  return startWorker({ module });
}

const passing = await startBare("passing", "fetch: ask");
const pumping = await startBare("pumping", `async fetch(request) {
  const reply = await ask(request);
  const reader = reply.body.getReader();
  return new Response(new ReadableStream({ async pull(to) { const { done, value } = await reader.read(); if (done) to.close(); else to.enqueue(value); } }), reply);
}`);
const dragoman = await startWorker({ variables: { DRAGOMAN_CONFIG: configuration, ACCESS_KEYS: "client-key-0" } });
const subjects: readonly Subject[] = [
  { name: "a Worker that passes the reply on unseen", worker: passing, shot: shots.stream(passing.origin) },
  { name: "a Worker that reads and writes each chunk, no more", worker: pumping, shot: shots.stream(pumping.origin) },
  { name: "Dragoman, passed through", worker: dragoman, shot: shots.stream(dragoman.origin) },
  { name: "Dragoman, translated (Anthropic client)", worker: dragoman, shot: shots.streamTranslated(dragoman.origin) },
];

const best = new Map<string, number>();
for (const { shot } of subjects) await fire(shot, STREAMS, CONCURRENCY);
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, worker, shot } of subjects) {
    const before = usageOfTree(worker.pid).cpuSeconds;
    const { failures } = await fire(shot, STREAMS, CONCURRENCY);
    if (failures > 0) throw new Error(`${name}: ${failures} streams failed`);
    const perStreamMs = ((usageOfTree(worker.pid).cpuSeconds - before) * 1000) / STREAMS;
    best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, perStreamMs));
  }
}

console.log(`| stream of ${CHUNKS} chunks in workerd | CPU ms per stream |\n|---|---:|`);
for (const [name, ms] of best) console.log(`| ${name} | ${ms.toFixed(2)} |`);

for (const worker of [passing, pumping, dragoman]) await worker.close();
mock.stop();
process.exit(0);
