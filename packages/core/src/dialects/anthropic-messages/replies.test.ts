// Answers and streams, as an upstream (decode) and as a server (encode).
import { describe, expect, test } from "bun:test";
import { ResponseFold, unfold, type Candidate, type GenerateEvent, type GenerateRequest, type GenerateResponse, type JsonObject, type Part, type Seal, type Usage } from "../../canonical/index.ts";
import type { Capabilities, ClientTraits } from "../../capabilities.ts";
import { createTestWorld, type TestWorld } from "../../testing/exchange.ts";
import { SseReader, type Frame } from "../../wire/sse.ts";
import { anthropicMessages } from "./index.ts";

const VENDORS = [anthropicMessages, { vendor: "openai", recognisesSeal: () => false }, { vendor: "google", recognisesSeal: () => false }];
const world = (client: ClientTraits = {}) => createTestWorld(VENDORS, { client });

const REQUEST: GenerateRequest = { dialect: "anthropic-messages", model: "alias", stream: true, framing: "sse", messages: [{ role: "user", parts: [{ kind: "text", text: "hello" }] }], tools: [], sampling: {}, residue: {} };
const FOREIGN_REQUEST: GenerateRequest = { ...REQUEST, dialect: "elsewhere" };
const elsewhere = { ...anthropicMessages, id: "elsewhere", vendor: "openai" };

/** The exchange of an upstream of this dialect. */
const upstream = (request = FOREIGN_REQUEST, capabilities: Capabilities = {}, at = world()) => at.exchange(request, anthropicMessages, { capabilities, upstreamModel: "claude-opus-5" });
/** The exchange of a client of this dialect before a foreign upstream. */
const client = (at: TestWorld = world()) => at.exchange(REQUEST, elsewhere);

function decodeStream(frames: readonly (Frame | object)[], exchange = upstream(), ending: "closed" | "cut" = "closed") {
  const events: GenerateEvent[] = [];
  const decoder = anthropicMessages.createStreamDecoder(exchange, (event) => void events.push(event));
  for (const frame of frames) decoder.push("data" in frame ? (frame as Frame) : { event: (frame as { type: string }).type, data: JSON.stringify(frame) });
  decoder.end(ending === "cut");
  const fold = new ResponseFold();
  for (const event of events) fold.push(event);
  return { events, response: fold.response(), error: fold.error, kinds: events.map((event) => event.type) };
}

function encodeStream(events: readonly GenerateEvent[], exchange = client()) {
  let text = "";
  const encoder = anthropicMessages.createStreamEncoder(exchange, (piece) => void (text += piece));
  for (const event of events) encoder.push(event);
  return { text, frames: readFrames(text) };
}

function readFrames(text: string): { event: string; data: JsonObject }[] {
  const frames: { event: string; data: JsonObject }[] = [];
  const reader = new SseReader((frame) => void frames.push({ event: frame.event, data: JSON.parse(frame.data) as JsonObject }));
  reader.push(text);
  return frames.filter((frame) => frame.event !== "ping");
}

const response = (parts: readonly Part[], finish: Candidate["finish"] = { reason: "end" }, usage?: Usage): GenerateResponse =>
  ({ id: "chatcmpl-1", model: "gpt", candidates: [{ index: 0, parts, finish }], ...(usage !== undefined && { usage }) });

function eventsOf(answer: GenerateResponse): GenerateEvent[] {
  const events: GenerateEvent[] = [];
  unfold(answer, (event) => void events.push(event));
  return events;
}

/** What the SDK makes of a stream: blocks with their deltas put together. Throws where Claude Code would. */
function assemble(frames: readonly { event: string; data: JsonObject }[]): JsonObject & { content: JsonObject[] } {
  let message = undefined as (JsonObject & { content: Record<string, unknown>[] }) | undefined;
  let open = undefined as { index: number; input: string } | undefined;
  let ended = false;
  for (const { event, data } of frames) {
    if (event !== data.type) throw new Error(`event ${event} is not ${String(data.type)}`);
    if (ended) throw new Error("after the end");
    if (event === "message_start") {
      if (message !== undefined) throw new Error("second message_start");
      message = structuredClone(data.message) as typeof message;
      if ((data.message as { usage: JsonObject }).usage.input_tokens === undefined) throw new Error("no usage");
      continue;
    }
    if (message === undefined) throw new Error("no message_start");
    const block = message.content[data.index as number];
    const delta = data.delta as JsonObject;
    if (event === "content_block_start") {
      if (open !== undefined || data.index !== message.content.length) throw new Error("overlap or gap");
      message.content.push({ ...(data.content_block as JsonObject) });
      open = { index: data.index as number, input: "" };
    } else if (event === "content_block_delta") {
      if (open === undefined || open.index !== data.index || block === undefined) throw new Error("Content block not found");
      if (delta.type === "text_delta" && block.type === "text") block.text = String(block.text) + String(delta.text);
      else if (delta.type === "thinking_delta" && block.type === "thinking") block.thinking = String(block.thinking) + String(delta.thinking);
      else if (delta.type === "signature_delta" && block.type === "thinking") block.signature = delta.signature;
      else if (delta.type === "input_json_delta" && block.type === "tool_use") open.input += String(delta.partial_json);
      else if (delta.type === "citations_delta" && block.type === "text") block.citations = [...((block.citations as object[] | null) ?? []), delta.citation];
      else throw new Error(`${String(delta.type)} in ${String(block.type)}`);
    } else if (event === "content_block_stop") {
      if (open === undefined || open.index !== data.index || block === undefined) throw new Error("stop without start");
      if (open.input !== "") block.input = JSON.parse(open.input) as JsonObject;
      open = undefined;
    } else if (event === "message_delta") {
      if (open !== undefined || data.usage === undefined) throw new Error("message_delta too early");
      Object.assign(message, delta, { usage: { ...(message.usage as JsonObject), ...(data.usage as JsonObject) } });
    } else if (event === "message_stop") ended = true;
    else throw new Error(`unexpected ${event}`);
  }
  if (message === undefined || !ended) throw new Error("stream ended without producing a Message");
  return message as JsonObject & { content: JsonObject[] };
}

