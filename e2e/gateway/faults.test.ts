import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Act, Script, Trouble } from "@dragoman/gateway/testing";
import { BEGUN, expectErrorEnd, PREAMBLE } from "../kit/broken-streams.ts";
import { ask, at, DIALECTS, isWhole, readEvents, streamText, toldError, wholeText, type DialectId } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { listen, startGateway } from "../kit/running.ts";
import { MODELS, startWorld, UPSTREAM_KEYS, type World } from "../kit/world.ts";

const TEXT = "Zażółć gęślą jaźń, said the duck, and nobody knew why. 🦆";
const act: Act = { text: TEXT, usage: { input: 120, cached: 30, output: 45 } };

let world: World;
beforeAll(() => {
  world = startWorld({
    script: () => act,
    config: { "disable-cooling": true, timeouts: { "idle-ms": 250, "first-byte-ms": 600 }, streaming: { "keepalive-seconds": 0 } },
  });
});
afterAll(() => world.close());

/** Every pair of client and upstream; the same dialect on both sides passes bytes, others are translated. */
function eachPair(run: (client: DialectId, upstream: DialectId, model: string) => void): void {
  for (const client of DIALECTS) for (const upstream of DIALECTS) run(client, upstream, MODELS[upstream] ?? "");
}

function playing(upstream: DialectId, script: Script): void {
  world.upstream(upstream).simulator.script = script;
}

async function streamed(client: DialectId, model: string): Promise<{ response: Response; text: string }> {
  const response = await ask(world.origin, client, { model, stream: true });
  return { response, text: await response.text() };
}

describe("a stream that breaks after its first text ends as an error of the client's dialect", () => {
  eachPair((client, upstream, model) => {
    test(`#223 ${client} ← ${upstream}: cut off`, async () => {
      for (const more of [0, 1, 3]) {
        playing(upstream, () => ({ trouble: "cut", afterEvents: BEGUN[upstream] + more, act }));
        const { response, text } = await streamed(client, model);
        expect(response.status).toBe(200);
        const { events } = readEvents(text);
        expect(streamText(client, events).length).toBeGreaterThan(0);
        expect(TEXT.startsWith(streamText(client, events))).toBe(true);
        expectErrorEnd(client, events);
        expect(world.attempts.at(-1)).toMatchObject({ outcome: "failed", failure: "stream-broken" });
      }
    });

    test(`${client} ← ${upstream}: silence longer than idle-ms`, async () => {
      playing(upstream, () => ({ trouble: "stall", afterEvents: BEGUN[upstream], act }));
      const started = performance.now();
      const { text } = await streamed(client, model);
      expect(performance.now() - started).toBeLessThan(3000);
      expectErrorEnd(client, readEvents(text).events);
      expect(world.attempts.at(-1)).toMatchObject({ outcome: "failed", errorCode: "upstream_timeout" });
      await Bun.sleep(50);
      expect(world.upstream(upstream).simulator.seen.at(-1)?.aborted).toBe(true);
    });

    test(`${client} ← ${upstream}: an event that is no JSON`, async () => {
      playing(upstream, () => ({ trouble: "bad-json", afterEvents: BEGUN[upstream], act }));
      const { response, text } = await streamed(client, model);
      expect(response.status).toBe(200);
      // Where bytes pass, so does the broken event; what matters is how the stream ends.
      const { events } = readEvents(client === upstream ? text.replace('data: {"broken": \n\n', "") : text);
      expectErrorEnd(client, events);
      expect(world.attempts.at(-1)?.outcome).toBe("failed");
    });

    test(`#223 ${client} ← ${upstream}: the upstream's own error event`, async () => {
      playing(upstream, () => ({ trouble: "error-event", afterEvents: BEGUN[upstream], act, message: "The model fell over." }));
      const { text } = await streamed(client, model);
      expect(expectErrorEnd(client, readEvents(text).events)).toContain("The model fell over.");
      expect(world.attempts.at(-1)?.outcome).toBe("failed");
    });
  });
});

