import { expect, test } from "bun:test";
import type { LogFields, UpstreamRequestInit } from "../../ports.ts";
import type { Span } from "./otlp-json.ts";
import { SpanExporter } from "./span-exporter.ts";
import { formatTraceparent, newHexId, parseTraceparent } from "./trace-context.ts";

const span = (name: string): Span => ({ traceId: "a".repeat(32), spanId: "b".repeat(16), name, kind: "client", startedAt: 1, endedAt: 2, attributes: {} });

function exporterOf(answer: (count: number) => Response | Promise<Response>) {
  const posts: number[] = [];
  const log: { event: string; fields: LogFields }[] = [];
  const exporter = new SpanExporter({ url: "http://collector/v1/traces", headers: {}, serviceName: "s" }, {
    clock: { now: () => 0 },
    logger: { log: (_level, event, fields = {}) => void log.push({ event, fields }) },
    fetch: (_url: string, init: UpstreamRequestInit) => {
      const body = JSON.parse(String(init.body)) as { resourceSpans: { scopeSpans: { spans: unknown[] }[] }[] };
      posts.push(body.resourceSpans[0]?.scopeSpans[0]?.spans.length ?? 0);
      return Promise.resolve(answer(posts.length));
    },
  });
  return { exporter, posts, log };
}

test("spans go out in batches", async () => {
  const { exporter, posts } = exporterOf(() => new Response("{}"));
  for (let count = 0; count < 1200; count++) exporter.add(span(`s${count}`));
  await exporter.close();
  expect(posts).toEqual([512, 512, 176]);
});

test("a queue that is full drops, and says how many", async () => {
  let answer: (response: Response) => void = () => undefined;
  const first = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  const { exporter, posts, log } = exporterOf((count) => (count === 1 ? first : new Response("{}")));
  for (let count = 0; count < 512 + 2048 + 30; count++) exporter.add(span(`s${count}`));
  answer(new Response("{}"));
  await exporter.close();
  expect(posts.reduce((sum, each) => sum + each, 0)).toBe(512 + 2048);
  expect(log).toEqual([{ event: "telemetry.dropped", fields: { spans: 30 } }]);
});

test("trace contexts: what the standard allows, and nothing else", () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const good = `00-${traceId}-00f067aa0ba902b7-01`;
  expect(parseTraceparent(good)).toEqual({ traceId, spanId: "00f067aa0ba902b7", sampled: true });
  expect(parseTraceparent(`cc-${traceId}-00f067aa0ba902b7-00-what-the-future-will-be`)?.sampled).toBe(false);
  for (const bad of [null, "", good.toUpperCase(), `${good}-more`, `ff-${traceId}-00f067aa0ba902b7-01`, `00-${"0".repeat(32)}-00f067aa0ba902b7-01`, `00-${traceId}-${"0".repeat(16)}-01`, `00-${traceId}-00f067aa0ba902b7`]) {
    expect(parseTraceparent(bad)).toBeUndefined();
  }
  expect(formatTraceparent({ traceId, spanId: "00f067aa0ba902b7", sampled: true })).toBe(good);
  expect(newHexId({ random: (length) => "0".repeat(length) }, 16)).toBe("0000000000000001");
  expect(newHexId({ random: (length) => "aZ9".repeat(length).slice(0, length) }, 32)).toMatch(/^[0-9a-f]{32}$/);
});