const textPart = (text: string): Part => ({ kind: "text", text });
const callPart = (callId: string, argumentsText = "{}", extra: object = {}): Part => ({ kind: "tool-call", callId, name: "f", variant: "function", argumentsText, arguments: JSON.parse(argumentsText) as JsonObject, complete: true, ...extra });
const GOOGLE: Seal = { vendor: "google", form: "thought-signature", value: "CiQB", bindsTo: "self" };
const SEALED: Seal = { vendor: "openai", form: "encrypted-content", value: "gAAAAx", bindsTo: "self" };

const USAGE = { input_tokens: 100, cache_read_input_tokens: 900, cache_creation_input_tokens: 50, output_tokens: 20, output_tokens_details: { thinking_tokens: 7 }, cache_creation: { ephemeral_5m_input_tokens: 50, ephemeral_1h_input_tokens: 0 }, service_tier: "standard" };

const CITATION: JsonObject = { type: "char_location", cited_text: "c", document_index: 0, document_title: null, file_id: null, start_char_index: 1, end_char_index: 2 };

const MESSAGE: JsonObject = {
  id: "msg_1", type: "message", role: "assistant", model: "claude-opus-5", stop_reason: "tool_use", stop_sequence: null, stop_details: null, container: null, usage: USAGE,
  content: [
    { type: "thinking", thinking: "T", signature: "EqSig" }, { type: "redacted_thinking", data: "Em" }, { type: "thinking", thinking: "", signature: "Eq2" },
    { type: "text", text: "ok", citations: [CITATION] },
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } }, { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [{ type: "web_search_result", url: "u", title: "t", encrypted_content: "E", page_age: null }] },
    { type: "fallback", from: { model: "a" }, to: { model: "b" }, trigger: { type: "refusal" } }, { type: "compaction", content: "digest", encrypted_content: null },
    { type: "tool_use", id: "toolu_1", name: "f", input: { a: 1 }, caller: { type: "direct" } }, { type: "tool_use", id: "toolu_2", name: "f", input: {} },
  ],
};

/** The message as the API streams it. */
const STREAM: object[] = [
  { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null, usage: { ...USAGE, output_tokens: 1, output_tokens_details: null } } }, { type: "ping" },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } }, { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "T" } },
  { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "EqSig" } }, { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "redacted_thinking", data: "Em" } }, { type: "content_block_stop", index: 1 },
  { type: "content_block_start", index: 2, content_block: { type: "thinking", thinking: "", signature: "" } }, { type: "content_block_delta", index: 2, delta: { type: "signature_delta", signature: "Eq2" } }, { type: "content_block_stop", index: 2 },
  { type: "content_block_start", index: 3, content_block: { type: "text", text: "" } }, { type: "content_block_delta", index: 3, delta: { type: "text_delta", text: "o" } }, { type: "content_block_delta", index: 3, delta: { type: "text_delta", text: "k" } },
  { type: "content_block_delta", index: 3, delta: { type: "citations_delta", citation: CITATION } }, { type: "content_block_stop", index: 3 },
  { type: "content_block_start", index: 4, content_block: { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} } }, { type: "content_block_delta", index: 4, delta: { type: "input_json_delta", partial_json: '{"query":' } },
  { type: "content_block_delta", index: 4, delta: { type: "input_json_delta", partial_json: '"q"}' } }, { type: "content_block_stop", index: 4 },
  { type: "content_block_start", index: 5, content_block: (MESSAGE.content as JsonObject[])[5] }, { type: "content_block_stop", index: 5 },
  { type: "content_block_start", index: 6, content_block: (MESSAGE.content as JsonObject[])[6] }, { type: "content_block_stop", index: 6 },
  { type: "content_block_start", index: 7, content_block: { type: "compaction", content: null, encrypted_content: null } }, { type: "content_block_delta", index: 7, delta: { type: "compaction_delta", content: "digest", encrypted_content: null } }, { type: "content_block_stop", index: 7 },
  { type: "content_block_start", index: 8, content_block: { type: "tool_use", id: "toolu_1", name: "f", input: {}, caller: { type: "direct" } } }, { type: "content_block_delta", index: 8, delta: { type: "input_json_delta", partial_json: "" } },
  { type: "content_block_delta", index: 8, delta: { type: "input_json_delta", partial_json: '{"a"' } }, { type: "content_block_delta", index: 8, delta: { type: "input_json_delta", partial_json: ":1}" } }, { type: "content_block_stop", index: 8 },
  { type: "content_block_start", index: 9, content_block: { type: "tool_use", id: "toolu_2", name: "f", input: {} } }, { type: "content_block_stop", index: 9 },
  { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null, stop_details: null, container: null }, usage: { input_tokens: null, output_tokens: 20, output_tokens_details: { thinking_tokens: 7 } } },
  { type: "message_stop" },
];

