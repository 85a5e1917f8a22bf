import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** Messages of a page about one request, made into a Response. Nothing is dropped: what nobody reads yet waits. */
export class RelayedReply {
  readonly response: Promise<Response>;
  readonly #encoder = new TextEncoder();
  #resolve: (response: Response) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isOver = false;

  constructor() {
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** @returns `over` after the last message that matters */
  take(type: string, payload: JsonObject | undefined): "over" | "more" {
    if (this.#isOver) return "over";
    switch (type) {
      case "http_response":
        return this.#whole(payload);
      case "stream_start":
        this.#begin(payload);
        return "more";
      case "stream_chunk":
        this.#begin(undefined);
        this.#stream?.enqueue(this.#encoder.encode(textAt(payload, "data")));
        return "more";
      case "stream_end":
        this.#begin(undefined);
        this.#isOver = true;
        this.#stream?.close();
        return "over";
      case "error":
        return this.#error(payload);
      default:
        return "more";
    }
  }

  /** It ends here. */
  fail(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const error = new Error(reason);
    if (this.#stream === undefined) this.#reject(error);
    else this.#stream.error(error);
  }

  /** A whole answer where a stream was begun is its last piece. */
  #whole(payload: JsonObject | undefined): "over" {
    const body = textAt(payload, "body");
    this.#isOver = true;
    if (this.#stream === undefined) {
      this.#resolve(payload === undefined ? new Response("the page sent an empty answer", { status: 502 }) : new Response(body, { status: statusOf(payload), headers: headersOf(payload) }));
    } else {
      this.#stream.enqueue(this.#encoder.encode(body));
      this.#stream.close();
    }
    return "over";
  }

  #begin(payload: JsonObject | undefined): void {
    if (this.#stream !== undefined) return;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#stream = controller;
      },
      cancel: () => {
        this.#isOver = true;
      },
    });
    const headers = headersOf(payload);
    if (!headers.has("content-type")) headers.set("content-type", "text/event-stream");
    this.#resolve(new Response(body, { status: statusOf(payload), headers }));
  }

  #error(payload: JsonObject | undefined): "over" {
    const message = textAt(payload, "error") || "the page could not make the request";
    if (this.#stream !== undefined) {
      this.fail(message);
      return "over";
    }
    this.#isOver = true;
    const status = statusOf(payload, 502);
    this.#resolve(Response.json({ error: { code: status, message, status: "UNAVAILABLE" } }, { status: status < 400 ? 502 : status }));
    return "over";
  }
}

function statusOf(payload: JsonObject | undefined, absent = 200): number {
  const status = Number(payload?.status ?? absent);
  return status >= 200 && status <= 599 ? status : absent;
}

/** Values are a text, or a list of texts. Those that describe the transport of the page's own call do not hold here. */
function headersOf(payload: JsonObject | undefined): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(isJsonObject(payload?.headers) ? payload.headers : {})) {
    if (LEFT_OUT.has(name.toLowerCase())) continue;
    for (const each of Array.isArray(value) ? (value as readonly Json[]) : [value]) if (typeof each === "string") trySet(headers, name, each);
  }
  return headers;
}

const LEFT_OUT: ReadonlySet<string> = new Set(["content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"]);

function trySet(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, value);
  } catch {
    // A page may send what is no header; the answer counts.
  }
}

function textAt(payload: JsonObject | undefined, name: string): string {
  const value = payload?.[name];
  return typeof value === "string" ? value : "";
}
