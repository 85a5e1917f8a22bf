// A gateway with nothing but a configuration: every port is the runtime's own.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { InvalidConfig, createGateway, type ConfigInput, type Gateway } from "@dragoman/gateway";
import { ask, at, DIALECTS, isWhole, readEvents, streamText, wholeText } from "../kit/calls.ts";
import { CLIENT_KEY, listen } from "../kit/running.ts";
import { MODELS, startUpstreams, worldConfig, type Upstream } from "../kit/world.ts";

let upstreams: Map<string, Upstream>;
let config: ConfigInput;
beforeAll(() => {
  upstreams = startUpstreams(() => ({ text: "merhaba" }));
  config = { ...worldConfig(upstreams), "api-keys": [CLIENT_KEY] };
});
afterAll(() => Promise.all([...upstreams.values()].map((upstream) => upstream.close())));

const model = MODELS["anthropic-messages"] ?? "";
const asked = (): number => [...upstreams.values()].reduce((sum, { simulator }) => sum + simulator.seen.length, 0);

async function served<T>(gateway: Gateway, use: (origin: string) => Promise<T>): Promise<T> {
  const host = listen((request) => gateway.fetch(request));
  try {
    return await use(host.origin);
  } finally {
    await host.close();
    gateway.close();
  }
}

test("a configuration is all it takes, in every dialect, whole and streamed", async () => {
  await served(createGateway({ config }), async (origin) => {
    for (const dialect of DIALECTS) {
      expect(wholeText(dialect, await (await ask(origin, dialect, { model })).json())).toBe("merhaba");
      const { events } = readEvents(await (await ask(origin, dialect, { model, stream: true })).text());
      expect(streamText(dialect, events)).toBe("merhaba");
      expect(isWhole(dialect, events)).toBe(true);
    }
  });
});

test("a configuration that is none is refused with every problem and without a value", () => {
  const wrong = { "api-keys": "sk-secret-in-the-wrong-place", routing: { strategy: "sideways" }, prot: 1 } as unknown as ConfigInput;
  const refusal = thrownBy(() => createGateway({ config: wrong }));
  expect(refusal).toBeInstanceOf(InvalidConfig);
  expect((refusal as InvalidConfig).problems.map(({ path }) => path).toSorted()).toEqual(["api-keys", "prot", "routing.strategy"]);
  expect((refusal as InvalidConfig).message).toContain("routing.strategy: ");
  expect((refusal as InvalidConfig).message).not.toContain("secret");
});

test("a reload with a configuration that is none changes nothing", async () => {
  const gateway = createGateway({ config });
  expect(() => gateway.reload({ "api-keys": 7 } as unknown as ConfigInput)).toThrow(InvalidConfig);
  await served(gateway, async (origin) => {
    expect((await ask(origin, "openai-chat", { model })).status).toBe(200);
    gateway.reload({ ...config, "api-keys": ["another-key"] });
    expect((await ask(origin, "openai-chat", { model })).status).toBe(401);
  });
});

test("variables are those that the embedder gives, and no others", async () => {
  const named: ConfigInput = { ...config, "api-keys": ["${CLIENT_KEY_OF_THE_TEST}"] };
  expect(() => createGateway({ config: named })).toThrow(InvalidConfig);
  await served(createGateway({ config: named, environment: { CLIENT_KEY_OF_THE_TEST: CLIENT_KEY } }), async (origin) => {
    expect((await ask(origin, "openai-chat", { model })).status).toBe(200);
  });
});

test("a proxy that the runtime's fetch cannot use is no reason to go without", async () => {
  const log: string[] = [];
  const logger = { log: (_level: string, event: string, fields: object = {}) => void log.push(`${event} ${JSON.stringify(fields)}`) };
  await served(createGateway({ config: { ...config, "proxy-url": "http://127.0.0.1:9" }, ports: { logger } }), async (origin) => {
    const before = asked();
    const reply = await ask(origin, "openai-chat", { model });
    expect(reply.status).toBe(502);
    expect(asked()).toBe(before);
    expect(log.join("\n")).toContain("knows no proxies");
  });
});

test("mounted at a path, it answers below that and nowhere else", async () => {
  await served(createGateway({ config, basePath: "/llm/" }), async (origin) => {
    expect(wholeText("anthropic-messages", await (await ask(`${origin}/llm`, "anthropic-messages", { model })).json())).toBe("merhaba");
    const { events } = readEvents(await (await ask(`${origin}/llm`, "gemini-generate-content", { model, stream: true })).text());
    expect(streamText("gemini-generate-content", events)).toBe("merhaba");
    expect(at(await (await fetch(`${origin}/llm`)).json(), "name")).toBe("Dragoman");
    for (const path of ["/v1/models", "/llmv1/models", "/", "/llm2"]) expect((await fetch(origin + path, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).status).toBe(404);
  });
});

test("mounted at a path, it hears that a client left", async () => {
  const left = Promise.withResolvers<void>();
  const silent = listen((request) => {
    request.signal.addEventListener("abort", () => left.resolve());
    return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(": hello\n\n")) }), { headers: { "content-type": "text/event-stream" } });
  });
  const slow: ConfigInput = { "openai-compatibility": [{ name: "slow", "base-url": `${silent.origin}/v1`, models: [{ name: "m" }] }], timeouts: { "hold-ms": 1 } };
  await served(createGateway({ config: slow, basePath: "/llm" }), async (origin) => {
    const client = new AbortController();
    const reply = await fetch(`${origin}/llm/v1/chat/completions`, { method: "POST", signal: client.signal, headers: { "content-type": "application/json" }, body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hello" }] }) });
    expect(reply.status).toBe(200);
    client.abort();
    await left.promise;
  });
  await silent.close();
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
