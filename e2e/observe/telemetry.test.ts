import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Telemetry, type LogFields, type TelemetrySettings } from "@dragoman/gateway";
import { fetchUpstream } from "../../packages/server/src/host/fetch-upstream.ts";
import { systemClock, systemIds } from "../../packages/server/src/host/ports.ts";
import { ask } from "../kit/calls.ts";
import { startCollector, type CollectedSpan, type Collector } from "./collector.ts";
import { MODELS, startObserved, type ObservedWorld } from "./observe-world.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

let collector: Collector;
let world: ObservedWorld;
const log: { event: string; fields: LogFields }[] = [];
const telemetry = new Telemetry({ fetch: fetchUpstream, clock: systemClock, ids: systemIds, logger: { log: (_level, event, fields = {}) => void log.push({ event, fields }) } });

beforeAll(async () => {
  collector = startCollector();
  world = await startObserved({
    more: "request-retry: 0\ndisable-cooling: true", observers: [telemetry],
    script: ({ prompt }) => (prompt === "refuse" ? { trouble: "refuse", status: 503, message: "Busy." } : { text: "the words of a user", usage: { input: 12, cached: 2, output: 5, reasoning: 1 } }),
  });
});
afterAll(async () => {
  await world.close();
  await collector.close();
});
beforeEach(() => {
  collector.spans.length = collector.requests.length = collector.faults.length = log.length = 0;
});

const settings = (more: Partial<TelemetrySettings> = {}): TelemetrySettings => ({ url: `${collector.origin}/v1/traces`, headers: { "x-team": "blue" }, serviceName: "house", propagate: false, ...more });

/** Everything that was told so far has been sent. */
async function sent(): Promise<readonly CollectedSpan[]> {
  await telemetry.close();
  telemetry.configure(undefined);
  expect(collector.faults).toEqual([]);
  return collector.spans;
}

describe("spans", () => {
  test("one for the request, one for the attempt, in the words of the GenAI conventions", async () => {
    telemetry.configure(settings());
    const response = await ask(world.origin, "anthropic-messages", { model: "sim-chat", stream: true, headers: { traceparent: `00-${TRACE}-${PARENT}-01` } });
    await response.text();
    const [attempt, request, ...others] = await sent();
    expect(others).toEqual([]);
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, kind: 2, name: "POST /v1/messages", service: "house" });
    expect(request?.attributes).toMatchObject({
      "http.request.method": "POST", "http.route": "/v1/messages", "http.response.status_code": 200, "gen_ai.operation.name": "chat", "gen_ai.request.model": "sim-chat",
      "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5, "dragoman.request.id": response.headers.get("x-request-id"), "dragoman.attempts": 1,
    });
    expect(attempt).toMatchObject({ traceId: TRACE, parentSpanId: request?.spanId, kind: 3, name: "chat sim-chat" });
    expect(attempt?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat", "gen_ai.request.model": "sim-chat", "gen_ai.response.model": "sim-chat", "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5,
      "gen_ai.response.finish_reasons": ["end"], "server.address": "127.0.0.1", "server.port": Number(new URL(world.upstream("openai-chat").origin).port), "dragoman.streamed": true,
    });
    expect(attempt?.startMs).toBeGreaterThanOrEqual(request?.startMs ?? 0);
    expect(collector.requests[0]).toMatchObject({ path: "/v1/traces", spans: 2 });
    expect(collector.requests[0]?.headers.get("x-team")).toBe("blue");
    expect(JSON.stringify(collector.spans)).not.toContain("the words of a user");
  });

  test("well-known names of providers and operations", async () => {
    telemetry.configure(settings());
    await (await ask(world.origin, "gemini-generate-content", { model: MODELS["gemini-generate-content"] ?? "" })).text();
    const [attempt] = await sent();
    expect(attempt?.attributes).toMatchObject({ "gen_ai.provider.name": "gcp.gemini", "gen_ai.operation.name": "generate_content" });
    expect(attempt?.name).toBe(`generate_content ${MODELS["gemini-generate-content"]}`);
  });

  test("what fails is an error of its kind; a client's mistake is none of the server's", async () => {
    telemetry.configure(settings());
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "refuse" })).text();
    await (await ask(world.origin, "openai-chat", { model: "nobody-serves-this" })).text();
    const [attempt, request, mistaken] = await sent();
    expect(attempt?.attributes["error.type"]).toBe("overloaded");
    expect(attempt?.error).toBeDefined();
    expect(request?.attributes["http.response.status_code"]).toBe(503);
    expect(request?.error).toBeDefined();
    expect(mistaken?.attributes).toMatchObject({ "error.type": "model_not_found", "http.response.status_code": 404 });
    expect(mistaken?.error).toBeUndefined();
  });

  test("a trace that the client does not sample is not sampled here; a broken header begins a new one", async () => {
    telemetry.configure(settings());
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", headers: { traceparent: `00-${TRACE}-${PARENT}-00` } })).text();
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", headers: { traceparent: `00-${"0".repeat(32)}-${PARENT}-01` } })).text();
    const spans = await sent();
    expect(spans.length).toBe(2);
    expect(spans[1]?.parentSpanId).toBeUndefined();
    expect(spans[1]?.traceId).not.toBe(TRACE);
  });

  test("upstreams see the context only where the operator wants that", async () => {
    const seen = world.upstream("openai-chat").simulator.seen;
    telemetry.configure(settings());
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", headers: { traceparent: `00-${TRACE}-${PARENT}-01` } })).text();
    expect(seen.at(-1)?.headers.get("traceparent")).toBeNull();
    await sent();
    telemetry.configure(settings({ propagate: true }));
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", headers: { traceparent: `00-${TRACE}-${PARENT}-01` } })).text();
    const [, , attempt] = await sent();
    expect(seen.at(-1)?.headers.get("traceparent")).toBe(`00-${TRACE}-${attempt?.spanId}-01`);
  });
});

describe("a collector in trouble", () => {
  test("is asked again when it says so, and nothing is lost", async () => {
    telemetry.configure(settings());
    collector.answers.push(new Response("", { status: 503 }));
    await (await ask(world.origin, "openai-chat", { model: "sim-chat" })).text();
    const spans = await sent();
    expect(spans.length).toBe(2);
    expect(collector.requests.length).toBe(2);
  });

  test("that refuses is not asked again", async () => {
    telemetry.configure(settings());
    collector.answers.push(new Response("", { status: 401 }));
    await (await ask(world.origin, "openai-chat", { model: "sim-chat" })).text();
    expect(await sent()).toEqual([]);
    expect(collector.requests.length).toBe(1);
    expect(log).toEqual([{ event: "telemetry.failed", fields: { spans: 2, reason: "status 401" } }]);
  });

  test("that is away delays nobody", async () => {
    telemetry.configure(settings({ url: "http://127.0.0.1:9/v1/traces" }));
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat" });
    expect(response.status).toBe(200);
    await response.text();
    await telemetry.close();
    telemetry.configure(undefined);
    expect(log[0]?.event).toBe("telemetry.failed");
  });
});
