// What the tests of this dialect share: a world, short ways through it, and the strictness of OpenAI's SDK.
import { ResponseFold, unfold, type GenerateEvent, type GenerateRequest, type GenerateResponse, type Json, type JsonObject } from "../../canonical/index.ts";
import type { Capabilities, ClientTraits, TranslationPolicy } from "../../capabilities.ts";
import type { Exchange } from "../../exchange.ts";
import { createTestWorld, type TestWorld } from "../../testing/exchange.ts";
import { SseReader } from "../../wire/sse.ts";
import { openaiChat } from "./index.ts";

export interface ChatWorld extends TestWorld {
  decode(body: JsonObject): GenerateRequest;
  /** An exchange of this request with a chat upstream; a lone user message unless told. */
  chat(request?: Partial<GenerateRequest>, options?: ExchangeOptions): Exchange;
}

export interface ExchangeOptions {
  readonly capabilities?: Capabilities;
  readonly policy?: Partial<TranslationPolicy>;
  readonly upstreamModel?: string;
}

const VENDORS = [openaiChat, { vendor: "google", recognisesSeal: () => false }, { vendor: "anthropic", recognisesSeal: () => false }];

export function chatWorld(client: ClientTraits = {}): ChatWorld {
  const world = createTestWorld(VENDORS, { client });
  return {
    ...world,
    decode: (body) => openaiChat.decodeRequest({ path: "/v1/chat/completions", query: { get: () => null }, headers: { get: () => null }, body }, world.context),
    chat: (request, options) => world.exchange(canonical(request), openaiChat, options),
  };
}

/** A request that came in no dialect of ours, unless told. */
export function canonical(request: Partial<GenerateRequest> = {}): GenerateRequest {
  return { dialect: "elsewhere", model: "m", stream: false, framing: "sse", messages: [{ role: "user", parts: [{ kind: "text", text: "hi" }] }], tools: [], sampling: {}, residue: {}, ...request };
}

/** The events that a chat upstream's SSE text decodes to. */
export function decodeStream(sse: string, exchange: Exchange, truncated = false): GenerateEvent[] {
  const events: GenerateEvent[] = [];
  const decoder = openaiChat.createStreamDecoder(exchange, (event) => events.push(event));
  const reader = new SseReader((frame) => decoder.push(frame));
  reader.push(sse);
  decoder.end(reader.end() || truncated);
  return events;
}

export function foldEvents(events: readonly GenerateEvent[]): GenerateResponse {
  const fold = new ResponseFold();
  for (const event of events) fold.push(event);
  return fold.response();
}

/** SSE text of chunks with these choices and members. */
export function chunks(...list: readonly JsonObject[]): string {
  return list.map((chunk) => `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "up", ...chunk })}\n\n`).join("");
}

export function delta(value: JsonObject, finish: string | null = null, index = 0): JsonObject {
  return { choices: [{ index, delta: value, finish_reason: finish }] };
}

export const DONE = "data: [DONE]\n\n";

/** What the encoder writes for these events, each write apart. */
export function writesOf(events: readonly GenerateEvent[], exchange: Exchange): string[] {
  const writes: string[] = [];
  const encoder = openaiChat.createStreamEncoder(exchange, (text) => writes.push(text));
  for (const event of events) encoder.push(event);
  return writes;
}

export function eventsOf(response: GenerateResponse): GenerateEvent[] {
  const events: GenerateEvent[] = [];
  unfold(response, (event) => events.push(event));
  return events;
}

/** Parsed chunks; throws where a write is not exactly one event of data. */
export function chunksOf(writes: readonly string[]): JsonObject[] {
  return writes.filter((text) => text !== DONE).map((text) => {
    const match = /^data: (\{[^\n]*\})\n\n$/.exec(text);
    if (match === null) throw new Error(`not one event of data: ${text}`);
    return JSON.parse(match[1] ?? "") as JsonObject;
  });
}

interface FoldedChoice {
  role?: string;
  content: string;
  refusal: string;
  reasoning: string;
  finish?: string;
  calls: { id: string; type: string; name: string; text: string; extra?: Json }[];
}

/** Folds chunks as strictly as `chat.completions.stream` of the OpenAI SDK does, and stumbles over what it stumbles over. */
export function foldStrictly(writes: readonly string[]): FoldedChoice[] {
  if (writes.at(-1) !== DONE) throw new Error("the stream does not end with [DONE]");
  const choices: FoldedChoice[] = [];
  for (const chunk of chunksOf(writes)) {
    for (const choice of chunk.choices as readonly JsonObject[]) {
      const folded = (choices[choice.index as number] ??= { content: "", refusal: "", reasoning: "", calls: [] });
      if (folded.finish !== undefined) throw new Error("a chunk after the finish");
      foldDelta(folded, choice.delta as JsonObject);
      if (choice.finish_reason !== null) folded.finish = choice.finish_reason as string;
    }
  }
  for (const choice of choices) {
    if (choice.role === undefined || choice.finish === undefined) throw new Error("no role or no finish");
  }
  return choices;
}

function foldDelta(folded: FoldedChoice, delta: JsonObject): void {
  if (delta.role !== undefined) {
    if (folded.role !== undefined) throw new Error("the role was told twice");
    folded.role = delta.role as string;
  }
  folded.content += (delta.content as string | undefined) ?? "";
  folded.refusal += (delta.refusal as string | undefined) ?? "";
  folded.reasoning += (delta.reasoning_content as string | undefined) ?? "";
  for (const call of (delta.tool_calls ?? []) as readonly JsonObject[]) foldCall(folded, call);
}

function foldCall(folded: FoldedChoice, call: JsonObject): void {
  const index = call.index as number;
  const body = (call.function ?? call.custom ?? {}) as JsonObject;
  const known = folded.calls[index];
  if (known === undefined) {
    if (index !== folded.calls.length) throw new Error(`call ${index} after ${folded.calls.length} calls`);
    if (typeof call.id !== "string" || typeof call.type !== "string" || typeof body.name !== "string") throw new Error("a call without id, type or name");
    folded.calls.push({ id: call.id, type: call.type, name: body.name, text: (body.arguments ?? body.input ?? "") as string, ...(call.extra_content !== undefined && { extra: call.extra_content }) });
    return;
  }
  if (call.id !== undefined || call.type !== undefined || body.name !== undefined) throw new Error("a call's head was told twice");
  known.text += (body.arguments ?? body.input ?? "") as string;
  if (call.extra_content !== undefined) known.extra = call.extra_content;
}
