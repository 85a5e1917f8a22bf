import { afterEach, describe, expect, test } from "bun:test";
import { CLIENT_KEY } from "../kit/running.ts";
import { openPage, type Page, type RelayMessage } from "./kit/page.ts";
import { startServedWorld, type ServedWorld } from "./kit/served.ts";

const MODEL = "gemini-2.5-flash";
const ANSWER = { candidates: [{ content: { role: "model", parts: [{ text: "Good day" }] }, finishReason: "STOP" }], usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 } };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function startRelay(config: Record<string, unknown> = {}): Promise<ServedWorld> {
  const world = await startServedWorld({ config });
  open.push(world);
  return world;
}

const connect = (world: ServedWorld, answer: (message: RelayMessage, page: Page) => void = answerWhole): Promise<Page> => openPage(`${world.server.url}/v1/ws?auth_token=${CLIENT_KEY}`, answer);

function answerWhole({ id, type }: RelayMessage, page: Page): void {
  if (type === "http_request") page.send({ id, type: "http_response", payload: { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(ANSWER) } });
}

function answerInPieces({ id, type }: RelayMessage, page: Page): void {
  if (type !== "http_request") return;
  const piece = (text: string, end: boolean): string => `data: ${JSON.stringify({ candidates: [{ content: { role: "model", parts: [{ text }] }, ...(end && { finishReason: "STOP" }) }], ...(end && { usageMetadata: ANSWER.usageMetadata }) })}\n\n`;
  page.send({ id, type: "stream_start", payload: { status: 200, headers: { "Content-Type": ["text/event-stream"] } } });
  page.send({ id, type: "stream_chunk", payload: { data: piece("Good ", false) + piece("da", false) } });
  page.send({ id, type: "stream_chunk", payload: { data: piece("y", true) } });
  page.send({ id, type: "stream_end" });
}

const ask = (world: ServedWorld, stream: boolean): Promise<Response> => world.ask("/v1/chat/completions", { model: MODEL, stream, max_tokens: 50, messages: [{ role: "user", content: "Hello" }] });

/** The page's account comes and goes with its socket; the gateway hears of both a moment later. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(2);
}
const pages = (world: ServedWorld): number => [...(world.gateway.accounts?.accounts() ?? [])].length;

describe("a page that serves requests", () => {
  test("gets them with everything but a key, and its answer reaches a client of another dialect", async () => {
    const world = await startRelay();
    const page = await connect(world);
    await until(() => pages(world) === 1);
    const reply = await ask(world, false);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ choices: [{ message: { content: "Good day" } }], usage: { prompt_tokens: 3 } });
    const [request] = page.seen;
    expect(request?.payload).toMatchObject({ method: "POST", url: `https://generativelanguage.googleapis.com/v1beta/models/${MODEL}:generateContent`, headers: { "Content-Type": ["application/json"] } });
    const body = JSON.parse(String(request?.payload?.body)) as { generationConfig?: Record<string, unknown> };
    expect(body.generationConfig).not.toHaveProperty("maxOutputTokens");
    expect(JSON.stringify(request)).not.toContain(CLIENT_KEY);
  });

  test("streams, also with several events in one message", async () => {
    const world = await startRelay();
    await connect(world, answerInPieces);
    await until(() => pages(world) === 1);
    const text = await (await ask(world, true)).text();
    const said = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join("");
    expect(said).toBe("Good day");
    expect(text).toContain("data: [DONE]");
  });

  test("may stream to a client that wants it whole", async () => {
    const world = await startRelay();
    await connect(world, answerInPieces);
    await until(() => pages(world) === 1);
    expect(await (await ask(world, false)).json()).toMatchObject({ choices: [{ message: { content: "Good day" } }] });
  });

  test("loses nothing of a long answer that nobody reads yet", async () => {
    const world = await startRelay();
    const pieces = 2000;
    await connect(world, ({ id, type }, page) => {
      if (type !== "http_request") return;
      page.send({ id, type: "stream_start", payload: { status: 200 } });
      for (let count = 0; count < pieces; count++) page.send({ id, type: "stream_chunk", payload: { data: `data: ${JSON.stringify({ candidates: [{ content: { role: "model", parts: [{ text: "x" }] }, ...(count === pieces - 1 && { finishReason: "STOP" }) }] })}\n\n` } });
      page.send({ id, type: "stream_end" });
    });
    await until(() => pages(world) === 1);
    const text = await (await ask(world, true)).text();
    expect([...text.matchAll(/"content":"(x+)"/g)].map(([, piece]) => piece).join("")).toHaveLength(pieces);
  });

  test("of two pages the one that fails is passed over, and one that goes away is not asked any more", async () => {
    const world = await startRelay();
    const bad = await connect(world, ({ id, type }, page) => type === "http_request" && page.send({ id, type: "error", payload: { error: "no session", status: 503 } }));
    await connect(world);
    await until(() => pages(world) === 2);
    for (let count = 0; count < 4; count++) expect((await ask(world, false)).status).toBe(200);
    bad.socket.close();
    await until(() => pages(world) === 1);
    expect((await ask(world, false)).status).toBe(200);
  });

  test("that dies in the middle ends the stream as an error", async () => {
    const world = await startRelay();
    await connect(world, ({ id, type }, page) => {
      if (type !== "http_request") return;
      page.send({ id, type: "stream_start", payload: { status: 200 } });
      page.send({ id, type: "stream_chunk", payload: { data: `data: ${JSON.stringify({ candidates: [{ content: { role: "model", parts: [{ text: "Good" }] } }] })}\n\n` } });
      setTimeout(() => page.socket.close(), 20);
    });
    await until(() => pages(world) === 1);
    const text = await (await ask(world, true)).text();
    expect(text).toContain("Good");
    expect(text).toContain('"error"');
    expect(world.attempts.at(-1)).toMatchObject({ outcome: "failed", failure: "stream-broken" });
  });

  test("has its pings answered, and must show a key", async () => {
    const world = await startRelay();
    const page = await connect(world);
    page.send({ id: "1", type: "ping" });
    await until(() => page.seen.length > 0);
    expect(page.seen[0]).toEqual({ id: "1", type: "pong" });
    expect(openPage(`${world.server.url}/v1/ws?auth_token=wrong`, answerWhole)).rejects.toThrow();
    expect(openPage(`${world.server.url}/v1/ws`, answerWhole)).rejects.toThrow();
    const wrong = await fetch(`${world.server.url}/v1/ws`, { method: "POST", headers: { upgrade: "websocket", connection: "upgrade" } });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET"]);
  });

  test("may come without a key if the operator says so, until he says otherwise", async () => {
    const world = await startRelay({ "ws-auth": false });
    const page = await openPage(`${world.server.url}/v1/ws`, answerWhole);
    await until(() => pages(world) === 1);
    world.gateway.reload({ ...world.config, "ws-auth": true });
    expect(await page.closed).toBe(1000);
    await until(() => pages(world) === 0);
  });
});
