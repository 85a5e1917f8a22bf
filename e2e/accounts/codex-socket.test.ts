import { afterEach, describe, expect, test } from "bun:test";
import { dialWebSocket } from "../../packages/server/src/host/dial-web-socket.ts";
import { serve } from "../../packages/server/src/host/serve.ts";
import { CLIENT_KEY, type Listening } from "../kit/running.ts";
import { ACCOUNT_ID, complaint, startCodexVendor, type CodexVendor } from "./kit/codex-vendor.ts";

const user = (text: string): Record<string, unknown> => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const said = (text: string): Record<string, unknown> => ({ type: "message", id: "msg_1", role: "assistant", status: "completed", content: [{ type: "output_text", text, annotations: [] }] });

type Frame = Record<string, unknown>;

interface SocketVendor extends Listening {
  /** Upgrades that were let in. */
  readonly opened: Headers[];
  readonly frames: Frame[];
  /** Resolves when a socket is closed. */
  readonly left: Promise<void>;
  /** What is sent for a turn; a number closes with that code. The usual answer where it gives none. */
  script: ((turn: number, frame: Frame) => readonly (Frame | number)[] | undefined) | undefined;
  /** Status with which upgrades are refused. */
  refuses: number | undefined;
  http: ((request: Request) => Response | Promise<Response>) | undefined;
}

function startSocketVendor(): SocketVendor {
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const vendor: SocketVendor = { origin: "", close: () => server.stop(true), left, opened: [], frames: [], script: undefined, refuses: undefined, http: undefined };
  const usual = (turn: number): readonly Frame[] => [
    { type: "response.created", response: { id: `resp_${turn}`, status: "in_progress" } },
    { type: "response.output_item.added", output_index: 0, item: { ...said(""), content: [] } },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, item_id: "msg_1", delta: `Answer ${turn}` },
    { type: "response.output_item.done", output_index: 0, item: said(`Answer ${turn}`) },
    { type: "response.done", response: { id: `resp_${turn}`, object: "response", status: "completed", model: "gpt-5.5", output: [], usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } } },
  ];
  const server = Bun.serve<{ headers: Headers }, never>({
    port: 0, hostname: "127.0.0.1",
    fetch(request, self) {
      if (request.headers.get("upgrade") !== "websocket") return vendor.http?.(request) ?? new Response("no", { status: 500 });
      if (vendor.refuses !== undefined) return new Response("no", { status: vendor.refuses });
      const isRight = new URL(request.url).pathname === "/responses" && request.headers.get("openai-beta") === "responses_websockets=2026-02-06" && request.headers.get("chatgpt-account-id") === ACCOUNT_ID;
      if (!isRight || !self.upgrade(request, { data: { headers: request.headers } })) return new Response("no", { status: 400 });
      vendor.opened.push(request.headers);
      return undefined as unknown as Response;
    },
    websocket: {
      close: () => leave(),
      message(socket, text) {
        const frame = JSON.parse(String(text)) as Frame;
        vendor.frames.push(frame);
        const { type, previous_response_id: _previous, ...body } = frame;
        const problem = type === "response.create" ? complaint(new Request("http://x", { method: "POST", headers: { ...Object.fromEntries(socket.data.headers), "content-type": "application/json" } }), body) : "type";
        const turn = vendor.frames.length;
        const answer = vendor.script?.(turn, frame) ?? (problem === undefined ? usual(turn) : [{ type: "error", status: 400, error: { message: problem, type: "invalid_request_error" } }]);
        for (const each of answer) {
          if (typeof each === "number") socket.close(each);
          else socket.send(JSON.stringify(each));
        }
      },
    },
  });
  Object.assign(vendor, { origin: server.url.origin });
  return vendor;
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Speaking {
  readonly codex: CodexVendor;
  readonly vendor: SocketVendor;
  /** A turn of a conversation, as the gateway's websocket door asks for it. */
  turn(input: readonly unknown[], transport?: string): Promise<Response>;
}

async function start(websockets = true): Promise<Speaking> {
  const vendor = startSocketVendor();
  const codex = await startCodexVendor({ settings: { "base-url": vendor.origin }, content: { websockets } });
  open.push(codex.world, codex.issuer, codex.api, vendor);
  const turn = (input: readonly unknown[], transport = "websocket conversation-1"): Promise<Response> =>
    codex.world.ask("/v1/responses", { model: "gpt-5.5", stream: true, input }, { "x-dragoman-transport": transport });
  return { codex, vendor, turn };
}

const events = async (reply: Response): Promise<Frame[]> => (await reply.text()).split("\n").filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)) as Frame);

