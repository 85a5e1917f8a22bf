import { afterEach, describe, expect, test } from "bun:test";
import type { Act } from "@dragoman/gateway/testing";
import { BEGUN } from "../kit/broken-streams.ts";
import { ask, DIALECTS, isWhole, readEvents, streamText, wholeText, type DialectId } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { CLIENT_KEY, listen, startGateway, type RunningGateway } from "../kit/running.ts";
import { postWithoutReading } from "../kit/slow-reader.ts";
import { MODELS, startWorld, type World } from "../kit/world.ts";

const TEXT = "Zażółć gęślą jaźń, said the duck, and nobody knew why. 🦆👩‍👩‍👧";
const act: Act = { text: TEXT, usage: { input: 120, cached: 30, output: 45 } };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function keep<T extends { close(): Promise<void> }>(each: T): T {
  open.push(each);
  return each;
}

const pairs = DIALECTS.flatMap((client) => DIALECTS.map((upstream) => ({ client, upstream, model: MODELS[upstream] ?? "" })));

/** Waits until something holds; the time that it took, in ms. */
async function until(holds: () => boolean, limitMs = 1000): Promise<number> {
  const started = performance.now();
  while (!holds()) {
    if (performance.now() - started > limitMs) throw new Error(`it does not hold after ${limitMs} ms`);
    await Bun.sleep(5);
  }
  return performance.now() - started;
}

describe("a client that leaves", () => {
  for (const { client, upstream, model } of pairs) {
    const stalling = (): World => keep(startWorld({ script: () => ({ trouble: "stall", afterEvents: BEGUN[upstream], act }) }));

    test(`#111 ${client} ← ${upstream}: amid a stream, the upstream is hung up on and the attempt is written down as cancelled`, async () => {
      const world = stalling();
      const abort = new AbortController();
      const response = await ask(world.origin, client, { model, stream: true, signal: abort.signal });
      const reader = response.body?.getReader();
      await reader?.read();
      expect(world.attempts).toEqual([]);
      abort.abort();
      await until(() => world.upstream(upstream).simulator.seen[0]?.aborted === true);
      await until(() => world.attempts.length > 0);
      expect(world.attempts).toMatchObject([{ outcome: "cancelled", failure: "client-closed", status: 499 }]);
      await Bun.sleep(20);
      expect(world.attempts).toHaveLength(1);
    });
  }

  for (const client of DIALECTS) {
    for (const stream of [true, false]) {
      test(`#111 ${client}, ${stream ? "streamed" : "whole"}: before the first byte`, async () => {
        const world = keep(startWorld({ script: () => new Promise(() => undefined) }));
        const abort = new AbortController();
        const pending = ask(world.origin, client, { model: "sim-chat", stream, signal: abort.signal }).catch(() => "left");
        const { seen } = world.upstream("openai-chat").simulator;
        await until(() => seen.length === 1);
        abort.abort();
        expect(await pending).toBe("left");
        await until(() => seen[0]?.aborted === true);
        await until(() => world.attempts.length > 0);
        expect(world.attempts).toMatchObject([{ outcome: "cancelled" }]);
        // Nobody is to blame: the next request goes through at once.
        world.upstream("openai-chat").simulator.script = () => act;
        expect((await ask(world.origin, client, { model: "sim-chat" })).status).toBe(200);
      });
    }
  }
});

describe("keep-alive", () => {
  const FORMS: Readonly<Record<DialectId, RegExp>> = {
    "openai-chat": /^: keep-alive$/,
    "openai-responses": /^: keep-alive$/,
    "anthropic-messages": /^event: ping\ndata: \{"type": ?"ping"\}$/,
    "gemini-generate-content": /^: keep-alive$/,
  };
  const signsOfLife = (text: string): string[] => text.split("\n\n").filter((block) => block.startsWith(":") || block.startsWith("event: ping"));

  for (const { client, upstream, model } of pairs) {
    test.concurrent(`#110 ${client} ← ${upstream}: a silent stream says that it lives, in the dialect's form`, async () => {
      const world = startWorld({ script: () => ({ trouble: "stall", afterEvents: BEGUN[upstream], act }), config: { streaming: { "keepalive-seconds": 1 }, timeouts: { "idle-ms": 2600 } } });
      const response = await ask(world.origin, client, { model, stream: true });
      const text = await response.text();
      const before = text.indexOf(client === "anthropic-messages" ? "text_delta" : "data:");
      // The simulator's own ping comes with the handshake, where bytes pass.
      const signs = signsOfLife(text.slice(before));
      expect(signs.length).toBe(2);
      for (const sign of signs) expect(client === upstream ? /^: keep-alive$|^event: ping/ : FORMS[client]).toSatisfy((form) => (form as RegExp).test(sign));
      if (client !== "anthropic-messages") expect(text).not.toContain("event: ping");
      await world.close();
    });
  }

  for (const client of DIALECTS) {
    test.concurrent(`#110 ${client}: while nothing has come at all, only comments, once the headers are out`, async () => {
      const world = startWorld({
        script: async () => {
          await Bun.sleep(100);
          return { trouble: "stall", afterEvents: 1, act };
        },
        config: { streaming: { "keepalive-seconds": 1 }, timeouts: { "idle-ms": 2600, "hold-ms": 300 } },
      });
      const response = await ask(world.origin, client, { model: "sim-chat", stream: true });
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(text.split("\n\n").filter((block) => block === ": keep-alive").length).toBeGreaterThanOrEqual(1);
      expect(text).not.toContain("event: ping");
      await world.close();
    });
  }
});