const start = (usage: object = { input_tokens: 1, output_tokens: 1 }) => ({ type: "message_start", message: { id: "msg_1", model: "claude-opus-5", usage } });
const stop = (reason: string) => [{ type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 3 } }, { type: "message_stop" }];
const opened = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
const closed = (index: number) => ({ type: "content_block_stop", index });

/** Parts as they are told, without source nodes. */
const bare = (parts: readonly Part[]) => parts.map(({ wire: _wire, ...part }) => part);

describe("the same dialect on both sides", () => {
  const own = () => ({ ...upstream({ ...REQUEST, dialect: "anthropic-messages" }), replyModel: "claude-opus-5" });

  test("an answer goes back as it came", () => {
    const exchange = own();
    expect<unknown>(anthropicMessages.encodeResponse(anthropicMessages.decodeResponse(MESSAGE, exchange), exchange)).toEqual(MESSAGE);
  });

  test("so does a stream, and it folds into the same answer", () => {
    const exchange = own();
    const { events, response: folded } = decodeStream(STREAM, exchange);
    const message = assemble(encodeStream(events, exchange).frames);
    expect(message.content).toEqual(MESSAGE.content as JsonObject[]);
    expect(message).toMatchObject({ stop_reason: "tool_use", usage: { input_tokens: 100, cache_read_input_tokens: 900, output_tokens: 20 } });
    const whole = anthropicMessages.decodeResponse(MESSAGE, exchange);
    expect(bare(folded.candidates[0]?.parts ?? [])).toEqual(bare(whole.candidates[0]?.parts ?? []));
    expect({ ...folded, candidates: [], usage: undefined }).toEqual({ ...whole, candidates: [], usage: undefined });
  });

  test("an unsigned thought of a compatible server stays unsigned", () => {
    const exchange = own();
    const { events } = decodeStream([start(), opened(0, { type: "thinking", thinking: "", signature: "" }), delta(0, { type: "thinking_delta", thinking: "x" }), closed(0), ...stop("end_turn")], exchange);
    expect(assemble(encodeStream(events, exchange).frames).content).toEqual([{ type: "thinking", thinking: "x", signature: "" }]);
  });
});

