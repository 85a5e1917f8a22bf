import { describe, expect, test } from "bun:test";
import { ResponseFold, type GenerateEvent, type GenerateRequest, type Json, type JsonObject, type Tool } from "../../canonical/index.ts";
import type { Capabilities } from "../../capabilities.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { openaiResponses } from "./index.ts";

interface Heard {
  readonly events: GenerateEvent[];
  readonly fold: ResponseFold;
  readonly world: ReturnType<typeof createTestWorld>;
}

type Options = { readonly capabilities?: Capabilities; readonly tools?: readonly Tool[]; readonly dialect?: string; readonly end?: boolean };

function exchangeOf(world: ReturnType<typeof createTestWorld>, options: Options) {
  const request: GenerateRequest = {
    dialect: options.dialect ?? "test-dialect", model: "m", stream: true, framing: "sse", messages: [], tools: options.tools ?? [], sampling: {}, residue: {},
  };
  return world.exchange(request, openaiResponses, options.capabilities === undefined ? {} : { capabilities: options.capabilities });
}

/** Checks what every decoder promises while it listens. */
function hear(wire: readonly (JsonObject | string)[], options: Options = {}): Heard {
  const world = createTestWorld([openaiResponses]);
  const events: GenerateEvent[] = [];
  const fold = new ResponseFold();
  const decoder = openaiResponses.createStreamDecoder(exchangeOf(world, options), (event) => {
    events.push(event);
    fold.push(event);
  });
  for (const event of wire) decoder.push({ event: "", data: typeof event === "string" ? event : JSON.stringify(event) });
  if (options.end !== false) decoder.end();
  checkOrder(events);
  return { events, fold, world };
}

function checkOrder(events: readonly GenerateEvent[]): void {
  let open = -1;
  let next = 0;
  events.forEach((event, at) => {
    expect(at === 0).toBe(event.type === "response-start");
    expect(at === events.length - 1).toBe(event.type === "response-end" || event.type === "error");
    if (event.type === "part-start") {
      expect(open).toBe(-1);
      expect(event.index).toBe(next++);
      open = event.index;
    }
    if (event.type === "part-delta") expect(event.index).toBe(open);
    if (event.type === "part-end") {
      expect(event.index).toBe(open);
      open = -1;
    }
  });
}

