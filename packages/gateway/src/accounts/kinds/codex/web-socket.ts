import { isJsonObject, sseFrame, type JsonObject } from "@dragoman/core";
import type { AccountRequest } from "../../../credentials/credential-account.ts";
import type { UpstreamFetch, UpstreamRequestInit, WebSocketInit } from "../../../ports.ts";
import type { RequestVisit } from "../../account-kind.ts";
import type { ShelvedSocket, SocketShelf } from "../../socket-shelf.ts";
import { readFrame, saidAfter, turnFrame, type Said } from "./turn-frames.ts";

const BETA = "responses_websockets=2026-02-06";
/** What a Codex that is our client says of its connection. */
const OF_CLIENT = ["x-codex-turn-state", "x-responsesapi-include-timing-metrics"];
const TOO_BIG = 1009;

type Line = ShelvedSocket<Said>;

/**
 * In place of the network, for clients that keep a conversation on one connection (the gateway's door says so in
 * `x-dragoman-transport`) and accounts with `websockets: true`: a websocket of the conversation's own, which lasts from
 * turn to turn. Where the vendor opens none (426 and anything else), the request goes over HTTP, which tells why.
 */
export function overWebSocket({ values, sockets }: RequestVisit, network: UpstreamFetch, { clientHeaders, path, streamed }: AccountRequest): UpstreamFetch | undefined {
  const name = clientHeaders.get("x-dragoman-transport");
  if (values.websockets !== "true" || sockets === undefined || name?.startsWith("websocket ") !== true || !streamed || path !== "/responses") return undefined;
  return (url, init) => new Conversation({ sockets, name, network, clientHeaders }, url, init).turn();
}

interface Surroundings {
  readonly sockets: SocketShelf;
  readonly name: string;
  readonly network: UpstreamFetch;
  readonly clientHeaders: Headers;
}

/** One turn of one conversation. */
class Conversation {
  readonly #around: Surroundings;
  readonly #url: string;
  readonly #init: UpstreamRequestInit;
  readonly #dialInit: WebSocketInit;
  readonly #body: JsonObject;

  constructor(around: Surroundings, url: string, init: UpstreamRequestInit) {
    this.#around = around;
    this.#url = url.replace(/^http/, "ws");
    this.#init = init;
    this.#body = JSON.parse(String(init.body)) as JsonObject;
    const given: Record<string, string> = init.headers instanceof Headers ? Object.fromEntries(init.headers.entries()) : init.headers;
    const { "content-type": _type, accept: _accept, ...headers } = given;
    const beta = around.clientHeaders.get("openai-beta");
    headers["openai-beta"] = beta?.includes("responses_websockets=") === true ? beta : BETA;
    for (const header of OF_CLIENT) {
      const value = around.clientHeaders.get(header);
      if (value !== null) headers[header] = value;
    }
    this.#dialInit = { headers, ...(init.signal !== undefined && { signal: init.signal }), ...(init.proxyUrl !== undefined && { proxyUrl: init.proxyUrl }) };
  }

  async turn(): Promise<Response> {
    const { sockets, name } = this.#around;
    const line = await sockets.take<Said>(name, this.#url, this.#dialInit);
    if (line === undefined) return this.#overHttp();
    const reply = await this.#say(line);
    if (reply !== "again") return reply;
    // The socket was gone, or had served long enough: once more on a new one, and then no more.
    const fresh = await sockets.dial<Said>(this.#url, this.#dialInit);
    const second = fresh === undefined ? "again" : await this.#say(fresh);
    return second === "again" ? this.#overHttp() : second;
  }

  #overHttp(): Promise<Response> {
    return this.#around.network(this.#url.replace(/^ws/, "http"), this.#init);
  }

  /** `again`: nothing was answered, and another socket may answer. */
  #say(line: Line): Promise<Response | "again"> {
    const { text, continues } = turnFrame(this.#body, line.memory);
    return new Promise((resolve) => new Listener({ line, resolve, continues, signal: this.#init.signal, body: this.#body, done: () => this.#around.sockets.putBack(this.#around.name, this.#url, this.#dialInit, line) }).begin(text));
  }
}

interface ListenerOptions {
  readonly line: Line;
  readonly body: JsonObject;
  /** Only what is new was sent. */
  readonly continues: boolean;
  readonly signal: AbortSignal | undefined;
  resolve(reply: Response | "again"): void;
  /** The turn is over, and the socket free for the next. */
  done(): void;
}

/** Makes an event stream of the frames that answer a turn. */
class Listener {
  readonly #options: ListenerOptions;
  readonly #output: JsonObject[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isOver = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  begin(text: string): void {
    const { line: { socket }, signal } = this.#options;
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code }) => this.#closed(code);
    signal?.addEventListener("abort", this.#left, { once: true });
    if (signal?.aborted === true) return this.#left();
    try {
      socket.send(text);
    } catch {
      this.#closed(1006);
    }
  }

  #heard(data: unknown): void {
    const frame = readFrame(data);
    if (this.#isOver) return;
    if (frame.type === "broken") return this.#left();
    if (frame.type === "refusal") return this.#refused(frame.status, frame.error, frame.headers);
    const { event, ends } = frame;
    if (event.type === "response.output_item.done" && isJsonObject(event.item)) this.#output.push(event.item);
    this.#tell(event);
    if (!ends) return;
    const { line, body, done } = this.#options;
    line.memory = event.type === "response.completed" && isJsonObject(event.response) ? saidAfter(body, event.response, this.#output) : undefined;
    this.#end();
    done();
  }

  #tell(event: JsonObject): void {
    if (this.#stream === undefined) {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => void (this.#stream = controller),
        cancel: () => {
          this.#stream = undefined;
          this.#left();
        },
      });
      this.#options.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
    }
    this.#stream?.enqueue(new TextEncoder().encode(sseFrame(JSON.stringify(event), String(event.type))));
  }

  #refused(status: number, error: JsonObject, headers: Record<string, string>): void {
    const { line, continues, resolve, done } = this.#options;
    line.memory = undefined;
    if (this.#stream !== undefined) {
      this.#tell({ type: "error", error });
      this.#end();
      line.socket.close();
      return;
    }
    const isWornOut = error.code === "websocket_connection_limit_reached";
    this.#end();
    if (isWornOut || (continues && error.code === "previous_response_not_found")) {
      line.socket.close();
      resolve("again");
      return;
    }
    resolve(Response.json({ error }, { status, headers }));
    done();
  }

  #closed(code: number): void {
    if (this.#isOver) return;
    const isTooBig = code === TOO_BIG;
    const error = { message: "The request is too large for the vendor's websocket.", type: "invalid_request_error", code: "message_too_big" };
    if (this.#stream !== undefined && isTooBig) this.#tell({ type: "error", error });
    this.#end();
    this.#options.resolve(isTooBig ? Response.json({ error }, { status: 413 }) : "again");
  }

  /** The client hung up, or the vendor speaks in bytes: the socket is of no more use. */
  readonly #left = (): void => {
    if (this.#isOver) return;
    this.#end();
    this.#options.line.socket.close();
    this.#options.resolve("again");
  };

  #end(): void {
    const { line: { socket }, signal } = this.#options;
    this.#isOver = true;
    socket.onmessage = null;
    socket.onclose = null;
    signal?.removeEventListener("abort", this.#left);
    this.#stream?.close();
  }
}
