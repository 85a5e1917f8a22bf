import { describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { ResponseFold, unfold, type Finish, type GenerateEvent, type GenerateRequest, type GenerateResponse, type Json, type JsonObject, type Part, type Seal, type ToolCallPart } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { ClientTraits } from "../../capabilities.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { SseReader, type Frame } from "../../wire/sse.ts";
import { openaiResponses } from "./index.ts";

type Options = { readonly client?: ClientTraits; readonly request?: JsonObject };

interface Told {
  readonly text: string;
  readonly events: readonly JsonObject[];
  readonly types: readonly string[];
  readonly world: ReturnType<typeof createTestWorld>;
  readonly exchange: ReturnType<ReturnType<typeof createTestWorld>["exchange"]>;
}

const vendors = [openaiResponses, { vendor: "anthropic", recognisesSeal: () => false }, { vendor: "google", recognisesSeal: () => false }];

function requestOf(world: ReturnType<typeof createTestWorld>, body: JsonObject): GenerateRequest {
  return openaiResponses.decodeRequest({ path: "", query: { get: () => null }, headers: { get: () => null }, body: { model: "asked", input: "x", stream: true, ...body } as Json }, world.context);
}

function tell(events: readonly GenerateEvent[], options: Options = {}): Told {
  const world = createTestWorld(vendors, options.client === undefined ? {} : { client: options.client });
  const exchange = world.exchange(requestOf(world, options.request ?? {}), { ...openaiResponses, vendor: "anthropic" });
  let text = "";
  const encoder = openaiResponses.createStreamEncoder(exchange, (piece) => (text += piece));
  for (const event of events) encoder.push(event);
  const frames: Frame[] = [];
  new SseReader((frame) => frames.push(frame)).push(text);
  const wire = frames.map((frame) => JSON.parse(frame.data) as JsonObject);
  frames.forEach((frame, index) => expect(frame.event).toBe(String(wire[index]?.type)));
  checkGrammar(wire);
  return { text, events: wire, types: wire.map((event) => String(event.type)), world, exchange };
}

/** What strict clients demand, whatever is told. */
function checkGrammar(events: readonly JsonObject[]): void {
  if (events.length === 0) return;
  expect(events[0]).toMatchObject({ type: "response.created", response: { status: "in_progress", output: [] } });
  events.forEach((event, index) => expect(event.sequence_number).toBe(index));
  const done: JsonObject[] = [];
  let next = 0;
  let open: { index: number; contents: number; summaries: number } | undefined;
  for (const event of events) {
    const type = String(event.type);
    if (type === "response.output_item.added") {
      expect(open).toBeUndefined();
      expect(event.output_index).toBe(next);
      open = { index: next++, contents: 0, summaries: 0 };
    } else if (type === "response.output_item.done") {
      expect(event.output_index).toBe(open?.index as number);
      done.push(event.item as JsonObject);
      open = undefined;
    } else if (event.output_index !== undefined) {
      expect(event.output_index).toBe(open?.index as number);
      if (type === "response.content_part.added") expect(event.content_index).toBe(open!.contents++);
      if (type === "response.reasoning_summary_part.added") expect(event.summary_index).toBe(open!.summaries++);
      if (type.startsWith("response.output_text.")) expect(event.content_index).toBe(open!.contents - 1);
      if (type.startsWith("response.reasoning_summary_text.")) expect(event.summary_index).toBe(open!.summaries - 1);
    }
  }
  const last = events.at(-1);
  if (last?.type === "response.completed" || last?.type === "response.incomplete") {
    expect(open).toBeUndefined();
    const response = last.response as JsonObject;
    expect(response.output).toEqual(done);
    expect(response.usage).toMatchObject({ input_tokens: expect.any(Number), output_tokens: expect.any(Number), total_tokens: expect.any(Number), input_tokens_details: { cached_tokens: expect.any(Number), cache_write_tokens: expect.any(Number) }, output_tokens_details: { reasoning_tokens: expect.any(Number) } });
  }
}

/** Grows parts as a live upstream would: skeleton, pieces, end. */
function live(parts: readonly Part[], finish: Finish = { reason: "end" }, extra: readonly GenerateEvent[] = []): GenerateEvent[] {
  const events: GenerateEvent[] = [];
  const candidate = { index: 0, parts, finish };
  unfold({ id: "up_1", model: "claude", candidates: [candidate], usage: { inputFresh: 10, cacheRead: 4, outputVisible: 5 } }, (event) => {
    if (event.type === "finish") events.push(...extra);
    if (event.type === "part-delta" && (event.delta.type === "text" || event.delta.type === "arguments") && event.delta.text.length > 3) {
      const { delta } = event;
      events.push({ ...event, delta: { ...delta, text: delta.text.slice(0, 3) } }, { ...event, delta: { ...delta, text: delta.text.slice(3) } });
    } else {
      events.push(event);
    }
  });
  return events;
}

const text = (value: string, more: object = {}): Part => ({ kind: "text", text: value, ...more });
const call = (more: Partial<ToolCallPart> = {}): ToolCallPart => ({ kind: "tool-call", callId: "toolu_1", name: "f", variant: "function", argumentsText: "{\"a\":1}", arguments: { a: 1 }, complete: true, ...more });
const seal = (more: Partial<Seal> = {}): Seal => ({ vendor: "anthropic", form: "signature", value: "EqQB", bindsTo: "self", ...more });
const lastResponse = (told: Told) => told.events.at(-1)?.response as JsonObject;
const output = (told: Told) => lastResponse(told).output as unknown as readonly JsonObject[];
const START: GenerateEvent = { type: "response-start", id: "up_1", model: "claude" };

describe("grammar", () => {
  test("#84 #85 #86 #87 text", () => {
    const told = tell(live([text("Hello")]));
    expect(told.types).toEqual([
      "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
      "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
    ]);
    expect(output(told)).toMatchObject([{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: [] }] }]);
    expect(String(output(told)[0]?.id)).toStartWith("msg_");
    expect(lastResponse(told)).toMatchObject({
      object: "response", status: "completed", model: "asked", error: null, incomplete_details: null, instructions: null, metadata: {}, parallel_tool_calls: true, temperature: 1, tool_choice: "auto", tools: [], top_p: 1,
      usage: { input_tokens: 14, input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 }, output_tokens: 5, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 19 },
    });
    expect(String(lastResponse(told).id)).toStartWith("resp_");
  });

  test("what was asked is said back", () => {
    const told = tell(live([text("x")]), { request: { instructions: "I", temperature: 0.3, tools: [{ type: "function", name: "f", parameters: {}, strict: null }], tool_choice: "required", metadata: { a: "b" }, store: false } });
    for (const event of [told.events[0], told.events.at(-1)]) {
      expect(event?.response).toMatchObject({ instructions: "I", temperature: 0.3, tools: [{ name: "f" }], tool_choice: "required", metadata: { a: "b" }, store: false });
    }
  });

  test("#89 sealed thinking, text, call", () => {
    const told = tell(live([{ kind: "reasoning", text: "hm", textKind: "raw", seal: seal() }, text("ok"), call()]));
    expect(output(told).map((item) => item.type)).toEqual(["reasoning", "message", "function_call"]);
    expect(told.types.slice(2, 8)).toEqual([
      "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
    ]);
    const [reasoning, , called] = output(told);
    expect(reasoning).toMatchObject({ summary: [{ type: "summary_text", text: "hm" }] });
    expect(told.world.context.sealer.open(String(reasoning?.encrypted_content), "openai", "encrypted-content")).toMatchObject({ vendor: "anthropic", form: "signature", value: "EqQB" });
    expect(called).toMatchObject({ call_id: "toolu_1", name: "f", arguments: "{\"a\":1}", status: "completed" });
    expect(String(called?.id)).toStartWith("fc_");
  });

  test("#90 texts with a thought between them are two messages, without one they are one", () => {
    const thought: Part = { kind: "reasoning", text: "hm", textKind: "raw" };
    expect(output(tell(live([text("a"), thought, text("b")]))).map((item) => item.type)).toEqual(["message", "reasoning", "message"]);
    expect(output(tell(live([text("a"), text("b")])))).toMatchObject([{ content: [{ text: "a" }, { text: "b" }] }]);
  });

  test("several summary parts stay apart, also when their numbers have gaps", () => {
    const told = tell([START, { type: "part-start", candidate: 0, index: 0, part: { kind: "reasoning", text: "", textKind: "summary" } },
      ...[0, 0, 3].map((summaryIndex): GenerateEvent => ({ type: "part-delta", candidate: 0, index: 0, delta: { type: "summary", text: "s", summaryIndex } })),
      { type: "part-end", candidate: 0, index: 0, part: { kind: "reasoning", text: "ss\n\ns", textKind: "summary", summary: ["ss", "s"] } }, { type: "finish", candidate: 0, finish: { reason: "end" } }, { type: "response-end" }]);
    expect(output(told)).toMatchObject([{ summary: [{ text: "ss" }, { text: "s" }] }]);
  });

  test("nothing at all is an empty answer", () => {
    expect(tell(live([text("")])).types).toEqual(["response.created", "response.in_progress", "response.completed"]);
    expect(output(tell(live([{ kind: "reasoning", text: "", textKind: "none" }])))).toEqual([]);
  });

  test("a call without arguments has an empty object, told as a delta too", () => {
    const told = tell(live([call({ argumentsText: "", arguments: {} })]));
    expect(told.events.find((event) => event.type === "response.function_call_arguments.delta")).toMatchObject({ delta: "{}" });
    expect(output(told)).toMatchObject([{ arguments: "{}" }]);
  });

  test("parts that come whole", () => {
    const parts: readonly Part[] = [text("Hi"), { kind: "reasoning", text: "t", textKind: "raw" }, call()];
    const told = tell([START, ...parts.flatMap((part, index): GenerateEvent[] => [{ type: "part-start", candidate: 0, index, part }, { type: "part-end", candidate: 0, index, part }]), { type: "finish", candidate: 0, finish: { reason: "tool-use" } }, { type: "response-end" }]);
    expect(output(told)).toMatchObject([{ content: [{ text: "Hi" }] }, { summary: [{ text: "t" }] }, { arguments: "{\"a\":1}" }]);
  });

  test("citations and refusals", () => {
    const told = tell(live([text("cited", { citations: [{ type: "url", url: "https://a", title: "A", start: 0, end: 5 }] }), { kind: "refusal", text: "No." }]));
    expect(told.events.find((event) => event.type === "response.output_text.annotation.added")).toMatchObject({ annotation_index: 0, annotation: { type: "url_citation", url: "https://a" } });
    expect(output(told)).toMatchObject([{ content: [{ annotations: [{ url: "https://a" }] }, { type: "refusal", refusal: "No." }] }]);
    expect(output(tell(live([{ kind: "refusal", text: "No." }]), { client: { refusalAs: "text" } }))).toMatchObject([{ content: [{ type: "output_text", text: "No." }] }]);
  });

  test("raw thoughts as they are, for clients that know them", () => {
    const told = tell(live([{ kind: "reasoning", text: "raw words", textKind: "raw" }]), { client: { rawAsReasoningText: true } });
    expect(told.types).toContain("response.reasoning_text.delta");
    expect(output(told)).toMatchObject([{ summary: [], content: [{ type: "reasoning_text", text: "raw words" }] }]);
  });

  test("silence is bridged by a comment", () => {
    const world = createTestWorld(vendors);
    const encoder = openaiResponses.createStreamEncoder(world.exchange(requestOf(world, {}), openaiResponses), () => undefined);
    expect(encoder.keepAlive()).toStartWith(":");
  });
});