describe("a stream that fails before its first text is an HTTP error", () => {
  eachPair((client, upstream, model) => {
    const failsWith = async (trouble: Trouble): Promise<{ status: number; message: string }> => {
      playing(upstream, () => trouble);
      const { response, text } = await streamed(client, model);
      expect(response.headers.get("content-type")).toContain("application/json");
      const { message } = toldError(client, JSON.parse(text));
      expect(message).not.toBe("");
      return { status: response.status, message };
    };

    test(`#222 ${client} ← ${upstream}: an error as first event, or after the handshake`, async () => {
      for (const afterEvents of new Set([0, PREAMBLE[upstream]])) {
        const { status, message } = await failsWith({ trouble: "error-event", afterEvents, act, message: "No capacity now." });
        expect(status).toBeGreaterThanOrEqual(500);
        expect(message).toContain("No capacity now.");
      }
    });

    test(`${client} ← ${upstream}: cut off after the handshake`, async () => {
      for (const afterEvents of new Set([0, PREAMBLE[upstream]])) expect((await failsWith({ trouble: "cut", afterEvents, act })).status).toBe(502);
    });

    test(`${client} ← ${upstream}: silence after the handshake`, async () => {
      expect((await failsWith({ trouble: "stall", afterEvents: PREAMBLE[upstream], act })).status).toBe(504);
    });

    test(`${client} ← ${upstream}: the first event is no JSON`, async () => {
      playing(upstream, () => ({ trouble: "bad-json", afterEvents: 0, act }));
      const { response, text } = await streamed(client, model);
      // Where bytes pass, a dialect may take any event that it does not know for a beginning.
      if (response.status === 200 && client === upstream) expectErrorEnd(client, readEvents(text.replace('data: {"broken": \n\n', "")).events);
      else expect(response.status).toBe(502);
    });

    test(`#221 ${client} ← ${upstream}: the upstream answers 400`, async () => {
      expect(await failsWith({ trouble: "refuse", status: 400, message: "top_p: too high" })).toMatchObject({ status: 400, message: expect.stringContaining("top_p: too high") });
    });

    test(`#220 ${client} ← ${upstream}: a page of HTML with 502`, async () => {
      const raw = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";
      const { status, message } = await failsWith({ trouble: "refuse", status: 502, message: "", raw, headers: { "content-type": "text/html" } });
      expect(status).toBe(502);
      expect(message).not.toContain("<");
    });

    test(`${client} ← ${upstream}: a page of HTML with 200`, async () => {
      const { status, message } = await failsWith({ trouble: "refuse", status: 200, message: "", raw: "<html>Sign in</html>", headers: { "content-type": "text/html" } });
      expect(status).toBe(502);
      expect(message).not.toContain("<");
    });

    test(`${client} ← ${upstream}: no first byte in time is 504`, async () => {
      for (const stream of [true, false]) {
        world.upstream(upstream).simulator.script = () => new Promise(() => undefined);
        const response = await ask(world.origin, client, { model, stream });
        expect(response.status).toBe(504);
        expect(toldError(client, await response.json()).message).not.toBe("");
      }
    });
  });
});

describe("the wrong form of a good answer", () => {
  eachPair((client, upstream, model) => {
    test(`#112 ${client} ← ${upstream}: a whole body where a stream was asked for`, async () => {
      playing(upstream, () => ({ trouble: "whole-body", act }));
      const { response, text } = await streamed(client, model);
      expect(response.headers.get("content-type")).toContain("text/event-stream");
      const { events } = readEvents(text);
      expect(streamText(client, events)).toBe(TEXT);
      expect(isWhole(client, events)).toBe(true);
    });
  });
});