const created = { type: "response.created", response: { id: "resp_1", created_at: 7, model: "gpt", status: "in_progress", output: [] } };
const completed = (output: readonly JsonObject[] = [], more: JsonObject = {}): JsonObject => ({
  type: "response.completed",
  response: { id: "resp_1", created_at: 7, model: "gpt", status: "completed", output, usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 40 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 5 }, total_tokens: 120 }, ...more },
});
const added = (output_index: number, item: JsonObject) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: JsonObject) => ({ type: "response.output_item.done", output_index, item });
const message = (content: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({ id: "msg_1", type: "message", role: "assistant", status: "completed", content, ...more });
const call = (n: number, args: string): JsonObject => ({ id: `fc_${n}`, type: "function_call", call_id: `call_${n}`, name: `f${n}`, arguments: args, status: "completed" });
const words = (text: string): JsonObject => ({ type: "output_text", text, annotations: [] });
const argsDelta = (output_index: number, delta: string, item_id?: string) => ({ type: "response.function_call_arguments.delta", output_index, delta, ...(item_id !== undefined && { item_id }) });
const parts = (heard: Heard) => heard.fold.response().candidates[0]?.parts ?? [];
const deltas = (heard: Heard, index: number) => heard.events.flatMap((event) => (event.type === "part-delta" && event.index === index ? [event.delta] : []));

describe("text", () => {
  test("goes through piece by piece", () => {
    const heard = hear([
      created, { type: "response.in_progress" }, added(0, message([])), { type: "response.content_part.added", output_index: 0, content_index: 0, part: words("") },
      { type: "response.output_text.delta", output_index: 0, content_index: 0, item_id: "msg_1", delta: "Hel" },
      { type: "response.output_text.delta", output_index: 0, content_index: 0, item_id: "msg_1", delta: "lo" },
      { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" }, done(0, message([words("Hello")])), completed([message([words("Hello")])]),
    ]);
    expect(heard.events.map((event) => event.type)).toEqual(["response-start", "part-start", "part-delta", "part-delta", "part-end", "usage", "finish", "response-end"]);
    expect(parts(heard)).toMatchObject([{ kind: "text", text: "Hello" }]);
    expect(heard.fold.response()).toMatchObject({ id: "resp_1", createdAt: 7, model: "gpt", usage: { inputFresh: 60, cacheRead: 40, outputVisible: 15, reasoning: 5 } });
    expect(heard.fold.response().candidates[0]?.finish).toEqual({ reason: "end", native: "completed" });
  });

  test("the item supplies the tail, all of it, or what was never streamed", () => {
    const tail = hear([created, added(0, message([])), { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hel" }, done(0, message([words("Hello")])), completed()]);
    expect(deltas(tail, 0)).toEqual([{ type: "text", text: "Hel" }, { type: "text", text: "lo" }]);
    expect(parts(hear([created, done(0, message([words("all")])), completed()]))).toMatchObject([{ text: "all" }]);
    expect(parts(hear([created, completed([message([words("late")])])]))).toMatchObject([{ text: "late" }]);
  });

  test("citations come once, whether streamed or not", () => {
    const annotation = { type: "url_citation", url: "https://a", title: "A", start_index: 0, end_index: 2 };
    const heard = hear([
      created, added(0, message([])), { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hi" },
      { type: "response.output_text.annotation.added", output_index: 0, content_index: 0, annotation_index: 0, annotation },
      done(0, message([{ type: "output_text", text: "Hi", annotations: [annotation, { type: "file_citation", file_id: "file-1", filename: "f", index: 1 }] }])), completed(),
    ]);
    expect(parts(heard)).toMatchObject([{ citations: [{ type: "url", url: "https://a", start: 0, end: 2 }, { type: "file", fileId: "file-1" }] }]);
  });

  test("#95 a refusal is a part of its kind and the reason of the end", () => {
    const heard = hear([created, added(0, message([])), { type: "response.refusal.delta", output_index: 0, content_index: 0, delta: "No." }, done(0, message([{ type: "refusal", refusal: "No." }])), completed()]);
    expect(parts(heard)).toMatchObject([{ kind: "refusal", text: "No." }]);
    expect(heard.fold.response().candidates[0]?.finish.reason).toBe("refusal");
  });

  test("a message without text is nothing", () => {
    expect(parts(hear([created, added(0, message([])), done(0, message([words("")])), completed()]))).toEqual([]);
  });
});

describe("calls", () => {
  test("#42 arguments that come only at the end come once", () => {
    const heard = hear([created, added(0, call(1, "")), { type: "response.function_call_arguments.done", output_index: 0, arguments: "{\"a\":1}" }, done(0, call(1, "{\"a\":1}")), completed()]);
    expect(deltas(heard, 0)).toEqual([{ type: "arguments", text: "{\"a\":1}" }]);
    expect(heard.fold.response().candidates[0]?.finish.reason).toBe("tool-use");
  });

  test("#43 #44 deltas without item ids, then the same text again", () => {
    const heard = hear([created, added(0, call(1, "")), argsDelta(0, "{\"a\""), argsDelta(0, ":1}"), { type: "response.function_call_arguments.done", output_index: 0, arguments: "{\"a\":1}" }, done(0, call(1, "{\"a\":1}")), completed([call(1, "{\"a\":1}")])]);
    expect(deltas(heard, 0)).toHaveLength(2);
    expect(parts(heard)).toMatchObject([{ callId: "call_1", itemId: "fc_1", name: "f1", arguments: { a: 1 }, complete: true }]);
  });

  test("#45 a call that only the terminal object names", () => {
    expect(parts(hear([created, completed([call(1, "{}")])]))).toMatchObject([{ kind: "tool-call", callId: "call_1", arguments: {} }]);
  });

  test("#93 interleaved calls become serial, nothing lost", () => {
    const heard = hear([
      created, added(0, call(1, "")), added(1, call(2, "")), argsDelta(0, "{\"a\":", "fc_1"), argsDelta(1, "{\"b\":2", "fc_2"), argsDelta(0, "1}", "fc_1"), argsDelta(1, "}", "fc_2"),
      done(1, call(2, "{\"b\":2}")), done(0, call(1, "{\"a\":1}")), completed(),
    ]);
    expect(parts(heard)).toMatchObject([{ callId: "call_1", arguments: { a: 1 } }, { callId: "call_2", arguments: { b: 2 } }]);
  });

  test("ids that change between events do not make a second call", () => {
    const heard = hear([created, added(0, call(1, "")), argsDelta(0, "{}", "other"), done(0, { ...call(1, "{}"), id: "fc_x" }), completed([{ ...call(1, "{}"), id: "fc_y" }])]);
    expect(parts(heard)).toHaveLength(1);
  });

  test("custom calls stream their text", () => {
    const item = { id: "ctc_1", type: "custom_tool_call", call_id: "c", name: "p", input: "" };
    const heard = hear([created, added(0, item), { type: "response.custom_tool_call_input.delta", output_index: 0, delta: "ab" }, { type: "response.custom_tool_call_input.done", output_index: 0, input: "abc" }, done(0, { ...item, input: "abc" }), completed()]);
    expect(parts(heard)).toMatchObject([{ variant: "custom", argumentsText: "abc", complete: true }]);
  });

  test("#29 #62 the caller's names come back", () => {
    const tools: readonly Tool[] = [{ kind: "function", name: "find", namespace: "crm" }];
    expect(parts(hear([created, completed([{ ...call(1, "{}"), name: "crm__find" }])], { tools }))).toMatchObject([{ name: "find", namespace: "crm" }]);
  });

  test("#205 nulls that strictness forced are taken out again", () => {
    const tools: readonly Tool[] = [{ kind: "function", name: "f1", strict: true, schema: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["a"] } }];
    const whole = "{\"a\":\"x\",\"b\":null}";
    const heard = hear([created, added(0, call(1, "")), argsDelta(0, whole.slice(0, 9)), argsDelta(0, whole.slice(9)), done(0, call(1, whole)), completed()], { tools });
    expect(parts(heard)).toMatchObject([{ argumentsText: "{\"a\":\"x\"}", arguments: { a: "x" } }]);
  });
});

describe("reasoning", () => {
  const item = (more: JsonObject): JsonObject => ({ id: "rs_1", type: "reasoning", summary: [], ...more });

  test("#91 three summary parts are one thought, sealed at the end", () => {
    const summary = ["a", "b", "c"].map((text) => ({ type: "summary_text", text }));
    const heard = hear([
      created, added(0, item({ encrypted_content: "gAAAAnotyet" })),
      ...summary.map(({ text }, summary_index) => ({ type: "response.reasoning_summary_text.delta", output_index: 0, summary_index, delta: text })),
      done(0, item({ summary, encrypted_content: "gAAAAfinal" })), completed(),
    ]);
    expect(parts(heard)).toMatchObject([{ kind: "reasoning", text: "a\n\nb\n\nc", summary: ["a", "b", "c"], seal: { value: "gAAAAfinal", vendor: "openai", summaryLengths: [1, 1, 1] } }]);
  });

  test("#92 nothing to read but a seal", () => {
    expect(parts(hear([created, added(0, item({})), done(0, item({ encrypted_content: "gAAAA1" })), completed()]))).toMatchObject([{ kind: "reasoning", text: "", textKind: "none", seal: { value: "gAAAA1" } }]);
    expect(parts(hear([created, added(0, item({})), done(0, item({})), completed()]))).toEqual([]);
  });

  test("raw thoughts", () => {
    const heard = hear([created, added(0, item({})), { type: "response.reasoning_text.delta", output_index: 0, content_index: 0, delta: "hm" }, done(0, item({ content: [{ type: "reasoning_text", text: "hmm" }] })), completed()]);
    expect(parts(heard)).toMatchObject([{ text: "hmm", textKind: "raw" }]);
  });

  test("what led to a call is remembered under its id", () => {
    const { world } = hear([created, done(0, item({ summary: [{ type: "summary_text", text: "why" }], encrypted_content: "gAAAA1" })), done(1, call(1, "{}")), done(2, call(2, "{}")), completed()]);
    expect(world.context.sealer.recall("call_1")).toMatchObject({ seals: [{ value: "gAAAA1" }], reasoningText: "why", name: "f1" });
    expect(world.context.sealer.recall("call_2")).toBeUndefined();
  });
});

describe("ends", () => {
  const text = [created, done(0, message([words("some")]))];

  test("#97 incomplete says why", () => {
    const end = (reason: string) => hear([...text, { type: "response.incomplete", response: { status: "incomplete", incomplete_details: { reason }, output: [] } }]).fold.response().candidates[0]?.finish;
    expect(end("content_filter")).toEqual({ reason: "content-filter", native: "content_filter" });
    expect(end("max_output_tokens")).toEqual({ reason: "max-tokens", native: "max_output_tokens" });
  });

  test("#96 a failure is an error, with its usage", () => {
    const heard = hear([created, { type: "response.failed", response: { status: "failed", error: { code: "rate_limit_exceeded", message: "Please try again in 1.5s." }, usage: { input_tokens: 3, output_tokens: 0 } } }]);
    expect(heard.events.at(-1)).toMatchObject({ type: "error", error: { kind: "rate-limit", status: 429, retryAfterMs: 1500 } });
    expect(heard.fold.usage).toMatchObject({ inputFresh: 3 });
  });

  test("errors flat and wrapped", () => {
    for (const event of [{ type: "error", code: "context_length_exceeded", message: "too long", param: null }, { type: "error", error: { code: "context_length_exceeded", message: "too long" } }]) {
      expect(hear([created, event]).events.at(-1)).toMatchObject({ type: "error", error: { kind: "context-length", message: "too long" } });
    }
  });

  test("a cut stream is an error, except where the server never says the end", () => {
    expect(hear(text).events.at(-1)).toMatchObject({ type: "error", error: { code: "stream_interrupted" } });
    expect(hear(text, { capabilities: { lenientEof: true } }).events.at(-1)).toEqual({ type: "response-end" });
    expect(hear([created, added(0, call(1, "")), argsDelta(0, "{\"a")], { capabilities: { lenientEof: true } }).events.at(-1)).toMatchObject({ type: "error" });
  });

  test("after the end nothing counts, and garbage is an error", () => {
    const before = hear([...text, completed()], { end: false }).events.length;
    expect(hear([...text, completed(), created, done(1, message([words("more")])), "[DONE]"]).events).toHaveLength(before);
    expect(hear([created, "{not json"]).events.at(-1)).toMatchObject({ type: "error", error: { code: "upstream_malformed" } });
  });

  test("unknown and informational events are passed over", () => {
    expect(hear([{ type: "codex.rate_limits", x: 1 }, created, { type: "response.brand_new" }, { type: "constructor" }, "[DONE]", completed()]).events.at(-1)).toEqual({ type: "response-end" });
  });
});

describe("server tools", () => {
  test("#94 a search is a call and its result", () => {
    const item = { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "q", sources: [{ type: "url", url: "https://a" }] } };
    const heard = hear([created, added(0, { ...item, status: "in_progress" }), { type: "response.web_search_call.searching", output_index: 0, item_id: "ws_1" }, done(0, item), done(1, message([words("found")])), completed()]);
    expect(parts(heard)).toMatchObject([
      { kind: "server-tool-call", callId: "ws_1", family: "web-search", input: { type: "search", query: "q" } },
      { kind: "server-tool-result", callId: "ws_1", result: [{ type: "web_search_result", url: "https://a" }] },
      { kind: "text", text: "found" },
    ]);
  });
});

describe("a stream folds to what the whole body says", () => {
  const output: readonly JsonObject[] = [
    { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "think" }], encrypted_content: "gAAAA1" },
    { id: "msg_1", type: "message", role: "assistant", status: "completed", phase: "commentary", content: [words("Let me"), { type: "refusal", refusal: "not" }] },
    call(1, "{\"a\":1}"),
    { id: "ctc_1", type: "custom_tool_call", call_id: "c9", name: "p", input: "x" },
    { id: "lsh_1", type: "local_shell_call", call_id: "c8", status: "completed", action: { type: "exec", command: ["ls"], env: {} } },
    { id: "ig_1", type: "image_generation_call", status: "completed", result: "AAAA" },
    { id: "mcp_1", type: "mcp_call", server_label: "s", name: "t", arguments: "{\"q\":1}", output: "r" },
    { id: "cmp_1", type: "compaction", encrypted_content: "gAAAA9" },
    { id: "x_1", type: "brand_new", data: 1 },
  ];
  const body = (completed(output, { metadata: { a: "b" }, service_tier: "flex" }) as { response: JsonObject }).response;

  for (const dialect of ["test-dialect", "openai-responses"]) {
    test(dialect, () => {
      const stream = [{ ...created, response: { ...created.response, service_tier: "flex" } }, ...output.flatMap((item, index) => [added(index, { ...item, ...(item.type === "message" && { content: [] }) }), done(index, item)]), { type: "response.completed", response: body }];
      const exchange = exchangeOf(createTestWorld([openaiResponses]), { dialect });
      expect(hear(stream, { dialect }).fold.response()).toEqual(openaiResponses.decodeResponse(body as Json, exchange));
    });
  }

  test("a failed body is thrown", () => {
    const exchange = exchangeOf(createTestWorld([openaiResponses]), {});
    expect(() => openaiResponses.decodeResponse({ status: "failed", error: { code: "server_error", message: "x" }, output: [] }, exchange)).toThrow("x");
    expect(() => openaiResponses.decodeResponse("<html>", exchange)).toThrow(expect.objectContaining({ code: "upstream_malformed" }));
  });
});
