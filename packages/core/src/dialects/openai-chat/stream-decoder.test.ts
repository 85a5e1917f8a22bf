import { describe, expect, test } from "bun:test";
import type { GenerateEvent, GenerateRequest, JsonObject, Part } from "../../canonical/index.ts";
import { SseReader } from "../../wire/sse.ts";
import { openaiChat } from "./index.ts";
import { canonical, chatWorld, chunks, decodeStream, delta, DONE, foldEvents, type ExchangeOptions } from "./testing.ts";

function decode(sse: string, options?: ExchangeOptions & { request?: Partial<GenerateRequest>; truncated?: boolean }) {
  const world = chatWorld();
  const events = decodeStream(sse, world.chat(options?.request, options), options?.truncated);
  const response = foldEvents(events);
  return { events, parts: response.candidates[0]?.parts ?? [], finish: response.candidates[0]?.finish, response, error: events.find((event) => event.type === "error"), losses: world.losses };
}

const call = (index: number, value: JsonObject): JsonObject => delta({ tool_calls: [{ index, ...value }] });
const head = (index: number, id: string, name: string): JsonObject => call(index, { id, type: "function", function: { name, arguments: "" } });
const args = (index: number, text: string): JsonObject => call(index, { function: { arguments: text } });
const end = (reason = "stop"): string => chunks(delta({}, reason)) + DONE;
const kinds = (parts: readonly Part[]): string[] => parts.map(({ kind }) => kind);

describe("order", () => {
  test("#66 #68 thoughts, words and a call, also when the first two share a chunk", () => {
    const { parts, finish, events } = decode(chunks(delta({ role: "assistant", reasoning_content: "hm" }), delta({ reasoning_content: "m", content: "Hi" }), head(0, "call_1", "f"), args(0, '{"a":1}')) + end("tool_calls"));
    expect(parts).toEqual([
      { kind: "reasoning", text: "hmm", textKind: "raw" },
      { kind: "text", text: "Hi" },
      { kind: "tool-call", callId: "call_1", name: "f", variant: "function", argumentsText: '{"a":1}', arguments: { a: 1 }, complete: true },
    ]);
    expect(finish).toEqual({ reason: "tool-use", native: "tool_calls" });
    expect(events.map(({ type }) => type)).toEqual(["response-start", "part-start", "part-delta", "part-delta", "part-end", "part-start", "part-delta", "part-end", "part-start", "part-delta", "part-end", "finish", "response-end"]);
  });

  test("#67 words before thoughts", () => {
    expect(kinds(decode(chunks(delta({ content: "---\n" }), delta({ reasoning: "hm" }), delta({ content: "x" })) + end()).parts)).toEqual(["text", "reasoning", "text"]);
  });

  test("#65 the first chunk has no role", () => {
    expect(decode(chunks(delta({ content: "x" })) + end()).events[0]).toMatchObject({ type: "response-start", id: "chatcmpl-1", model: "up" });
  });

  test("#69 empty content between tool deltas opens nothing", () => {
    expect(kinds(decode(chunks(head(0, "c", "f"), delta({ content: "" }), args(0, "{}"), delta({ content: "" })) + end("tool_calls")).parts)).toEqual(["tool-call"]);
  });

  test("#77 a chunk of the prompt filter, without id and choices, waits", () => {
    const { parts, response } = decode(`data: ${JSON.stringify({ id: "", model: "", choices: [], prompt_filter_results: [] })}\n\n${chunks(delta({ content: "x" }))}${end()}`);
    expect(response.id).toBe("chatcmpl-1");
    expect(kinds(parts)).toEqual(["text"]);
  });

  test("several candidates, interleaved", () => {
    const { response } = decode(chunks(delta({ content: "a" }, null, 0), delta({ content: "b" }, null, 1), delta({ content: "a" }, "stop", 0), delta({ content: "b" }, "length", 1)) + DONE);
    expect(response.candidates.map(({ index, parts, finish }) => [index, (parts[0] as { text: string }).text, finish.reason])).toEqual([[0, "aa", "end"], [1, "bb", "max-tokens"]]);
  });
});

