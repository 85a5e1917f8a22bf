// The examples as their readers would start them, with the official SDKs before them. Next itself is not started: its
// route handlers are functions, and are called as such.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { at, list } from "../kit/calls.ts";
import { listen, type Listening } from "../kit/running.ts";
import { exampleEnvironment, GATEWAY_KEY, startExample, type Host } from "./host.ts";

/** Bytes of one event of the endless answer, and how many there are: far more than all buffers on the way hold. */
const EVENT_BYTES = 65_536;
const EVENTS = 8_000;

let simulator: Simulator;
let upstream: Listening;
/** Of the endless answer: how many events were taken, and whether the gateway hung up. */
const endless = { taken: 0, closed: Promise.withResolvers<void>() };

beforeAll(() => {
  const { dialect, vendor } = SIMULATED.find((each) => each.dialect.id === "openai-chat")!;
  simulator = createSimulator(dialect, vendor, ({ prompt }) => ({ text: `you said ${prompt}` }));
  upstream = listen(async (request) => ((await request.clone().text()).includes("without end") ? withoutEnd() : simulator.fetch(request)));
});
afterAll(() => upstream.close());

function withoutEnd(): Response {
  endless.taken = 0;
  endless.closed = Promise.withResolvers<void>();
  const event = new TextEncoder().encode(`data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content: "x".repeat(EVENT_BYTES) }, finish_reason: null }] })}\n\n`);
  return new Response(new ReadableStream({
    pull(controller) {
      if (endless.taken++ < EVENTS) controller.enqueue(event);
      else controller.close();
    },
    cancel: () => endless.closed.resolve(),
  }, { highWaterMark: 0 }), { headers: { "content-type": "text/event-stream" } });
}

/** What every host must carry through. `fetch` calls it, at whatever address. */
async function serves(baseUrl: string, fetch: typeof globalThis.fetch = globalThis.fetch): Promise<void> {
  const openai = new OpenAI({ apiKey: GATEWAY_KEY, baseURL: `${baseUrl}/v1`, fetch, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: GATEWAY_KEY, baseURL: baseUrl, fetch, maxRetries: 0 });
  const asked = { model: "assistant", messages: [{ role: "user" as const, content: "merhaba" }] };

  const completion = await openai.chat.completions.create(asked);
  expect(completion.choices[0]?.message.content).toBe("you said merhaba");
  expect((await openai.chat.completions.stream(asked).finalChatCompletion()).choices[0]?.message.content).toBe("you said merhaba");
  const message = await anthropic.messages.create({ ...asked, max_tokens: 100 });
  expect(message.content).toMatchObject([{ type: "text", text: "you said merhaba" }]);
  expect(await anthropic.messages.stream({ ...asked, max_tokens: 100 }).finalText()).toBe("you said merhaba");
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["assistant"]);
  expect(await refusalOf(() => openai.chat.completions.create({ ...asked, model: "unknown" }))).toMatchObject({ status: 404 });
  expect(await refusalOf(() => new OpenAI({ apiKey: "wrong", baseURL: `${baseUrl}/v1`, fetch, maxRetries: 0 }).models.list())).toMatchObject({ status: 401 });
  expect(simulator.seen.at(-1)?.headers.get("authorization")).toBe("Bearer sk-upstream-of-examples");
}

async function refusalOf(ask: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await ask();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** A reader who does not read holds the upstream up, and one who leaves ends it. */
async function holdsBackAndHangsUp(baseUrl: string): Promise<void> {
  const client = new AbortController();
  const reply = await fetch(`${baseUrl}/v1/chat/completions`, {
    method: "POST", signal: client.signal, headers: { "content-type": "application/json", authorization: `Bearer ${GATEWAY_KEY}` },
    body: JSON.stringify({ model: "assistant", stream: true, messages: [{ role: "user", content: "without end" }] }),
  });
  expect((await reply.body?.getReader().read())?.done).toBe(false);
  await settled(() => endless.taken);
  expect(endless.taken).toBeLessThan(EVENTS / 2);
  client.abort();
  await endless.closed.promise;
}

/** Waits until a number stays what it is. */
async function settled(read: () => number): Promise<void> {
  for (let same = 0, last = read(); same < 5;) {
    await Bun.sleep(20);
    const now = read();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

interface Case {
  readonly example: string;
  readonly runtime: "bun" | "node";
  readonly mount: string;
  /** Another route of the same server. */
  readonly beside?: (origin: string) => Promise<void>;
}

const CASES: readonly Case[] = [
  { example: "bun", runtime: "bun", mount: "" },
  { example: "node-http", runtime: "node", mount: "" },
  {
    example: "express", runtime: "node", mount: "/llm",
    async beside(origin) {
      const reply = await fetch(`${origin}/echo`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ a: 1 }) });
      expect(await reply.json()).toEqual({ echo: { a: 1 } });
      expect((await fetch(`${origin}/v1/models`)).status).toBe(404);
    },
  },
  {
    example: "hono", runtime: "bun", mount: "/llm",
    async beside(origin) {
      expect(await (await fetch(origin)).text()).toBe("hello");
      expect((await fetch(`${origin}/v1/models`)).status).toBe(404);
    },
  },
];

describe.each(CASES.map((each) => [each.example, each] as const))("%s", (_name, { example, runtime, mount, beside }) => {
  let host: Host;
  beforeAll(async () => {
    host = await startExample(example, runtime, upstream.origin);
  });
  afterAll(() => host.stop());

  test("serves the official SDKs, whole and streamed", () => serves(host.origin + mount));
  test("a reader who does not read holds the upstream up, and one who leaves ends it", () => holdsBackAndHangsUp(host.origin + mount));
  if (beside !== undefined) test("has other routes beside it", () => beside(host.origin));
});

test("next: the route's handlers serve the official SDKs, whole and streamed", async () => {
  const before = { ...process.env };
  Object.assign(process.env, exampleEnvironment(upstream.origin));
  try {
    const route = await import("../../examples/embedding/next/app/api/[...path]/route.ts");
    const { GET, POST } = route;
    const handlers: Readonly<Record<string, typeof GET>> = { GET, POST };
    const call = (async (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init);
      return handlers[request.method]!(request);
    }) as typeof fetch;
    await serves("http://next.example.com/api", call);
    const listed = await (await call("http://next.example.com/api/v1/models", { headers: { authorization: `Bearer ${GATEWAY_KEY}` } })).json();
    expect(list(at(listed, "data")).length).toBe(1);
    expect((await call("http://next.example.com/v1/models")).status).toBe(404);
  } finally {
    for (const name of Object.keys(exampleEnvironment(""))) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