describe("statuses and envelopes", () => {
  const failing = async (client: DialectId, upstream: DialectId, trouble: Trouble): Promise<{ response: Response; body: unknown; text: string }> => {
    playing(upstream, () => trouble);
    const response = await ask(world.origin, client, { model: MODELS[upstream] ?? "" });
    const text = await response.text();
    return { response, body: JSON.parse(text), text };
  };

  const OVERLOADED: Readonly<Record<DialectId, { status: number; type: string }>> = {
    "openai-chat": { status: 503, type: "server_error" },
    "openai-responses": { status: 503, type: "server_error" },
    "anthropic-messages": { status: 529, type: "overloaded_error" },
    "gemini-generate-content": { status: 503, type: "UNAVAILABLE" },
  };
  for (const client of DIALECTS) {
    test(`#215 ${client}: Anthropic's 529 in its own words`, async () => {
      const { response, body } = await failing(client, "anthropic-messages", { trouble: "refuse", status: 529, message: "Overloaded" });
      expect(response.status).toBe(OVERLOADED[client].status);
      expect(toldError(client, body).type).toBe(OVERLOADED[client].type);
    });

    test(`#216 ${client}: Google's error in an array`, async () => {
      const raw = JSON.stringify([{ error: { code: 400, message: "API key expired. Please renew the API key.", status: "INVALID_ARGUMENT" } }]);
      const { body } = await failing(client, "gemini-generate-content", { trouble: "refuse", status: 400, message: "", raw, headers: { "content-type": "application/json" } });
      expect(Array.isArray(body)).toBe(false);
      expect(toldError(client, body).message).toContain("API key expired");
    });
  }

  test("#218 #219 an overflow is told in the words that agents look for", async () => {
    const gemini = await failing("openai-responses", "gemini-generate-content", { trouble: "refuse", status: 400, message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)." });
    expect(toldError("openai-responses", gemini.body).code).toBe("context_length_exceeded");
    const chat = await failing("anthropic-messages", "openai-chat", { trouble: "refuse", status: 400, message: "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens." });
    expect(toldError("anthropic-messages", chat.body).message).toStartWith("prompt is too long");
  });

  eachPair((client, upstream) => {
    test(`#224 ${client} ← ${upstream}: the upstream's key in its message is not told, whole or streamed, nor logged`, async () => {
      const key = UPSTREAM_KEYS[upstream] ?? "";
      const message = `Incorrect API key provided: ${key}. You can find your API key at https://example.com.`;
      const { text } = await failing(client, upstream, { trouble: "refuse", status: 401, message });
      expect(text).toContain("Incorrect API key provided");
      expect(text).not.toContain(key);
      playing(upstream, () => ({ trouble: "error-event", afterEvents: BEGUN[upstream], act, message }));
      const stream = await streamed(client, MODELS[upstream] ?? "");
      expect(stream.text).toContain("Incorrect API key provided");
      expect(stream.text).not.toContain(key);
      expect(JSON.stringify(world.log)).not.toContain(key);
      expect(JSON.stringify(world.attempts)).not.toContain(key);
    });
  });
});

describe("a whole answer that breaks", () => {
  eachPair((client, upstream, model) => {
    test(`${client} ← ${upstream}: a body that is not JSON, an empty one, an error with status 200`, async () => {
      for (const raw of ['{"id": "x", "cho', "", '{"error":{"message":"The model fell over.","code":503,"type":"server_error"}}']) {
        playing(upstream, () => ({ trouble: "refuse", status: 200, message: "", raw, headers: { "content-type": "application/json" } }));
        const response = await ask(world.origin, client, { model });
        expect(response.status).toBeGreaterThanOrEqual(500);
        expect(toldError(client, await response.json()).message).not.toBe("");
        expect(world.attempts.at(-1)?.outcome).toBe("failed");
      }
      playing(upstream, () => act);
      const response = await ask(world.origin, client, { model });
      expect(wholeText(client, await response.json())).toBe(TEXT);
    });
  });

  test("a body that stops half way is given up after idle-ms, streamed body or not", async () => {
    for (const type of ["application/json", "text/event-stream"]) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(type === "application/json" ? '{"id":"x",' : ": hello\n\n")) });
      const upstream = listen(() => new Response(body, { headers: { "content-type": type } }));
      const gateway = startGateway({ ...entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: "m" }] }), timeouts: { "idle-ms": 200 } });
      const response = await ask(gateway.origin, "anthropic-messages", { model: "m" });
      expect(response.status).toBe(504);
      expect(gateway.attempts.at(-1)).toMatchObject({ outcome: "failed", errorCode: "upstream_timeout" });
      await gateway.close();
      await upstream.close();
    }
  });

  test("a refusal whose words never end is taken for what its status says, and the next key answers", async () => {
    let asked = 0;
    const upstream = listen(() => {
      const isFirst = asked++ === 0;
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"error":')) });
      return isFirst
        ? new Response(body, { status: 429, headers: { "content-type": "application/json" } })
        : Response.json({ id: "x", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content: "Here." }, finish_reason: "stop" }] });
    });
    const gateway = startGateway({ ...entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream", "sk-another-key-of-it"], models: [{ name: "m" }] }), timeouts: { "idle-ms": 200 } });
    const response = await ask(gateway.origin, "anthropic-messages", { model: "m" });
    expect(wholeText("anthropic-messages", await response.json())).toBe("Here.");
    expect(gateway.attempts[0]).toMatchObject({ outcome: "failed", failure: "rate-limited", status: 429 });
    await gateway.close();
    await upstream.close();
  });

  test("total-ms ends a request that goes on and on, and asks nobody else", async () => {
    const encoder = new TextEncoder();
    let asked = 0;
    const upstream = listen(() => {
      asked++;
      return new Response(new ReadableStream({
        async pull(controller) {
          await Bun.sleep(20);
          controller.enqueue(encoder.encode('data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"on "},"finish_reason":null}]}\n\n'));
        },
      }), { headers: { "content-type": "text/event-stream" } });
    });
    const gateway = startGateway({ ...entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream", "sk-another-key-of-it"], models: [{ name: "m" }] }), timeouts: { "total-ms": 400 } });
    const streamed = await ask(gateway.origin, "anthropic-messages", { model: "m", stream: true });
    const { events } = readEvents(await streamed.text());
    expect(streamText("anthropic-messages", events)).toStartWith("on on ");
    expectErrorEnd("anthropic-messages", events);
    const whole = await ask(gateway.origin, "anthropic-messages", { model: "m" });
    expect(whole.status).toBe(504);
    expect(asked).toBe(2);
    await gateway.close();
    await upstream.close();
  });

  test("an upstream that sends elsewhere is a bad gateway, and nobody follows", async () => {
    let followed = 0;
    const elsewhere = listen(() => {
      followed++;
      return new Response("{}");
    });
    const upstream = listen(() => new Response(null, { status: 307, headers: { location: elsewhere.origin } }));
    const gateway = startGateway(entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: "m" }] }));
    for (const client of DIALECTS) {
      const response = await ask(gateway.origin, client, { model: "m", stream: client === "openai-chat" });
      expect([client, response.status === 502 || response.status === 503]).toEqual([client, true]);
      expect(toldError(client, await response.json()).message).not.toBe("");
    }
    expect(gateway.attempts[0]).toMatchObject({ status: 502, errorCode: "upstream_malformed" });
    expect(followed).toBe(0);
    for (const each of [gateway, upstream, elsewhere]) await each.close();
  });

  test("an answer of nothing that is known is no success", async () => {
    for (const upstream of DIALECTS) {
      playing(upstream, () => ({ trouble: "refuse", status: 200, message: "", raw: '{"hello":"world"}', headers: { "content-type": "application/json" } }));
      for (const client of DIALECTS.filter((each) => each !== upstream)) {
        const response = await ask(world.origin, client, { model: MODELS[upstream] ?? "" });
        expect([upstream, client, response.status]).toEqual([upstream, client, 502]);
        expect(at(await response.json(), "error")).toBeDefined();
      }
    }
  });
});