describe("calls", () => {
  test("#24 #25 the id first, the name next, repeated and empty names", () => {
    const { events, parts } = decode(chunks(call(0, { id: "c", type: "function" }), call(0, { function: { name: "f" } }), call(0, { function: { name: "", arguments: "{" } }), call(0, { id: "c", function: { name: "f", arguments: "}" } })) + end("tool_calls"));
    expect(events.filter(({ type }) => type === "part-start")).toHaveLength(1);
    expect(parts).toMatchObject([{ callId: "c", name: "f", argumentsText: "{}" }]);
  });

  test("#26 a missing id is made up once the arguments come", () => {
    const { parts } = decode(chunks(call(0, { function: { name: "f", arguments: "" } }), args(0, "{}")) + end("tool_calls"));
    expect((parts[0] as { callId: string }).callId).toMatch(/^call_\d{24}$/);
  });

  test("#37 sequential parallel calls stream on at once", () => {
    const { events } = decode(chunks(head(0, "a", "f"), args(0, "{}"), head(1, "b", "g"), args(1, '{"x"'), args(1, ":1}")) + end("tool_calls"));
    expect(events.flatMap((event) => (event.type === "part-delta" && event.delta.type === "arguments" ? [[event.index, event.delta.text]] : []))).toEqual([[0, "{}"], [1, '{"x"'], [1, ":1}"]]);
  });

  test("#38 interleaved parallel calls become serial with all of their arguments", () => {
    const { events, parts } = decode(chunks(head(0, "a", "f"), head(1, "b", "g"), args(0, '{"x"'), args(1, '{"y"'), args(0, ":1}"), args(1, ":2}")) + end("tool_calls"));
    expect(parts.map((part) => (part as { argumentsText: string }).argumentsText)).toEqual(['{"x":1}', '{"y":2}']);
    expectSerial(events);
  });

  test("calls that all have index 0, or none, are told apart by id and name", () => {
    const whole = (id: string | undefined, name: string, index?: number): JsonObject => delta({ tool_calls: [{ ...(index !== undefined && { index }), ...(id !== undefined && { id }), type: "function", function: { name, arguments: "{}" } }] });
    expect(decode(chunks(whole("a", "f", 0), whole("b", "g", 0)) + end("tool_calls")).parts).toMatchObject([{ callId: "a", name: "f" }, { callId: "b", name: "g" }]);
    expect(decode(chunks(whole("a", "f"), whole("b", "g")) + end()).parts).toMatchObject([{ callId: "a" }, { callId: "b" }]);
    expect(decode(chunks(whole(undefined, "f"), whole(undefined, "g")) + end()).parts).toMatchObject([{ name: "f" }, { name: "g" }]);
  });

  test("two calls with one id get two ids", () => {
    expect(decode(chunks(head(0, "a", "f"), args(0, "{}"), head(1, "a", "g"), args(1, "{}")) + end("tool_calls")).parts).toMatchObject([{ callId: "a" }, { callId: "a_2" }]);
  });

  test("a call whose name never came is named, with a loss", () => {
    const { parts, losses } = decode(chunks(call(0, { id: "c", function: { arguments: "{}" } })) + end("tool_calls"));
    expect(parts).toMatchObject([{ kind: "tool-call", callId: "c", name: "tool_0", argumentsText: "{}" }]);
    expect(losses.map(({ code }) => code)).toEqual(["nameless-call"]);
  });

  test("#39 stop although calls were made, #40 tool_calls although none was", () => {
    expect(decode(chunks(head(0, "a", "f"), args(0, "{}")) + end("stop")).finish?.reason).toBe("tool-use");
    expect(decode(chunks(delta({ content: "x" })) + end("tool_calls")).finish?.reason).toBe("end");
  });

  test("#41 a length stop amid the arguments", () => {
    const { parts, finish } = decode(chunks(head(0, "a", "f"), args(0, '{"x":')) + end("length"));
    expect(finish?.reason).toBe("max-tokens");
    expect(parts).toMatchObject([{ complete: false, argumentsText: '{"x":' }]);
  });

  test("#29 the caller's own tool name and namespace come back", () => {
    const name = `mcp__server__${"long_name_".repeat(8)}`;
    const world = chatWorld();
    const exchange = world.chat({ tools: [{ kind: "function", name }, { kind: "function", name: "child", namespace: "ns" }] });
    const sse = chunks(head(0, "a", exchange.names.toWire(name)), args(0, "{}"), head(1, "b", exchange.names.toWire("child", "ns")), args(1, "{}")) + end("tool_calls");
    expect(foldEvents(decodeStream(sse, exchange)).candidates[0]?.parts).toMatchObject([{ name }, { name: "child", namespace: "ns" }]);
  });

  test("#60 a custom tool that went up as a function comes back with its bare input", () => {
    const request: Partial<GenerateRequest> = { tools: [{ kind: "custom", name: "apply_patch" }] };
    const sse = chunks(head(0, "a", "apply_patch"), args(0, '{"input":"*** '), args(0, 'Begin"}'), head(1, "b", "apply_patch"), args(1, '{"input":"two"}')) + end("tool_calls");
    const { parts, events } = decode(sse, { request, capabilities: { customTools: false } });
    expect(parts).toMatchObject([{ variant: "custom", argumentsText: "*** Begin" }, { variant: "custom", argumentsText: "two" }]);
    expectSerial(events);
  });

  test("custom calls of the wire", () => {
    const sse = chunks(call(0, { id: "a", type: "custom", custom: { name: "p", input: "" } }), call(0, { custom: { input: "free " } }), call(0, { custom: { input: "text" } })) + end("tool_calls");
    expect(decode(sse).parts).toMatchObject([{ variant: "custom", name: "p", argumentsText: "free text", complete: true }]);
  });

  test("#205 nulls that a strict schema forced are taken out", () => {
    const schema = { type: "object", properties: { a: { type: "string" }, b: { type: "number" } }, required: ["a"] };
    const { parts } = decode(chunks(head(0, "a", "f"), args(0, '{"a":"x",'), args(0, '"b":null}')) + end("tool_calls"), { request: { tools: [{ kind: "function", name: "f", schema, strict: true }] } });
    expect(parts).toMatchObject([{ argumentsText: '{"a":"x"}', arguments: { a: "x" } }]);
  });

  test("function_call of 2023", () => {
    expect(decode(chunks(delta({ function_call: { name: "f", arguments: "" } }), delta({ function_call: { arguments: '{"a":1}' } })) + end("function_call")).parts).toMatchObject([{ kind: "tool-call", name: "f", argumentsText: '{"a":1}' }]);
  });

  test("a thought signature is a seal on its call", () => {
    const { parts } = decode(chunks(call(0, { id: "a", type: "function", function: { name: "f", arguments: "{}" }, extra_content: { google: { thought_signature: "EbaRe" } } })) + end("tool_calls"));
    expect(parts).toMatchObject([{ seal: { vendor: "google", value: "EbaRe", bindsTo: "self" } }]);
  });
});

