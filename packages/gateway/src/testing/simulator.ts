import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { SealBook, type Act, type Question, type ReplyContext, type Script, type SeenRequest, type SimulatedDialect, type Trouble } from "./simulation.ts";

export interface SimulatorOptions {
  /** Keys that are accepted; any when absent. */
  readonly keys?: readonly string[];
  /** Pause between two events of a stream, in ms. */
  readonly eventPauseMs?: number;
}

export interface Simulator {
  fetch(request: Request): Promise<Response>;
  readonly seen: SeenRequest[];
  /** What it does from now on. */
  script: Script;
}

/** A provider that is as strict as the real one: it refuses what that would refuse, and checks every seal that comes back. */
export function createSimulator(dialect: SimulatedDialect, vendor: string, script: Script, options: SimulatorOptions = {}): Simulator {
  const seals = new SealBook(vendor);
  let count = 0;
  // Ids of two providers never meet: clients throw away a call whose id they have seen.
  const initials = dialect.id.replace(/(\w)\w*-?/g, "$1");
  const simulator: Simulator = {
    seen: [],
    script,
    async fetch(request) {
      const url = new URL(request.url);
      const key = request.headers.get("x-api-key") ?? request.headers.get("x-goog-api-key") ?? request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      if (options.keys !== undefined && !options.keys.includes(key)) return refuse(dialect, 401, `Incorrect API key provided: ${key}.`);
      const body = await readJson(request);
      if (body === undefined) return refuse(dialect, 400, "We could not parse the JSON body of your request.");
      const question = dialect.read(url.pathname, url.searchParams, request.headers, body);
      if (question === undefined) return refuse(dialect, 404, `Not found: ${url.pathname}`);
      const violations = dialect.check(body, question, seals);
      const seen: SeenRequest = { path: url.pathname, headers: request.headers, body, violations, aborted: false };
      request.signal.addEventListener("abort", () => (seen.aborted = true));
      simulator.seen.push(seen);
      const first = violations[0];
      if (first !== undefined) return refuse(dialect, 400, `${first.path}: ${first.message}`);
      const reply: ReplyContext = { model: question.model, id: (prefix) => `${prefix}sim${initials}${String(++count).padStart(12, "0")}`, seals, question };
      return respond({ dialect, question, reply, seen, pauseMs: options.eventPauseMs ?? 0 }, await simulator.script(question));
    },
  };
  return simulator;
}

interface Exchange {
  readonly dialect: SimulatedDialect;
  readonly question: Question;
  readonly reply: ReplyContext;
  readonly seen: SeenRequest;
  readonly pauseMs: number;
}

function respond(exchange: Exchange, deed: Act | Trouble): Response {
  const { dialect, question, reply } = exchange;
  if (!("trouble" in deed)) return question.streamed ? stream(exchange, dialect.events(deed, reply), "close") : Response.json(dialect.whole(deed, reply));
  switch (deed.trouble) {
    case "refuse":
      return deed.raw === undefined ? refuse(dialect, deed.status, deed.message, deed.headers) : new Response(deed.raw, { status: deed.status, ...(deed.headers !== undefined && { headers: { ...deed.headers } }) });
    case "whole-body":
      return Response.json(dialect.whole(deed.act, reply));
    case "cut":
      return stream(exchange, dialect.events(deed.act, reply).slice(0, deed.afterEvents), "close");
    case "stall":
      return stream(exchange, dialect.events(deed.act, reply).slice(0, deed.afterEvents), "hang");
    case "error-event":
      return stream(exchange, [...dialect.events(deed.act, reply).slice(0, deed.afterEvents), dialect.errorEvent(deed.message)], "close");
    case "bad-json":
      return stream(exchange, [...dialect.events(deed.act, reply).slice(0, deed.afterEvents), "data: {\"broken\": \n\n"], "close");
  }
}

function stream({ seen, pauseMs }: Exchange, events: readonly string[], then: "close" | "hang"): Response {
  const encoder = new TextEncoder();
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const event = events[next++];
      if (event !== undefined) {
        if (pauseMs > 0 && next > 1) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        controller.enqueue(encoder.encode(event));
      } else if (then === "close") controller.close();
      else await new Promise(() => undefined);
    },
    cancel() {
      seen.aborted = true;
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function refuse(dialect: SimulatedDialect, status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(dialect.refusal(status, message), { status, headers: { ...headers } });
}

async function readJson(request: Request): Promise<JsonObject | undefined> {
  try {
    const value = (await request.json()) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