describe("decoding a stream", () => {
  test("the grammar of events, whatever comes", () => {
    const { kinds } = decodeStream([start(), opened(0, { type: "text", text: "" }), delta(0, { type: "text_delta", text: "a" }), closed(0), ...stop("end_turn"), start(), delta(0, { type: "text_delta", text: "late" })]);
    expect(kinds).toEqual(["response-start", "usage", "part-start", "part-delta", "part-end", "usage", "finish", "response-end"]);
  });

  test("#23 a call without any input is an empty object", () => {
    const { response: answer } = decodeStream([start(), opened(0, { type: "tool_use", id: "c", name: "f", input: {} }), closed(0), ...stop("tool_use")]);
    expect(answer.candidates[0]).toMatchObject({ parts: [{ kind: "tool-call", arguments: {}, complete: true }], finish: { reason: "tool-use" } });
  });

  test("an input in the first event is not lost", () => {
    expect(decodeStream([start(), opened(0, { type: "tool_use", id: "c", name: "f", input: { a: 1 } }), closed(0), ...stop("tool_use")]).response.candidates[0]?.parts[0]).toMatchObject({ argumentsText: '{"a":1}' });
  });

  test("a second message_start, gaps and overlapping blocks still give serial parts", () => {
    const { events, response: answer } = decodeStream([
      start(), start({ input_tokens: 9, output_tokens: 9 }), opened(3, { type: "tool_use", id: "a", name: "f", input: {} }), opened(7, { type: "tool_use", id: "b", name: "f", input: {} }),
      delta(7, { type: "input_json_delta", partial_json: '{"b":2}' }), delta(3, { type: "input_json_delta", partial_json: '{"a":1}' }), closed(7), closed(3), ...stop("tool_use"),
    ]);
    expect(events.filter((event) => event.type === "response-start")).toHaveLength(1);
    expect(answer.candidates[0]?.parts).toMatchObject([{ callId: "a", arguments: { a: 1 } }, { callId: "b", arguments: { b: 2 } }]);
    const order = events.flatMap((event) => (event.type === "part-start" || event.type === "part-end" ? [`${event.type} ${event.index}`] : []));
    expect(order).toEqual(["part-start 0", "part-end 0", "part-start 1", "part-end 1"]);
  });

  test("deltas without a start, and a delta of another kind, open parts of their own", () => {
    const { response: answer } = decodeStream([start(), delta(0, { type: "text_delta", text: "a" }), delta(0, { type: "thinking_delta", thinking: "b" }), delta(0, { type: "text_delta", text: "c" }), ...stop("end_turn")]);
    expect(answer.candidates[0]?.parts).toMatchObject([{ kind: "text", text: "a" }, { kind: "reasoning", text: "b" }, { kind: "text", text: "c" }]);
  });

  test("an index that is used again begins anew", () => {
    const block = (text: string) => [opened(0, { type: "text", text: "" }), delta(0, { type: "text_delta", text }), closed(0)];
    expect(decodeStream([start(), ...block("a"), ...block("b"), ...stop("end_turn")]).response.candidates[0]?.parts).toMatchObject([{ text: "a" }, { text: "b" }]);
  });

  test("events without a name are read by their type", () => {
    const unnamed = STREAM.map((body) => ({ event: "", data: JSON.stringify(body) }));
    expect(decodeStream(unnamed).response).toEqual(decodeStream(STREAM).response);
  });

  test("#115 an unknown block stays one block, and the others keep their places", () => {
    const { response: answer } = decodeStream([start(), opened(0, { type: "some_future_block", a: 1 }), closed(0), opened(1, { type: "text", text: "x" }), closed(1), ...stop("end_turn")]);
    expect(answer.candidates[0]?.parts).toMatchObject([{ kind: "opaque", type: "some_future_block", value: { a: 1 } }, { kind: "text", text: "x" }]);
  });

  test("#214 the start's input stays when the delta has none", () => {
    const { response: answer } = decodeStream([start({ input_tokens: 11, cache_read_input_tokens: 2, output_tokens: 1 }), ...stop("end_turn")]);
    expect(answer.usage).toMatchObject({ inputFresh: 11, cacheRead: 2, outputVisible: 3 });
  });

  test("#209 usage buckets are apart", () => {
    expect(decodeStream(STREAM).response.usage).toMatchObject({ inputFresh: 100, cacheRead: 900, cacheWrite: 50, cacheWrite5m: 50, outputVisible: 13, reasoning: 7 });
  });

  test("#74 #75 a stream that breaks off is an error, also inside a call", () => {
    const { kinds, error, response: answer } = decodeStream([start(), opened(0, { type: "tool_use", id: "c", name: "f", input: {} }), delta(0, { type: "input_json_delta", partial_json: '{"a' })]);
    expect(kinds.at(-1)).toBe("error");
    expect(error?.code).toBe("stream_interrupted");
    expect(answer.candidates[0]?.parts[0]).toMatchObject({ complete: false });
  });

  test("the end counts as one once the stop reason is there", () => {
    const [messageDelta] = stop("end_turn");
    expect(decodeStream([start(), messageDelta as object]).kinds.at(-1)).toBe("response-end");
    expect(decodeStream([start(), messageDelta as object], upstream(), "cut").kinds.at(-1)).toBe("error");
    expect(decodeStream([start(), opened(0, { type: "text", text: "x" })], upstream(FOREIGN_REQUEST, { lenientEof: true })).kinds.at(-1)).toBe("response-end");
    expect(decodeStream([]).kinds.at(-1)).toBe("error");
  });

  test("#222 #223 errors inside the stream", () => {
    expect(decodeStream([{ type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" }]).error).toMatchObject({ kind: "overloaded", status: 503, requestId: "req_1", message: "Overloaded" });
    expect(decodeStream([start(), { type: "error", error: { type: "rate_limit_error", message: "m" } }]).error).toMatchObject({ kind: "rate-limit" });
    expect(decodeStream([start(), { event: "content_block_delta", data: "{broken" }]).error?.code).toBe("upstream_malformed");
  });

  test("#60 free text is taken out of its object", () => {
    const request = { ...FOREIGN_REQUEST, tools: [{ kind: "custom", name: "apply_patch" } as const] };
    const { response: answer } = decodeStream([start(), opened(0, { type: "tool_use", id: "c", name: "apply_patch", input: {} }), delta(0, { type: "input_json_delta", partial_json: '{"input":"*** Be' }), delta(0, { type: "input_json_delta", partial_json: 'gin\\n"}' }), closed(0), ...stop("tool_use")], upstream(request));
    expect(answer.candidates[0]?.parts[0]).toMatchObject({ variant: "custom", argumentsText: "*** Begin\n", complete: true });
  });

  test("renamed arguments get their own names back", () => {
    const request = { ...FOREIGN_REQUEST, tools: [{ kind: "function", name: "f", schema: { type: "object", properties: { "a b": { type: "string" } } } } as const] };
    const exchange = upstream(request);
    const { body } = anthropicMessages.encodeRequest(request, exchange);
    const [name] = Object.keys(((body.tools as unknown as { input_schema: { properties: JsonObject } }[])[0])?.input_schema.properties ?? {});
    const { response: answer } = decodeStream([start(), opened(0, { type: "tool_use", id: "c", name: "f", input: {} }), delta(0, { type: "input_json_delta", partial_json: JSON.stringify({ [name ?? ""]: "x" }) }), closed(0), ...stop("tool_use")], exchange);
    expect(answer.candidates[0]?.parts[0]).toMatchObject({ arguments: { "a b": "x" }, argumentsText: '{"a b":"x"}' });
  });

  test("the answer that a forced tool took is text, and an end", () => {
    const request: GenerateRequest = { ...FOREIGN_REQUEST, output: { format: { type: "json-schema", schema: { type: "object" } } } };
    const capabilities = { structuredOutputs: false, jsonViaTool: true };
    const { response: answer } = decodeStream([start(), opened(0, { type: "tool_use", id: "c", name: "emit_result", input: {} }), delta(0, { type: "input_json_delta", partial_json: '{"a":1}' }), closed(0), ...stop("tool_use")], upstream(request, capabilities));
    expect(answer.candidates[0]).toMatchObject({ parts: [{ kind: "text", text: '{"a":1}' }], finish: { reason: "end" } });
    const whole = anthropicMessages.decodeResponse({ id: "m", content: [{ type: "tool_use", id: "c", name: "emit_result", input: { a: 1 } }], stop_reason: "tool_use" }, upstream(request, capabilities));
    expect(whole.candidates[0]).toMatchObject({ parts: [{ kind: "text", text: '{"a":1}' }], finish: { reason: "end" } });
  });

  test("stop reasons", () => {
    const reason = (word: string) => decodeStream([start(), ...stop(word)]).response.candidates[0]?.finish.reason;
    expect(["end_turn", "max_tokens", "pause_turn", "refusal", "model_context_window_exceeded", "sensitive", "novel"].map(reason)).toEqual(["end", "max-tokens", "pause", "refusal", "context-window", "content-filter", "other"]);
    expect(reason("tool_use")).toBe("end");
  });
});

describe("decoding an answer", () => {
  test("an error body, and what is no answer, are thrown", () => {
    expect(() => anthropicMessages.decodeResponse({ type: "error", error: { type: "overloaded_error", message: "busy" } }, upstream())).toThrow("busy");
    expect(() => anthropicMessages.decodeResponse({ id: "x" }, upstream())).toThrow("no content");
    expect(() => anthropicMessages.decodeResponse("<html>", upstream())).toThrow();
  });

  test("#29 names and ids are the caller's again", () => {
    const long = `mcp__server__${"x".repeat(70)}`;
    const request: GenerateRequest = { ...FOREIGN_REQUEST, tools: [{ kind: "function", name: long }] };
    const exchange = upstream(request);
    const wireName = exchange.names.toWire(long);
    const { candidates } = anthropicMessages.decodeResponse({ id: "m", content: [{ type: "tool_use", id: exchange.callIds.toWire("functions.f:0"), name: wireName, input: {} }], stop_reason: "tool_use" }, exchange);
    expect(candidates[0]?.parts[0]).toMatchObject({ name: long, callId: "functions.f:0" });
  });
});

describe("encoding for a client", () => {
  const both = (answer: GenerateResponse, at = world()) => ({
    plain: anthropicMessages.encodeResponse(answer, client(at)) as JsonObject & { content: JsonObject[] },
    streamed: assemble(encodeStream(eventsOf(answer), client(at)).frames),
  });

  test("#66 #67 thoughts, text and call are serial blocks, streamed and whole", () => {
    const answer = response([{ kind: "reasoning", text: "hm", textKind: "raw" }, textPart("Hi"), callPart("call_1", '{"a":1}')], { reason: "tool-use" }, { inputFresh: 6, cacheRead: 4, outputVisible: 5 });
    const { plain, streamed } = both(answer);
    expect(streamed.content).toEqual(plain.content);
    expect(plain.content).toEqual([{ type: "thinking", thinking: "hm", signature: expect.stringMatching(/^gwr1\.other\./) }, { type: "text", text: "Hi" }, { type: "tool_use", id: "call_1", name: "f", input: { a: 1 } }]);
    for (const message of [plain, streamed]) expect(message).toMatchObject({ id: expect.stringMatching(/^msg_/), type: "message", role: "assistant", model: "alias", stop_reason: "tool_use", stop_sequence: null, usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 5 } });
  });

  test("#78 #79 every event is named after its type; usage stands at both ends", () => {
    const { text, frames } = encodeStream(eventsOf(response([textPart("a")])));
    for (const line of text.split("\n\n").filter((entry) => entry !== "")) expect(line).toMatch(/^event: [a-z_]+\ndata: \{.*\}$/);
    expect(frames.map((frame) => frame.event)).toEqual(["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"]);
    expect(frames[0]?.data).toMatchObject({ message: { usage: { input_tokens: 2, output_tokens: 1 } } });
    expect(frames[4]?.data).toMatchObject({ usage: { output_tokens: 0 } });
    expect(text.startsWith("event: message_start\n")).toBe(true);
    expect(text).toContain('\n\nevent: ping\ndata: {"type": "ping"}\n\n');
  });

  test("an empty answer has no blocks", () => {
    const { frames } = encodeStream(eventsOf(response([textPart("")])));
    expect(frames.map((frame) => frame.event)).toEqual(["message_start", "message_delta", "message_stop"]);
    expect(both(response([textPart("")])).plain.content).toEqual([]);
  });

  test("#70 #71 message_delta comes once, with the last usage", () => {
    const events = eventsOf(response([textPart("a")]));
    const late = events.toSpliced(-1, 0, { type: "usage", usage: { inputFresh: 1, outputVisible: 1 } }, { type: "usage", usage: { inputFresh: 3, outputVisible: 9 } });
    const { frames } = encodeStream(late);
    expect(frames.filter((frame) => frame.event === "message_delta").map((frame) => frame.data.usage)).toEqual([{ input_tokens: 3, output_tokens: 9 }]);
  });

  test("#210 #211 usage from disjoint buckets", () => {
    expect(both(response([textPart("a")], { reason: "end" }, { inputFresh: 3136, cacheRead: 6752, outputVisible: 5, reasoning: 7 })).plain.usage).toEqual({ input_tokens: 3136, cache_read_input_tokens: 6752, output_tokens: 12, output_tokens_details: { thinking_tokens: 7 } });
  });

  test("#91 summary parts are one thinking text with one signature, and come apart again", () => {
    const at = world();
    const answer = response([{ kind: "reasoning", text: "A\n\nB\n\nC", textKind: "summary", summary: ["A", "B", "C"], seal: SEALED }, textPart("x")]);
    const { plain, streamed } = both(answer, at);
    expect(streamed.content).toEqual(plain.content);
    expect(plain.content[0]).toMatchObject({ type: "thinking", thinking: "A\n\nB\n\nC" });
    const again = anthropicMessages.decodeRequest({ path: "", query: new URLSearchParams(), headers: new Headers(), body: { model: "m", messages: [{ role: "assistant", content: plain.content }] } }, at.context);
    expect(again.messages[0]?.parts[0]).toMatchObject({ summary: ["A", "B", "C"], seal: { vendor: "openai", value: "gAAAAx" } });
  });

  test("#92 a seal without text is a thinking block with a signature", () => {
    const { plain, streamed } = both(response([{ kind: "reasoning", text: "", textKind: "none", seal: SEALED }, textPart("x")]));
    expect(plain.content[0]).toEqual({ type: "thinking", thinking: "", signature: expect.stringMatching(/^gwr1\.openai\./) });
    expect(streamed.content).toEqual(plain.content);
  });

  test("native seals are bare, hidden thoughts stay hidden", () => {
    const own = (form: Seal["form"], value: string): Seal => ({ vendor: "anthropic", form, value, bindsTo: "self" });
    const { plain } = both(response([{ kind: "reasoning", text: "t", textKind: "summary", seal: own("signature", "Eq+/=") }, { kind: "reasoning", text: "", textKind: "none", redacted: true, seal: own("redacted", "Em") }]));
    expect(plain.content).toEqual([{ type: "thinking", thinking: "t", signature: "Eq+/=" }, { type: "redacted_thinking", data: "Em" }]);
  });

  test("#116 a call that its vendor signed is preceded by the envelope, on the thoughts before it if there are some", () => {
    const carried = (parts: readonly Part[]) => {
      const { plain } = both(response(parts, { reason: "tool-use" }));
      const whole: GenerateEvent[] = parts.flatMap((part, index) => [{ type: "part-start", candidate: 0, index, part }, { type: "part-end", candidate: 0, index, part }] as GenerateEvent[]);
      const { frames } = encodeStream([{ type: "response-start", id: "1", model: "m" }, ...whole, { type: "finish", candidate: 0, finish: { reason: "tool-use" } }, { type: "response-end" }]);
      expect(assemble(frames).content).toEqual(plain.content);
      return plain.content.map((block) => [block.type, String(block.thinking ?? ""), String(block.signature ?? "").split(".").slice(1, 4).join(".")]);
    };
    expect(carried([callPart("c1", "{}", { seal: GOOGLE }), callPart("c2")])).toEqual([["thinking", "", "google.next.tool-call"], ["tool_use", "", ""], ["tool_use", "", ""]]);
    expect(carried([{ kind: "reasoning", text: "hm", textKind: "summary" }, callPart("c1", "{}", { seal: GOOGLE })])).toEqual([["thinking", "hm", "google.next.tool-call"], ["tool_use", "", ""]]);
    expect(carried([{ kind: "text", text: "a", seal: GOOGLE }])).toEqual([["thinking", "", "google.next.text"], ["text", "", ""]]);
  });

  test("#106 a seal that comes after the text is carried behind it", () => {
    const { frames } = encodeStream(eventsOf(response([{ kind: "text", text: "a", seal: GOOGLE }])));
    const { content } = assemble(frames);
    expect(content.map((block) => [block.type, String(block.signature ?? "").split(".").slice(1, 4).join(".")])).toEqual([["text", ""], ["thinking", "google.previous.text"]]);
  });

  test("calls are remembered with what led to them", () => {
    const at = world();
    both(response([{ kind: "reasoning", text: "hm", textKind: "summary", seal: SEALED }, callPart("call.1", "{}", { seal: GOOGLE }), callPart("c2")]), at);
    const memory = { seals: [SEALED, { ...GOOGLE, bindKind: "tool-call" }], reasoningText: "hm", name: "f", vendorCallId: "call.1" } as const;
    expect(at.context.sealer.recall("call.1")).toEqual(memory);
    expect(at.context.sealer.recall("call_1")).toEqual(memory);
    expect(at.context.sealer.recall("c2")).toBeUndefined();
  });

  test("#26 #27 ids are legal, and the vendor's own returns with the next request", () => {
    const at = world();
    const { plain, streamed } = both(response([callPart("functions.f:0"), callPart("")]), at);
    expect(plain.content[0]?.id).toBe("functions_f_0");
    expect(streamed.content[0]?.id).toBe("functions_f_0");
    expect(plain.content[1]?.id).toMatch(/^toolu_[A-Za-z0-9]{24}$/);
    const body = { model: "m", messages: [{ role: "assistant", content: [plain.content[0] ?? null] }, { role: "user", content: [{ type: "tool_result", tool_use_id: "functions_f_0", content: "r" }] }] };
    const again = anthropicMessages.decodeRequest({ path: "", query: new URLSearchParams(), headers: new Headers(), body }, at.context);
    expect(again.messages.map((message) => message.parts[0])).toMatchObject([{ callId: "functions.f:0" }, { callId: "functions.f:0" }]);
  });

  test("#41 a length stop stays one, and the half-written call is closed", () => {
    const half: Part = { kind: "tool-call", callId: "c", name: "f", variant: "function", argumentsText: '{"a', complete: false };
    const { frames } = encodeStream(eventsOf(response([half], { reason: "max-tokens" })));
    expect(frames.map((frame) => frame.event).slice(1, 4)).toEqual(["content_block_start", "content_block_delta", "content_block_stop"]);
    expect(frames.at(-2)?.data.delta).toMatchObject({ stop_reason: "max_tokens" });
    expect(both(response([{ ...half, argumentsText: "{}" }], { reason: "max-tokens" })).plain.stop_reason).toBe("max_tokens");
  });

  test("#37 #42 arguments flow as they come; nothing is sent for no text", () => {
    const { frames } = encodeStream([
      { type: "response-start", id: "1", model: "m" }, { type: "part-start", candidate: 0, index: 0, part: { kind: "tool-call", callId: "c", name: "f", variant: "function", argumentsText: "", complete: true } },
      ...['{"a"', "", ":1}"].map((text): GenerateEvent => ({ type: "part-delta", candidate: 0, index: 0, delta: { type: "arguments", text } })),
      { type: "part-end", candidate: 0, index: 0, part: callPart("c", '{"a":1}') }, { type: "finish", candidate: 0, finish: { reason: "tool-use" } }, { type: "response-end" },
    ]);
    expect(frames.filter((frame) => frame.event === "content_block_delta").map((frame) => (frame.data.delta as JsonObject).partial_json)).toEqual(['{"a"', ":1}"]);
  });

  test("#95 a refusal is text with a refusal's stop", () => {
    const { plain, streamed } = both(response([{ kind: "refusal", text: "no" }]));
    for (const message of [plain, streamed]) expect(message).toMatchObject({ content: [{ type: "text", text: "no" }], stop_reason: "refusal", stop_details: { type: "refusal", category: null, explanation: "no" } });
  });

  test("#94 a foreign search is a server tool's call and result", () => {
    const { plain, streamed } = both(response([
      { kind: "server-tool-call", callId: "ws-1", family: "web-search", name: "web_search", input: { query: "q" } },
      { kind: "server-tool-result", callId: "ws-1", family: "web-search", result: [{ url: "u", title: "t" }] }, textPart("x"),
    ]));
    expect(plain.content).toEqual([
      { type: "server_tool_use", id: "srvtoolu_ws_1", name: "web_search", input: { query: "q" } },
      { type: "web_search_tool_result", tool_use_id: "srvtoolu_ws_1", content: [{ type: "web_search_result", url: "u", title: "t", encrypted_content: "", page_age: null }] },
      { type: "text", text: "x" },
    ]);
    expect(streamed.content).toEqual(plain.content);
  });

  test("what has no form here is reported, and stop reasons are the dialect's own", () => {
    const at = world();
    expect(both(response([{ kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" } }]), at).plain.content).toEqual([]);
    expect(at.losses).toMatchObject([{ code: "unsupported-part" }, { code: "unsupported-part" }]);
    const word = (finish: Candidate["finish"], traits: ClientTraits = {}) => both(response([textPart("a")], finish), world(traits)).plain;
    expect(word({ reason: "stop-sequence" }).stop_reason).toBe("end_turn");
    expect(word({ reason: "stop-sequence", sequence: "x" })).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "x" });
    expect(word({ reason: "content-filter" }).stop_reason).toBe("refusal");
    expect(word({ reason: "content-filter" }, { contentFilterAs: "end_turn" }).stop_reason).toBe("end_turn");
    expect(word({ reason: "context-window" }).stop_reason).toBe("model_context_window_exceeded");
    expect(word({ reason: "malformed-tool-call" }).stop_reason).toBe("end_turn");
  });

  test("#107 a call that nobody can read is an error when there is nothing else", () => {
    expect(() => both(response([], { reason: "malformed-tool-call" }))).toThrow("cannot be read");
    const { frames } = encodeStream(eventsOf(response([], { reason: "malformed-tool-call", native: "MALFORMED_FUNCTION_CALL" })));
    expect(frames.at(-1)).toMatchObject({ event: "error", data: { type: "error", error: { type: "api_error" } } });
  });

  test("#96 #223 an error ends the stream, without message_stop", () => {
    const { frames } = encodeStream([...eventsOf(response([textPart("a")])).slice(0, 3), { type: "error", error: { kind: "overloaded", code: "overloaded", status: 503, message: "busy", source: "upstream" } }, { type: "response-end" }]);
    expect(frames.map((frame) => frame.event)).toEqual(["message_start", "content_block_start", "content_block_delta", "error"]);
    expect(frames.at(-1)?.data).toEqual({ type: "error", error: { type: "overloaded_error", message: "busy" } });
  });

  test("#110 a comment before the start, a ping after it", () => {
    const encoder = anthropicMessages.createStreamEncoder(client(), () => undefined);
    expect(encoder.keepAlive()).toStartWith(":");
    for (const event of eventsOf(response([textPart("a")])).slice(0, 3)) encoder.push(event);
    expect(encoder.keepAlive()).toBe('event: ping\ndata: {"type": "ping"}\n\n');
  });

  test("only the first of several answers", () => {
    const at = world();
    const answer: GenerateResponse = { ...response([textPart("a")]), candidates: [0, 1].map((index) => ({ index, parts: [textPart(String(index))], finish: { reason: "end" } })) };
    const { streamed } = both(answer, at);
    expect(streamed.content).toMatchObject([{ text: "0" }]);
    expect(at.losses.map((loss) => loss.code)).toEqual(["candidates", "candidates"]);
  });
});

describe("tap", () => {
  test("usage, model and the end, without reading the deltas", () => {
    const tap = anthropicMessages.createStreamTap();
    const states = STREAM.map((body) => {
      const data = JSON.stringify(body);
      tap.push({ event: (body as { type: string }).type, data: data.includes("_delta") && data.includes("content_block") ? "not read" : data });
      return tap.begun;
    });
    expect(states.slice(0, 3)).toEqual([false, false, true]);
    expect(tap).toMatchObject({ ended: true, model: "claude-opus-5", finishReason: "tool_use", error: undefined });
    expect(tap.usage).toMatchObject({ inputFresh: 100, cacheRead: 900, outputVisible: 13 });
  });

  test("unnamed events, errors, and bodies", () => {
    const tap = anthropicMessages.createStreamTap();
    for (const body of STREAM) tap.push({ event: "", data: JSON.stringify(body) });
    expect(tap.ended).toBe(true);
    const failing = anthropicMessages.createStreamTap();
    failing.push({ event: "error", data: '{"type":"error","error":{"type":"overloaded_error","message":"m"}}' });
    expect(failing).toMatchObject({ ended: false, begun: false, error: { kind: "overloaded" } });
    expect(anthropicMessages.tapResponse(MESSAGE)).toMatchObject({ model: "claude-opus-5", finishReason: "tool_use", usage: { inputFresh: 100 } });
  });
});