describe("the caller's tools", () => {
  const custom = { tools: [{ type: "custom", name: "apply_patch" }] };
  const patch = "*** Begin\n\"quoted\" \\ é \u{1F600}\n*** End";

  test("#60 a free-text tool that was a function upstream is free text again, piece by piece", () => {
    const argumentsText = JSON.stringify({ input: patch });
    const part = call({ name: "apply_patch", argumentsText, arguments: { input: patch } });
    const { argumentsText: _text, arguments: _parsed, ...skeleton } = part;
    const events: GenerateEvent[] = [START, { type: "part-start", candidate: 0, index: 0, part: { ...skeleton, argumentsText: "" } }];
    for (const char of argumentsText.split("")) events.push({ type: "part-delta", candidate: 0, index: 0, delta: { type: "arguments", text: char } });
    events.push({ type: "part-end", candidate: 0, index: 0, part }, { type: "finish", candidate: 0, finish: { reason: "tool-use" } }, { type: "response-end" });
    const told = tell(events, { request: custom });
    expect(output(told)).toMatchObject([{ type: "custom_tool_call", call_id: "toolu_1", name: "apply_patch", input: patch }]);
    expect(told.events.filter((event) => event.type === "response.custom_tool_call_input.delta").map((event) => event.delta).join("")).toBe(patch);
    expect(told.types.filter((type) => type === "response.custom_tool_call_input.delta").length).toBeGreaterThan(5);
  });

  test("free text that came otherwise is still delivered", () => {
    const inputs = ['{"why":"x","input":"late"}', "not json", '{"other":1}'].map((argumentsText) => output(tell(live([call({ name: "apply_patch", argumentsText })]), { request: custom }))[0]?.input);
    expect(inputs).toEqual(["late", "not json", '{"other":1}']);
  });

  test("a shell call is a shell item again", () => {
    const told = tell(live([call({ name: "local_shell", argumentsText: '{"command":["ls"]}', arguments: { command: ["ls"] } })]), { request: { tools: [{ type: "local_shell" }] } });
    expect(output(told)).toMatchObject([{ type: "local_shell_call", call_id: "toolu_1", status: "completed", action: { type: "exec", command: ["ls"], env: {} } }]);
  });

  test("#62 namespaces", () => {
    expect(output(tell(live([call({ name: "find", namespace: "crm" })])))).toMatchObject([{ name: "find", namespace: "crm" }]);
  });

  test("a search and its result are one item", () => {
    const told = tell(live([
      { kind: "server-tool-call", callId: "srv_1", family: "web-search", name: "web_search", input: { query: "q" } },
      { kind: "server-tool-result", callId: "srv_1", family: "web-search", result: [{ type: "web_search_result", url: "https://a" }] }, text("found"),
    ]));
    expect(output(told)).toMatchObject([{ type: "web_search_call", status: "completed", action: { type: "search", query: "q", sources: [{ type: "url", url: "https://a" }] } }, { type: "message" }]);
    expect(told.types.slice(2, 7)).toEqual(["response.output_item.added", "response.web_search_call.in_progress", "response.web_search_call.searching", "response.web_search_call.completed", "response.output_item.done"]);
  });

  test("pictures are items, sound is told as lost", () => {
    const told = tell(live([{ kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" } }, { kind: "audio", source: { type: "base64", mimeType: "audio/wav", data: "A" } }]));
    expect(output(told)).toMatchObject([{ type: "image_generation_call", result: "AAAA", output_format: "png" }]);
    expect(told.world.losses).toMatchObject([{ code: "unsupported-part", detail: "audio" }]);
  });
});

describe("seals of calls and texts", () => {
  const google = (value: string) => seal({ vendor: "google", form: "thought-signature", value });
  const opened = (told: Told, item: JsonObject | undefined) => told.world.context.sealer.open(String(item?.encrypted_content), "openai", "encrypted-content");

  test("known at the start they stand before, later behind", () => {
    const whole = call({ seal: google("s1") });
    const told = tell([START, { type: "part-start", candidate: 0, index: 0, part: whole }, { type: "part-end", candidate: 0, index: 0, part: whole }, { type: "finish", candidate: 0, finish: { reason: "tool-use" } }, { type: "response-end" }]);
    expect(output(told).map((item) => item.type)).toEqual(["reasoning", "function_call"]);
    expect(opened(told, output(told)[0])).toMatchObject({ vendor: "google", value: "s1", bindsTo: "next", bindKind: "tool-call" });
    const late = tell(live([text("words", { seal: google("s2") })]));
    expect(output(late).map((item) => item.type)).toEqual(["message", "reasoning"]);
    expect(opened(late, output(late)[1])).toMatchObject({ value: "s2", bindsTo: "previous", bindKind: "text" });
  });

  test("#120 redacted thoughts", () => {
    const told = tell(live([{ kind: "reasoning", text: "", textKind: "none", redacted: true, seal: seal({ form: "redacted", value: "Em" }) }, text("x")]));
    expect(output(told)[0]).toMatchObject({ type: "reasoning", summary: [] });
    expect(opened(told, output(told)[0])).toMatchObject({ form: "redacted", value: "Em" });
  });

  test("OpenAI's own go bare", () => {
    expect(output(tell(live([{ kind: "reasoning", text: "", textKind: "none", itemId: "rs_9", seal: seal({ vendor: "openai", form: "encrypted-content", value: "gAAAA1" }) }])))[0])
      .toEqual({ id: "rs_9", type: "reasoning", summary: [], encrypted_content: "gAAAA1" });
  });
});

describe("ends", () => {
  test("#88 a length stop is incomplete; for Codex complete, unless a call broke", () => {
    const cut: Finish = { reason: "max-tokens" };
    const plain = tell(live([text("ab")], cut));
    expect(plain.events.at(-1)).toMatchObject({ type: "response.incomplete", response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } } });
    expect(output(plain)).toMatchObject([{ status: "incomplete" }]);
    const codex = { client: { lengthAsCompleted: true } };
    const told = tell(live([text("ab")], cut), codex);
    expect(told.events.at(-1)).toMatchObject({ type: "response.completed", response: { status: "completed", incomplete_details: null } });
    expect(told.world.losses).toMatchObject([{ code: "length-as-completed" }]);
    const broken = tell(live([call({ argumentsText: "{\"a", complete: false })], cut), codex);
    expect(broken.types.at(-1)).toBe("response.incomplete");
    expect(output(broken)).toMatchObject([{ status: "incomplete", arguments: "{\"a" }]);
    expect(tell(live([], cut), codex).types.at(-1)).toBe("response.incomplete");
  });

  test("filters, refusals by reason alone, broken calls", () => {
    expect(tell(live([text("a")], { reason: "content-filter" })).events.at(-1)).toMatchObject({ response: { incomplete_details: { reason: "content_filter" } } });
    const refused = tell(live([], { reason: "refusal", explanation: "Not this." }));
    expect(output(refused)).toMatchObject([{ content: [{ type: "refusal", refusal: "Not this." }] }]);
    expect(refused.world.losses).toMatchObject([{ action: "synthesised" }]);
    expect(tell(live([], { reason: "malformed-tool-call" })).events.at(-1)).toMatchObject({ type: "response.failed", response: { status: "failed", error: { code: "server_error" } } });
  });

  test("#223 an error closes what was said and ends the stream", () => {
    const error = new GatewayError("rate_limited", { message: "Slow down.", retryAfterMs: 2500 });
    const started: GenerateEvent[] = [START, { type: "part-start", candidate: 0, index: 0, part: text("") }, { type: "part-delta", candidate: 0, index: 0, delta: { type: "text", text: "par" } }];
    const told = tell([...started, { type: "error", error }, { type: "response-end" }], { client: { alsoErrorEvent: true } });
    expect(told.types.slice(-3)).toEqual(["response.output_item.done", "error", "response.failed"]);
    expect(lastResponse(told)).toMatchObject({ status: "failed", error: { code: "rate_limit_exceeded", message: "Slow down. Please try again in 3s." }, output: [{ status: "incomplete", content: [{ text: "par" }] }] });
    expect(told.events.at(-2)).toMatchObject({ type: "error", code: "rate_limit_exceeded", param: null });
  });

  test("#75 a call that broke off is not told as done", () => {
    const told = tell([START, { type: "part-start", candidate: 0, index: 0, part: call({ argumentsText: "" }) }, { type: "part-delta", candidate: 0, index: 0, delta: { type: "arguments", text: "{\"a" } }, { type: "error", error: new GatewayError("stream_interrupted") }]);
    expect(told.types).not.toContain("response.output_item.done");
    expect(output(told)).toMatchObject([{ type: "function_call", status: "incomplete" }]);
  });

  test("further candidates are told as lost", () => {
    const told = tell([START, { type: "part-start", candidate: 1, index: 0, part: text("") }, { type: "part-delta", candidate: 1, index: 0, delta: { type: "text", text: "other" } }, { type: "part-end", candidate: 1, index: 0, part: text("other") }, { type: "finish", candidate: 0, finish: { reason: "end" } }, { type: "response-end" }]);
    expect(output(told)).toEqual([]);
    expect(told.world.losses).toMatchObject([{ code: "further-candidates" }]);
  });
});

describe("a whole answer", () => {
  const answer: GenerateResponse = { id: "resp_7", model: "gpt-x", createdAt: 9, candidates: [{ index: 0, parts: [{ kind: "reasoning", text: "hm", textKind: "raw", seal: seal() }, text("a"), call()], finish: { reason: "tool-use" } }], usage: { inputFresh: 1, outputVisible: 2 } };

  test("is the terminal object of its stream", () => {
    const events: GenerateEvent[] = [];
    unfold(answer, (event) => events.push(event));
    const told = tell(events);
    const world = createTestWorld(vendors);
    expect(openaiResponses.encodeResponse(answer, world.exchange(requestOf(world, {}), { ...openaiResponses, vendor: "anthropic" }))).toEqual(lastResponse(told));
    expect(lastResponse(told)).toMatchObject({ id: "resp_7", created_at: 9 });
  });

  test("a blocked prompt is incomplete", () => {
    const world = createTestWorld(vendors);
    expect(openaiResponses.encodeResponse({ id: "x", model: "m", candidates: [], promptBlock: { reason: "SAFETY" } }, world.exchange(requestOf(world, {}), openaiResponses))).toMatchObject({ status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [] });
  });

  test("in and out through this dialect is the same", () => {
    const body: JsonObject = {
      id: "resp_1", object: "response", created_at: 5, status: "completed", background: false, error: null, incomplete_details: null, instructions: "I", max_output_tokens: null, max_tool_calls: null, metadata: { k: "v" }, model: "asked",
      output: [
        { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "a" }, { type: "summary_text", text: "b" }], encrypted_content: "gAAAA1" },
        { id: "msg_1", type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "t", annotations: [{ type: "url_citation", url: "u", title: "", start_index: 0, end_index: 1 }], logprobs: [] }, { type: "refusal", refusal: "r" }], phase: "commentary" },
        { id: "msg_2", type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "t2", annotations: [], logprobs: [] }], phase: "final_answer" },
        { id: "fc_1", type: "function_call", call_id: "c1", name: "f", namespace: "n", arguments: "{\"big\": 12345678901234567890}", status: "completed" },
        { id: "ctc_1", type: "custom_tool_call", call_id: "c2", name: "p", input: "free", status: "completed" },
        { id: "sh_1", type: "shell_call", call_id: "c3", status: "completed", action: { commands: ["ls"], timeout_ms: null, max_output_length: null }, environment: null },
        { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "q", sources: [{ type: "url", url: "u" }] } },
        { id: "ig_1", type: "image_generation_call", status: "completed", result: "AAAA", size: "1x1" },
        { id: "new_1", type: "brand_new", data: [1] },
      ],
      parallel_tool_calls: true, previous_response_id: null, prompt_cache_key: null, reasoning: { effort: "low", summary: null }, safety_identifier: null, service_tier: "default", store: true, temperature: 1, text: { format: { type: "text" } }, tool_choice: "auto", tools: [], top_logprobs: 0, top_p: 1, truncation: "disabled", user: null, brand_new_field: 1,
      usage: { input_tokens: 3, input_tokens_details: { cached_tokens: 1, cache_write_tokens: 0 }, output_tokens: 2, output_tokens_details: { reasoning_tokens: 1 }, total_tokens: 5 },
    };
    const world = createTestWorld(vendors);
    const exchange = world.exchange(requestOf(world, {}), openaiResponses);
    expect(openaiResponses.encodeResponse(openaiResponses.decodeResponse(body as Json, exchange), exchange)).toEqual(body);
    expect(world.losses).toEqual([]);
  });
});