describe("what a stream of any cut says", () => {
  /** The simulator's stream, its bytes in pieces of `size`, each a write of its own. */
  async function startCutting(upstream: DialectId, size: number): Promise<RunningGateway> {
    const world = keep(startWorld({ script: () => act }));
    const { simulator } = world.upstream(upstream);
    const server = keep(listen(async (request) => {
      const whole = await (await simulator.fetch(request)).bytes();
      let at = 0;
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (at >= whole.length) return controller.close();
          controller.enqueue(whole.slice(at, at + size));
          at += size;
          if (at % 16 === 0) await Bun.sleep(0);
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    }));
    return keep(startGateway(entriesOf(upstream, { origin: server.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: MODELS[upstream] }] })));
  }

  for (const upstream of DIALECTS) {
    for (const size of [1, 3, 1000]) {
      test(`#108 ${upstream} upstream in pieces of ${size}: no character is lost`, async () => {
        const gateway = await startCutting(upstream, size);
        await Promise.all(DIALECTS.map(async (client) => {
          const response = await ask(gateway.origin, client, { model: MODELS[upstream] ?? "", stream: true });
          const { events } = readEvents(await response.text());
          expect([client, streamText(client, events)]).toEqual([client, TEXT]);
          expect([client, isWhole(client, events)]).toEqual([client, true]);
        }));
        expect(gateway.attempts.every(({ outcome }) => outcome === "succeeded")).toBe(true);
      });
    }
  }
});

describe("#113 an upstream that only streams", () => {
  for (const upstream of DIALECTS) {
    test(`${upstream}: is put together for clients that want it whole`, async () => {
      const world = keep(startWorld({ script: () => ({ ...act, calls: [{ name: "look", arguments: { where: "Łódź" } }] }) }));
      const server = keep(listen(async (request) => {
        const body = { ...((await request.json()) as object), ...(upstream !== "gemini-generate-content" && { stream: true }), ...(upstream === "openai-chat" && { stream_options: { include_usage: true } }) };
        const url = request.url.replace(":generateContent", ":streamGenerateContent?alt=sse");
        const { "content-length": _length, ...headers } = Object.fromEntries(request.headers);
        return world.upstream(upstream).simulator.fetch(new Request(url, { method: "POST", headers, body: JSON.stringify(body) }));
      }));
      const gateway = keep(startGateway(entriesOf(upstream, { origin: server.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: MODELS[upstream] }] })));
      for (const client of DIALECTS) {
        const response = await ask(gateway.origin, client, { model: MODELS[upstream] ?? "" });
        expect(response.headers.get("content-type")).toContain("application/json");
        const text = await response.text();
        expect([client, wholeText(client, JSON.parse(text))]).toEqual([client, TEXT]);
        expect(text).toContain("Łódź");
        expect(gateway.attempts.at(-1)).toMatchObject({ outcome: "succeeded", usage: { cacheRead: 30 } });
      }
    });
  }
});

describe("backpressure", () => {
  const PIECE = `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content: "y".repeat(64 * 1024) }, finish_reason: null }] })}\n\n`;
  /** What sockets on both sides may hold, and some pieces within; far less than what an upstream could send meanwhile. */
  const ENOUGH = 48 * 1024 * 1024;

  for (const [client, path] of [["openai-chat", "/v1/chat/completions"], ["anthropic-messages", "/v1/messages"]] as const) {
    test(`${client}: a client that reads nothing stops the upstream, and gets all when it reads on`, async () => {
      const bytes = new TextEncoder().encode(PIECE);
      let sent = 0;
      const upstream = keep(listen(() => new Response(new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (sent >= 4 * ENOUGH) return controller.close();
          controller.enqueue(bytes);
          sent += bytes.length;
          await Bun.sleep(0);
        },
      }), { headers: { "content-type": "text/event-stream" } })));
      const gateway = keep(startGateway(entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: "m" }] })));
      const body = JSON.stringify({ model: "m", stream: true, max_tokens: 10, messages: [{ role: "user", content: "go" }] });
      const reader = await postWithoutReading(gateway.origin + path, { authorization: `Bearer ${CLIENT_KEY}`, "anthropic-version": "2023-06-01" }, body);
      await Bun.sleep(1500);
      const early = sent;
      expect(early).toBeGreaterThan(0);
      expect(early).toBeLessThan(ENOUGH);
      await Bun.sleep(500);
      expect(sent - early).toBeLessThan(bytes.length * 4);
      reader.resume();
      await until(() => sent > early + 8 * 1024 * 1024, 10_000);
      reader.close();
      await until(() => gateway.attempts.length > 0, 3000);
      expect(gateway.attempts).toMatchObject([{ outcome: "cancelled" }]);
    });
  }
});