describe("ends", () => {
  test("#70 #71 usage after the finish, or with it; the last one counts", () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } };
    const later = decode(chunks(delta({ content: "x" }), delta({}, "stop"), { choices: [], usage }) + DONE);
    const within = decode(chunks(delta({ content: "x" }), { ...delta({}, "stop"), usage }) + DONE);
    for (const { response } of [later, within]) expect(response.usage).toMatchObject({ inputFresh: 6, cacheRead: 4, outputVisible: 5 });
    expect(decode(chunks({ ...delta({ content: "x" }), usage: { prompt_tokens: 10, completion_tokens: 1 } }, { ...delta({}, "stop"), usage }) + DONE).response.usage).toMatchObject({ outputVisible: 5 });
  });

  test("usage where Groq and Moonshot put it", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    expect(decode(chunks({ ...delta({ content: "x" }, "stop"), x_groq: { usage } }) + DONE).response.usage?.outputVisible).toBe(2);
    expect(decode(chunks({ choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop", usage }] }) + DONE).response.usage?.outputVisible).toBe(2);
  });

  test("#73 a finish without [DONE] is an end", () => {
    const { events } = decode(chunks(delta({ content: "x" }), delta({}, "stop")));
    expect(events.at(-1)?.type).toBe("response-end");
  });

  test.each([
    ["#74 after text", chunks(delta({ content: "x" }))],
    ["#74 [DONE] without a finish", chunks(delta({ content: "x" })) + DONE],
    ["#75 within arguments", chunks(head(0, "a", "f"), args(0, '{"x":'))],
    ["nothing at all", ""],
  ])("%s: the stream was cut", (_name, sse) => {
    const { events, error } = decode(sse);
    expect(error).toMatchObject({ error: { code: "stream_interrupted" } });
    expect(events.at(-1)?.type).toBe("error");
    expect(events.some(({ type }) => type === "finish")).toBe(false);
  });

  test("lenientEof: text is an end, a whole call a tool use, half a call still an error", () => {
    const options = { capabilities: { lenientEof: true } };
    expect(decode(chunks(delta({ content: "x" })), options).finish?.reason).toBe("end");
    expect(decode(chunks(head(0, "a", "f"), args(0, "{}")), options).finish?.reason).toBe("tool-use");
    expect(decode(chunks(head(0, "a", "f"), args(0, '{"')), options).error).toBeDefined();
    expect(decode("", options).error).toBeDefined();
  });

  test("#76 chunks after [DONE] are ignored, and a second finish changes nothing", () => {
    const { response } = decode(chunks(delta({ content: "x" }, "stop"), delta({}, "length")) + DONE + chunks(delta({ content: "y" })));
    expect(response.candidates).toMatchObject([{ parts: [{ text: "x" }], finish: { reason: "end" } }]);
  });

  test("finish_reason \"\" is none; words of other vendors are read", () => {
    expect(decode(chunks({ choices: [{ index: 0, delta: { content: "x" }, finish_reason: "" }] })).error).toBeDefined();
    expect(decode(chunks(delta({ content: "x" }, "max_tokens")) + DONE).finish).toEqual({ reason: "max-tokens", native: "max_tokens" });
  });

  test("a refusal is a part of its own, and the reason", () => {
    const { parts, finish } = decode(chunks(delta({ refusal: "I " }), delta({ refusal: "can't" })) + end());
    expect(parts).toEqual([{ kind: "refusal", text: "I can't" }]);
    expect(finish?.reason).toBe("refusal");
  });

  test("#223 errors inside the stream, numbered or named, with or without an event name", () => {
    const sse = (error: JsonObject, event = "") => `${chunks(delta({ content: "x" }))}${event}data: ${JSON.stringify({ error })}\n\n`;
    expect(decode(sse({ message: "slow down", code: 429 })).error).toMatchObject({ error: { kind: "rate-limit", message: "slow down", source: "upstream" } });
    expect(decode(sse({ message: "too long", type: "invalid_request_error", code: "context_length_exceeded" }, "event: error\n")).error).toMatchObject({ error: { code: "context_length_exceeded" } });
    expect(decode(`${chunks(delta({ content: "x" }))}data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n`).error).toMatchObject({ error: { kind: "overloaded", status: 503 } });
  });

  test("data that is no JSON ends the answer with an error, comments and blanks do not", () => {
    expect(decode(`: hello\n\ndata: \n\n${chunks(delta({ content: "x" }))}data: {oops\n\n`).error).toMatchObject({ error: { code: "upstream_malformed" } });
  });

  test("#109 one event of 20 MB", () => {
    const text = "é".repeat(10_000_000);
    expect((decode(chunks(delta({ content: text })) + end()).parts[0] as { text: string }).text.length).toBe(text.length);
  });
});

describe("what else is told", () => {
  test("annotations count from the start of their text", () => {
    const citation = { type: "url_citation", url_citation: { start_index: 5, end_index: 7, title: "T", url: "https://x.test" } };
    const { parts } = decode(chunks(delta({ content: "abcd" }), head(0, "a", "f"), args(0, "{}"), delta({ content: "efg" }), delta({ annotations: [citation] })) + end());
    expect(parts[2]).toMatchObject({ kind: "text", text: "efg", citations: [{ type: "url", url: "https://x.test", title: "T", start: 1, end: 3 }] });
  });

  test("annotations that come first wait for their text", () => {
    expect(decode(chunks(delta({ annotations: [{ type: "url_citation", url: "https://x.test" }] }), delta({ content: "a" })) + end()).parts).toMatchObject([{ text: "a", citations: [{ url: "https://x.test" }] }]);
  });

  test("images, audio and lists of content parts", () => {
    const { parts } = decode(chunks(
      delta({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }, { type: "text", text: "so" }] }),
      delta({ images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" }, index: 0 }] }),
      delta({ audio: { id: "au", transcript: "he" } }), delta({ audio: { data: "QUJD", transcript: "y" } }), delta({ audio: { data: "REVG", expires_at: 5 } }),
    ) + end());
    expect(kinds(parts)).toEqual(["reasoning", "text", "image", "audio"]);
    expect(parts[3]).toMatchObject({ id: "au", source: { data: "QUJDREVG" }, transcript: "hey" });
  });

  test("logprobs go with their text", () => {
    const logprobs = { content: [{ token: "x", logprob: -1, bytes: null, top_logprobs: [] }], refusal: null };
    expect(decode(chunks({ choices: [{ index: 0, delta: { content: "x" }, logprobs, finish_reason: null }] }) + end()).parts).toEqual([{ kind: "text", text: "x", logprobs: logprobs.content }]);
  });

  test("sealed reasoning details name their vendor", () => {
    const { parts } = decode(chunks(delta({ reasoning_details: [{ type: "reasoning.text", text: "hm", format: "anthropic-claude-v1" }] }), delta({ reasoning_details: [{ type: "reasoning.text", signature: "sig", format: "anthropic-claude-v1" }] }), delta({ content: "x" })) + end());
    expect(parts[0]).toMatchObject({ kind: "reasoning", text: "hm", seal: { vendor: "anthropic", form: "signature", value: "sig" } });
  });

  test("<think> at the start is reasoning where the server is known for it, however it is cut", () => {
    for (const size of [1, 3, 100]) {
      const pieces = ("<think>so\n</thin is not</think>\n\nHi <think>".match(new RegExp(`[^]{1,${size}}`, "g")) ?? []).map((content) => delta({ content }));
      const { parts } = decode(chunks(...pieces) + end(), { capabilities: { thinkTags: true } });
      expect(parts).toMatchObject([{ kind: "reasoning", text: "so\n</thin is not" }, { kind: "text", text: "Hi <think>" }]);
    }
    expect(decode(chunks(delta({ content: "<think>a</think>b" })) + end()).parts).toMatchObject([{ kind: "text", text: "<think>a</think>b" }]);
  });

  test("system_fingerprint and other members are residue", () => {
    expect(decode(chunks({ ...delta({ content: "x" }), system_fingerprint: "fp" }) + chunks({ ...delta({}, "stop"), citations: ["u"] })).response.residue).toEqual({ "openai-chat": { system_fingerprint: "fp", citations: ["u"] } });
  });
});

describe("properties", () => {
  const sse = chunks(delta({ role: "assistant", content: "" }), delta({ reasoning_content: "hm" }), delta({ content: "Grüße 👋" }), head(0, "a", "f"), args(0, '{"x":"é'), head(1, "b", "g"), args(1, "{}"), args(0, '"}'), { ...delta({}, "tool_calls"), usage: { prompt_tokens: 1, completion_tokens: 2 } }) + DONE;

  test("the pieces in which the stream comes do not matter, nor the line ends", () => {
    const whole = decode(sse).events;
    for (const text of [sse, sse.replaceAll("\n", "\r\n"), sse.replaceAll("\n", "\r")]) {
      const events: GenerateEvent[] = [];
      const decoder = openaiChat.createStreamDecoder(chatWorld().chat(), (event) => events.push(event));
      const reader = new SseReader((frame) => decoder.push(frame));
      for (let at = 0; at < text.length; at++) reader.push(text.charAt(at));
      decoder.end(reader.end());
      expect(events).toEqual(whole);
    }
  });

  test("a stream and a whole answer mean the same", () => {
    const calls = [{ id: "a", type: "function", function: { name: "f", arguments: '{"x":"é"}' } }, { id: "b", type: "function", function: { name: "g", arguments: "{}" } }];
    const body = { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "up", choices: [{ index: 0, message: { role: "assistant", content: "Grüße 👋", reasoning_content: "hm", tool_calls: calls }, finish_reason: "tool_calls" }], usage: { prompt_tokens: 1, completion_tokens: 2 } };
    const world = chatWorld();
    expect(openaiChat.decodeResponse(body, world.exchange(canonical(), openaiChat))).toEqual(decode(sse).response);
  });

  test("streams that were cut, doubled or shuffled never break the order of events", () => {
    const lines = sse.split(/(?<=\n\n)/);
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below;
    for (let round = 0; round < 300; round++) {
      const mangled = lines.flatMap((line) => (random(6) === 0 ? [] : random(6) === 0 ? [line, line] : [line]));
      if (random(3) === 0) mangled.sort(() => random(3) - 1);
      expectSerial(decode(mangled.join("")).events);
    }
  });
});

/** The six promises of the event stream. */
function expectSerial(events: readonly GenerateEvent[]): void {
  expect(events[0]?.type).toBe("response-start");
  expect(["response-end", "error"]).toContain(events.at(-1)?.type as string);
  const open = new Map<number, number>();
  const next = new Map<number, number>();
  for (const event of events) {
    if (event.type === "part-start") {
      expect(open.has(event.candidate)).toBe(false);
      expect(event.index).toBe(next.get(event.candidate) ?? 0);
      open.set(event.candidate, event.index);
      next.set(event.candidate, event.index + 1);
    } else if (event.type === "part-delta") expect(open.get(event.candidate)).toBe(event.index);
    else if (event.type === "part-end") {
      expect(open.get(event.candidate)).toBe(event.index);
      open.delete(event.candidate);
    } else if (event.type === "finish") expect(open.has(event.candidate)).toBe(false);
  }
}