describe("the official SDK", () => {
  const parts: readonly Part[] = [
    { kind: "reasoning", text: "a\n\nb", textKind: "summary", summary: ["a", "b"], seal: seal() }, text("Hello é"), { kind: "refusal", text: "No." },
    call(), call({ callId: "toolu_2", name: "apply_patch", argumentsText: '{"input":"x\\ny"}', arguments: { input: "x\ny" } }),
    { kind: "server-tool-call", callId: "s", family: "web-search", name: "web_search", input: { query: "q" } },
  ];

  test("accumulates the stream to the same answer", async () => {
    const told = tell(live(parts, { reason: "tool-use" }), { request: { tools: [{ type: "custom", name: "apply_patch" }] } });
    const client = new OpenAI({ apiKey: "k", baseURL: "http://localhost/v1", fetch: async () => new Response(told.text, { headers: { "content-type": "text/event-stream" } }) });
    const stream = client.responses.stream({ model: "asked", input: "x" });
    const deltas: string[] = [];
    stream.on("response.output_text.delta", (event) => deltas.push(event.delta));
    const final = await stream.finalResponse();
    expect(deltas.join("")).toBe("Hello é");
    expect(final.output.map((item) => item.type)).toEqual(["reasoning", "message", "function_call", "custom_tool_call", "web_search_call"]);
    expect(final.output_text).toBe("Hello é");
  });
});

test("random answers keep the grammar and fold back to what they were", () => {
  let state = 12345;
  const random = (limit: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % limit;
  for (let round = 0; round < 150; round++) {
    const parts = Array.from({ length: random(6) }, (_, index): Part => {
      const kinds: readonly Part[] = [text(`t${index}`), { kind: "reasoning", text: `r${index}`, textKind: "summary", ...(random(2) === 1 && { seal: seal() }) }, call({ callId: `c${index}` }), { kind: "refusal", text: "no" }];
      return kinds[random(kinds.length)]!;
    });
    const told = tell(live(parts));
    const fold = new ResponseFold();
    const decoder = openaiResponses.createStreamDecoder(told.exchange, (event) => fold.push(event));
    for (const event of told.events) decoder.push({ event: String(event.type), data: JSON.stringify(event) });
    decoder.end();
    expect(fold.response().candidates[0]?.parts.map((part) => [part.kind, "text" in part ? part.text : ""])).toEqual(parts.map((part) => [part.kind, "text" in part ? part.text : ""]));
  }
});
