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
const ROUNDS = 6;

interface Subject {
  readonly name: string;
  readonly worker: RunningWorker;
  readonly shot: Shot;
}

/** Events that the upstream writes at once: each by itself, as slow models do, some, and all, as the network may hand them on. */
const TOGETHER = [1, 10, CHUNKS] as const;
const folder = mkdtempSync(join(tmpdir(), "dragoman-bench-"));

function startBare(name: string, reply: string, upstream: string): Promise<RunningWorker> {
  const module = join(folder, `${name}.js`);
  writeFileSync(module, `const ask = (request) => fetch(new Request(new URL(new URL(request.url).pathname, ${JSON.stringify(upstream)}), request));\nexport default { ${reply} };\n`);
  return startWorker({ module });
}

const PUMP = `async fetch(request) {
  const reply = await ask(request);
  const reader = reply.body.getReader();
  return new Response(new ReadableStream({ async pull(to) { const { done, value } = await reader.read(); if (done) to.close(); else to.enqueue(value); } }), reply);
}`;

async function measure(together: number): Promise<ReadonlyMap<string, number>> {
  const mock = await startMock(CHUNKS, together);
  const configuration = JSON.stringify({ "openai-compatibility": [{ name: "bench", "base-url": `${mock.origin}/v1`, "api-key-entries": [{ "api-key": "sk-upstream" }], models: [{ name: "bench" }] }] });
  const passing = await startBare(`passing-${together}`, "fetch: ask", mock.origin);
  const pumping = await startBare(`pumping-${together}`, PUMP, mock.origin);
  const dragoman = await startWorker({ variables: { DRAGOMAN_CONFIG: configuration, ACCESS_KEYS: "client-key-0" } });
  const subjects: readonly Subject[] = [
    { name: "a Worker that passes the reply on unseen", worker: passing, shot: shots.stream(passing.origin) },
    { name: "a Worker that reads and writes each piece, no more", worker: pumping, shot: shots.stream(pumping.origin) },
    { name: "Dragoman, passed through", worker: dragoman, shot: shots.stream(dragoman.origin) },
    { name: "Dragoman, translated (Anthropic client)", worker: dragoman, shot: shots.streamTranslated(dragoman.origin) },
  ];
  const best = new Map<string, number>();
  for (const { shot } of subjects) for (let warm = 0; warm < 3; warm++) await fire(shot, STREAMS, CONCURRENCY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, worker, shot } of subjects) {
      const before = usageOfTree(worker.pid).cpuSeconds;
      const { failures } = await fire(shot, STREAMS, CONCURRENCY);
      if (failures > 0) throw new Error(`${name}: ${failures} streams failed`);
      const perStreamMs = ((usageOfTree(worker.pid).cpuSeconds - before) * 1000) / STREAMS;
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, perStreamMs));
    }
  }
  for (const worker of [passing, pumping, dragoman]) await worker.close();
  mock.stop();
  return best;
}

const columns = [];
for (const together of TOGETHER) columns.push(await measure(together));
console.log(`| stream of ${CHUNKS} chunks in workerd, CPU ms per stream | ${TOGETHER.map((together) => (together === 1 ? "each a write of its own" : together === CHUNKS ? "all in one write" : `${together} in a write`)).join(" | ")} |`);
console.log(`|---|${"---:|".repeat(TOGETHER.length)}`);
for (const name of columns[0]?.keys() ?? []) console.log(`| ${name} | ${columns.map((column) => (column.get(name) ?? Number.NaN).toFixed(1)).join(" | ")} |`);
process.exit(0);
