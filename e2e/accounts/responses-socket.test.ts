import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Act, type Question, type Simulator, type Trouble } from "@dragoman/gateway/testing";
import { CLIENT_KEY, listen } from "../kit/running.ts";
import { startServedWorld, type ServedWorld } from "./kit/served.ts";

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** A gateway before one simulated provider that speaks plain chat. */
async function startChat(script: (question: Question) => Act | Trouble): Promise<{ readonly world: ServedWorld; readonly upstream: Simulator }> {
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "openai-chat");
  if (simulated === undefined) throw new Error("no simulated provider");
  const upstream = createSimulator(simulated.dialect, simulated.vendor, script);
  const place = listen((request) => upstream.fetch(request));
  const world = await startServedWorld({ config: { "openai-compatibility": [{ name: "sim", "base-url": `${place.origin}/v1`, "api-key-entries": [{ "api-key": "sk-sim" }], models: [{ name: "sim-chat" }] }] } });
  open.push(world, place);
  return { world, upstream };
}

/** Bun's own takes headers, as clients that are no browsers send them. */
const BunWebSocket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => WebSocket;

interface Line {
  readonly events: Event[];
  readonly closed: Promise<number>;
  send(frame: unknown): void;
  /** Everything from now on, up to an event of one of these types. */
  until(...types: readonly string[]): Promise<Event[]>;
}

function call(world: ServedWorld, path = "/v1/responses", key = CLIENT_KEY): Promise<Line> {
  const socket = new BunWebSocket(world.server.url.replace(/^http/, "ws") + path, { headers: { authorization: `Bearer ${key}` } });
  const events: Event[] = [];
  let read = 0;
  socket.addEventListener("message", ({ data }) => void events.push(JSON.parse(String(data)) as Event));
  const line: Line = {
    events,
    closed: new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code))),
    send: (frame) => void socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    async until(...types) {
      for (;;) {
        const at = events.findIndex(({ type }, place) => place >= read && types.includes(type));
        if (at >= 0) {
          const part = events.slice(read, at + 1);
          read = at + 1;
          return part;
        }
        await Bun.sleep(2);
      }
    },
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(line));
    socket.addEventListener("error", () => reject(new Error("not let in")));
  });
}

/** Of a request that the provider saw. */
const messagesOf = (upstream: Simulator, at: number): readonly { readonly role: string; readonly content: unknown }[] => (upstream.seen[at]?.body as { messages: { role: string; content: unknown }[] }).messages;

const user = (text: string): unknown => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const textOf = (events: readonly Event[]): string => events.filter(({ type }) => type === "response.output_text.delta").map(({ delta }) => String(delta)).join("");
const responseOf = (events: readonly Event[]): Record<string, unknown> => events.at(-1)?.response as Record<string, unknown>;

describe("the Responses API over a websocket", () => {
  test("a turn is a frame, an event is a frame, and a later turn needs only what is new", async () => {
    const { world, upstream } = await startChat(() => ({ text: "Good day" }));
    const line = await call(world);
    line.send({ type: "response.create", model: "sim-chat", store: false, instructions: "Be brief.", input: [user("Hello")] });
    const first = await line.until("response.completed");
    expect(first[0]?.type).toBe("response.created");
    expect(textOf(first)).toBe("Good day");
    line.send({ type: "response.create", model: "sim-chat", store: false, instructions: "Be brief.", previous_response_id: responseOf(first).id, input: [user("And again")] });
    await line.until("response.completed");
    const messages = messagesOf(upstream, 1);
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  });

  test("`response.append` goes on with the same model and instructions", async () => {
    const { world, upstream } = await startChat(() => ({ text: "Good day" }));
    const line = await call(world, "/backend-api/codex/responses");
    line.send({ type: "response.create", model: "sim-chat", instructions: "Be brief.", input: [user("Hello")] });
    await line.until("response.completed");
    line.send({ type: "response.append", input: [user("More")] });
    await line.until("response.completed");
    expect(upstream.seen[1]?.body).toMatchObject({ model: "sim-chat" });
    expect(messagesOf(upstream, 1).length).toBe(4);
  });

  test("a client that sends its own record of the conversation is believed", async () => {
    const { world, upstream } = await startChat(() => ({ text: "Good day" }));
    const line = await call(world);
    line.send({ type: "response.create", model: "sim-chat", input: [user("Hello")] });
    const first = await line.until("response.completed");
    line.send({ type: "response.create", model: "sim-chat", previous_response_id: responseOf(first).id, input: [user("Other beginning"), { type: "message", role: "assistant", content: [{ type: "output_text", text: "Yes" }] }, user("Now")] });
    await line.until("response.completed");
    expect(messagesOf(upstream, 1).map(({ content }) => JSON.stringify(content)).join()).not.toContain("Hello");
  });

  test("a first frame that generates nothing is answered here", async () => {
    const { world, upstream } = await startChat(() => ({ text: "Good day" }));
    const line = await call(world);
    line.send({ type: "response.create", model: "sim-chat", generate: false, instructions: "Be brief.", input: [] });
    const warm = await line.until("response.completed");
    expect(String(responseOf(warm).id)).toStartWith("resp_prewarm_");
    expect(upstream.seen).toHaveLength(0);
    line.send({ type: "response.create", model: "sim-chat", previous_response_id: responseOf(warm).id, input: [user("Hello")] });
    expect(textOf(await line.until("response.completed"))).toBe("Good day");
  });

  const refused: readonly (readonly [string, unknown, number, string])[] = [
    ["no JSON", "{", 400, "no JSON object"],
    ["another type", { type: "session.update" }, 400, "unsupported websocket request type: session.update"],
    ["append before create", { type: "response.append", input: [] }, 400, "websocket request received before response.create"],
    ["no model", { type: "response.create", input: [] }, 400, "missing model in response.create request"],
    ["an answer of another socket", { type: "response.create", model: "sim-chat", previous_response_id: "resp_1", input: [] }, 409, "previous response not available, resend full input"],
  ];
  for (const [name, frame, status, message] of refused) {
    test(`refused: ${name}`, async () => {
      const { world } = await startChat(() => ({ text: "Good day" }));
      const line = await call(world);
      line.send(frame);
      const [event] = await line.until("error");
      expect(event).toMatchObject({ type: "error", status, error: { message: expect.stringContaining(message) } });
      expect(await line.closed).toBe(1008);
    });
  }

  test("an upstream's refusal is told with its status, and the client had better connect anew", async () => {
    const { world } = await startChat(() => ({ trouble: "refuse", status: 429, message: "slow down", headers: { "retry-after": "7" } }));
    const line = await call(world);
    line.send({ type: "response.create", model: "sim-chat", input: [user("Hello")] });
    const events = await line.until("error");
    expect(events.at(-1)).toMatchObject({ status: 429, headers: { "retry-after": "7" } });
    expect(await line.closed).toBe(1013);
  });

  test("needs a client key, and a client that leaves cancels its turn", async () => {
    const { world, upstream } = await startChat(() => ({ trouble: "stall", afterEvents: 2, act: { text: "Good day to you" } }));
    expect(call(world, "/v1/responses", "wrong")).rejects.toThrow();
    const line = await call(world);
    line.send({ type: "response.create", model: "sim-chat", input: [user("Hello")] });
    await line.until("response.output_text.delta");
    await world.server.stop(0);
    while (upstream.seen[0]?.aborted !== true) await Bun.sleep(2);
  });
});