describe("a conversation over the vendor's websocket", () => {
  test("keeps one socket, and later turns say only what is new", async () => {
    const { turn, vendor } = await start();
    const first = await events(await turn([user("One")]));
    expect(first.map(({ type }) => type)).toEqual(["response.created", "response.output_item.added", "response.output_text.delta", "response.output_item.done", "response.completed"]);
    expect(first.at(-1)).toMatchObject({ response: { output: [said("Answer 1")] } });
    const { status: _status, ...again } = said("Answer 1");
    await events(await turn([user("One"), again, user("Two")]));
    expect(vendor.opened).toHaveLength(1);
    expect(vendor.frames[0]).toMatchObject({ type: "response.create", stream: true, input: [user("One")] });
    expect(vendor.frames[0]).not.toHaveProperty("previous_response_id");
    expect(vendor.frames[1]).toMatchObject({ previous_response_id: "resp_1", input: [user("Two")] });
  });

  test("says everything when the history is another, and takes another socket for another conversation", async () => {
    const { turn, vendor } = await start();
    await events(await turn([user("One")]));
    await events(await turn([user("Another"), user("Two")]));
    await events(await turn([user("One")], "websocket conversation-2"));
    expect(vendor.frames.map(({ input }) => (input as unknown[]).length)).toEqual([1, 2, 1]);
    expect(vendor.opened).toHaveLength(2);
  });

  test("an error frame is a status, with its headers and times", async () => {
    const { turn, vendor, codex } = await start();
    vendor.script = () => [{ type: "error", status_code: 429, body: { error: { type: "usage_limit_reached", message: "used up", resets_at: codex.clock.now() / 1000 + 90 } } }];
    const reply = await turn([user("One")]);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "90"]);
  });

  test("a worn-out socket, and one that was closed meanwhile, are replaced once, at once", async () => {
    const { turn, vendor } = await start();
    vendor.script = (at) => (at === 1 ? [{ type: "error", status: 400, error: { code: "websocket_connection_limit_reached", message: "60 minutes" } }] : at === 3 ? [1001] : undefined);
    expect((await turn([user("One")])).status).toBe(200);
    expect((await turn([user("One"), said("Answer 2"), user("Two")])).status).toBe(200);
    expect(vendor.opened).toHaveLength(3);
    expect(vendor.frames[3]).toMatchObject({ input: [user("One"), said("Answer 2"), user("Two")] });
  });

  test("a vendor that forgot what was said is told all of it", async () => {
    const { turn, vendor } = await start();
    await events(await turn([user("One")]));
    vendor.script = (at) => (at === 2 ? [{ type: "error", status: 400, error: { code: "previous_response_not_found", message: "not found" } }] : undefined);
    expect((await turn([user("One"), said("Answer 1"), user("Two")])).status).toBe(200);
    expect(vendor.frames[2]).not.toHaveProperty("previous_response_id");
  });

  test("a request that is too large is the request's matter", async () => {
    const { turn, vendor } = await start();
    vendor.script = (at) => (at === 1 ? [1009] : undefined);
    const reply = await turn([user("One")]);
    expect([reply.status, ((await reply.json()) as { error: { type: string } }).error.type]).toEqual([413, "invalid_request_error"]);
    expect((await turn([user("Two")])).status).toBe(200);
  });

  test("where the vendor opens no socket the request goes over HTTP, and so it does without the account's consent", async () => {
    const refused = await start();
    refused.vendor.refuses = 426;
    refused.vendor.http = (request) => refused.codex.upstream.fetch(request);
    expect((await events(await refused.turn([user("One")]))).at(-1)?.type).toBe("response.completed");
    const plain = await start(false);
    plain.vendor.http = (request) => plain.codex.upstream.fetch(request);
    expect((await plain.turn([user("One")])).status).toBe(200);
    expect(plain.vendor.opened).toEqual([]);
  });

  test("a client that leaves takes the vendor's socket with it", async () => {
    const { turn, vendor } = await start();
    vendor.script = () => [{ type: "response.created", response: { id: "resp_1" } }, { type: "response.output_text.delta", delta: "An" }];
    const reader = (await turn([user("One")])).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await vendor.left;
    vendor.script = undefined;
    expect((await turn([user("One")])).status).toBe(200);
    expect(vendor.opened).toHaveLength(2);
  });

  test("an answer that breaks off is told as such", async () => {
    const { turn, vendor } = await start();
    vendor.script = (turnAt) => [{ type: "response.created", response: { id: `resp_${turnAt}` } }, { type: "response.output_text.delta", delta: "An" }, 1001];
    expect((await events(await turn([user("One")]))).at(-1)).toMatchObject({ type: "response.failed" });
  });
});

test("a client's websocket goes all the way", async () => {
  const { codex, vendor } = await start();
  const { gateway, config } = codex.world;
  const server = serve({ gateway, site: () => undefined, hostname: "127.0.0.1", port: 0, maxBodyBytes: config.limits["max-body-bytes"] });
  open.push({ origin: server.url, close: () => server.stop(0) });
  const client = new WebSocket(`${server.url.replace(/^http/, "ws")}/v1/responses`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } } as unknown as string[]);
  const ask = (frame: Frame): Promise<Frame> => new Promise((resolve) => {
    client.onmessage = ({ data }) => {
      const event = JSON.parse(String(data)) as Frame;
      if (event.type === "response.completed" || event.type === "error") resolve(event);
    };
    client.send(JSON.stringify({ type: "response.create", ...frame }));
  });
  await new Promise((resolve) => (client.onopen = resolve));
  const first = await ask({ model: "gpt-5.5", input: [user("One")] });
  const second = await ask({ previous_response_id: (first.response as Frame).id, input: [user("Two")] });
  client.close();
  expect([first.type, second.type, vendor.opened.length]).toEqual(["response.completed", "response.completed", 1]);
  expect(vendor.frames[1]).toMatchObject({ previous_response_id: "resp_1", input: [user("Two")] });
});

test("a socket that does not open is an error, with its reason when somebody hung up", async () => {
  const vendor = startSocketVendor();
  open.push(vendor);
  vendor.refuses = 403;
  expect(await dialWebSocket(vendor.origin.replace("http", "ws"), { headers: {} }).catch((error: unknown) => (error as Error).message)).toBe("the websocket did not open");
  const reason = new Error("hung up");
  expect(await dialWebSocket(vendor.origin.replace("http", "ws"), { headers: {}, signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).toBe(reason);
});
