import { describe, expect, test } from "bun:test";
import type { GenerateEvent, GenerateRequest, GenerateResponse, JsonObject, Part, ToolCallPart } from "../../canonical/index.ts";
import type { ClientTraits } from "../../capabilities.ts";
import { GatewayError } from "../../errors/index.ts";
import { openaiChat } from "./index.ts";
import { chatWorld, chunks, chunksOf, decodeStream, delta, DONE, eventsOf, foldEvents, foldStrictly, writesOf } from "./testing.ts";

const call = (callId: string, name: string, text: string, rest: Partial<ToolCallPart> = {}): ToolCallPart => ({ kind: "tool-call", callId, name, variant: "function", argumentsText: text, complete: true, ...rest });
const answer = (parts: Part[], rest: Partial<GenerateResponse> = {}, reason: "end" | "tool-use" = "end"): GenerateResponse => ({ id: "r", model: "up", candidates: [{ index: 0, parts, finish: { reason } }], ...rest });

function encode(response: GenerateResponse | GenerateEvent[], request: Partial<GenerateRequest> = {}, client: ClientTraits = {}) {
  const world = chatWorld(client);
  const events = Array.isArray(response) ? response : eventsOf(response);
  const writes = writesOf(events, world.chat({ stream: true, ...request }));
  return { writes, chunks: chunksOf(writes), losses: world.losses.map(({ code }) => code), world };
}

describe("grammar", () => {
  test("#80 #83 one role first, one finish, [DONE] last, one event each write", () => {
    const { writes, chunks: list } = encode(answer([{ kind: "reasoning", text: "hm", textKind: "raw" }, { kind: "text", text: "Hi" }]));
    expect(foldStrictly(writes)).toEqual([{ role: "assistant", content: "Hi", refusal: "", reasoning: "hm", finish: "stop", calls: [] }]);
    expect(list[0]).toEqual({ id: "r", object: "chat.completion.chunk", created: 1_795_219_200, model: "m", choices: [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }] });
    expect(list.at(-1)).toMatchObject({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  });

  test("all chunks share id, created and model", () => {
    const { chunks: list } = encode(answer([{ kind: "text", text: "a" }], { createdAt: 7, serviceTier: "flex" }));
    expect(new Set(list.map(({ id, created, model, service_tier }) => JSON.stringify([id, created, model, service_tier])))).toEqual(new Set(['["r",7,"m","flex"]']));
  });

  const usage = { inputFresh: 100, cacheRead: 900, cacheWrite: 50, outputVisible: 20 };

  test("#81 usage that was not asked for is not told, not even as null", () => {
    expect(encode(answer([{ kind: "text", text: "a" }], { usage })).writes.join("")).not.toContain("usage");
  });

  test("#82 usage that was asked for comes after the finish, and is null before", () => {
    const { chunks: list } = encode(answer([{ kind: "text", text: "a" }], { usage }), { includeUsage: true });
    expect(list.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 1050, completion_tokens: 20, total_tokens: 1070, prompt_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 } } });
    expect(list.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  test("#110 a comment keeps the line alive, never an event", () => {
    expect(openaiChat.createStreamEncoder(chatWorld().chat(), () => undefined).keepAlive()).toBe(": keep-alive\n\n");
  });

  test("several candidates: a role and a finish for each", () => {
    const { writes } = encode({ id: "r", model: "up", candidates: [0, 1].map((index) => ({ index, parts: [{ kind: "text", text: `t${index}` }], finish: { reason: "end" } })) });
    expect(foldStrictly(writes).map(({ role, content, finish }) => [role, content, finish])).toEqual([["assistant", "t0", "stop"], ["assistant", "t1", "stop"]]);
  });

  test("#223 an error ends the stream: no finish, then [DONE], and nothing after", () => {
    const events = eventsOf(answer([{ kind: "text", text: "a" }]));
    const cut: GenerateEvent[] = [...events.slice(0, 3), { type: "error", error: new GatewayError("overloaded", { source: "upstream", message: "busy" }) }, ...events.slice(3)];
    const { writes } = encode(cut);
    expect(writes.slice(-2)).toEqual(['data: {"error":{"message":"busy","type":"server_error","param":null,"code":"overloaded"}}\n\n', DONE]);
    expect(writes.join("")).not.toContain('"finish_reason":"');
  });

  test("every character of text survives, and every chunk is one line", () => {
    const text = 'line\nbreak "quote" \\ \u2028 \u0000 é 👋 \ud83d';
    expect(foldStrictly(encode(answer([{ kind: "text", text }])).writes)[0]?.content).toBe(text);
  });
});

describe("calls", () => {
  test("#35 #36 calls are counted by themselves, whatever stands between them", () => {
    const { writes } = encode(answer([{ kind: "reasoning", text: "a", textKind: "raw" }, call("c1", "f", '{"x":1}'), { kind: "text", text: "b" }, call("c2", "g", "{}")], {}, "tool-use"));
    expect(foldStrictly(writes)).toMatchObject([{ finish: "tool_calls", calls: [{ id: "c1", type: "function", name: "f", text: '{"x":1}' }, { id: "c2", name: "g", text: "{}" }] }]);
  });

  test("#23 a call without arguments gets an empty object", () => {
    const { chunks: list } = encode(answer([call("c", "f", "")], {}, "tool-use"));
    expect(list.slice(1, 3).map((chunk) => (chunk.choices as JsonObject[])[0]?.delta)).toEqual([
      { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: "{}" } }] },
    ]);
  });

  test("arguments stream on piece by piece", () => {
    const events: GenerateEvent[] = [
      { type: "response-start", id: "r", model: "m" },
      { type: "part-start", candidate: 0, index: 0, part: call("c", "f", "") },
      ...['{"a', '":1}'].map((text): GenerateEvent => ({ type: "part-delta", candidate: 0, index: 0, delta: { type: "arguments", text } })),
      { type: "part-end", candidate: 0, index: 0, part: call("c", "f", '{"a":1}') },
      { type: "finish", candidate: 0, finish: { reason: "tool-use" } },
      { type: "response-end" },
    ];
    const { writes } = encode(events);
    expect(writes.filter((text) => text.includes('{"index":0,"function"'))).toHaveLength(2);
    expect(foldStrictly(writes)[0]?.calls[0]?.text).toBe('{"a":1}');
  });

  const patch = call("c", "p", 'a "quoted"\nline 👋', { variant: "custom" });

  test("custom calls as custom for those who declared them, wrapped for the others", () => {
    const declared = encode(answer([patch], {}, "tool-use"), { tools: [{ kind: "custom", name: "p" }] });
    expect(foldStrictly(declared.writes)[0]?.calls).toEqual([{ id: "c", type: "custom", name: "p", text: patch.argumentsText }]);
    for (const wrapped of [encode(answer([patch], {}, "tool-use")), encode(answer([patch], {}, "tool-use"), { tools: [{ kind: "custom", name: "p" }] }, { customCallsAs: "function" })]) {
      const [folded] = foldStrictly(wrapped.writes)[0]?.calls ?? [];
      expect(folded).toMatchObject({ type: "function", name: "p" });
      expect(JSON.parse(folded?.text ?? "")).toEqual({ input: patch.argumentsText });
    }
  });

  test("a client of `functions` gets function_call, and one call only", () => {
    const request = { dialect: "openai-chat", wire: { functions: [] } };
    const { chunks: list, losses } = encode(answer([call("c", "f", "{}"), call("d", "g", "{}")], {}, "tool-use"), request);
    const deltas = list.map((chunk) => (chunk.choices as JsonObject[])[0]?.delta as JsonObject).filter(({ function_call }) => function_call !== undefined);
    expect(deltas).toEqual([{ function_call: { name: "f", arguments: "" } }, { function_call: { arguments: "{}" } }]);
    expect((list.at(-1)?.choices as JsonObject[])[0]?.finish_reason).toBe("function_call");
    expect(losses).toEqual(["parallel-call"]);
  });

  const google = { vendor: "google", form: "thought-signature", value: "EbaRe", bindsTo: "self" } as const;

  test("#117 Google's seal travels on the call and is remembered under its id", () => {
    const { writes, world } = encode(answer([{ kind: "reasoning", text: "hm", textKind: "raw" }, call("c", "f", "{}", { seal: google })], {}, "tool-use"));
    expect(foldStrictly(writes)[0]?.calls[0]?.extra).toEqual({ google: { thought_signature: "EbaRe" } });
    expect(world.context.sealer.recall("c")).toEqual({ seals: [{ ...google, bindKind: "tool-call" }], name: "f", reasoningText: "hm" });
  });

  test("a seal that is known from the start stands in the call's first chunk, once", () => {
    const part = call("c", "f", "{}", { seal: google });
    const { writes } = encode([{ type: "response-start", id: "r", model: "m" }, { type: "part-start", candidate: 0, index: 0, part }, { type: "part-end", candidate: 0, index: 0, part }, { type: "finish", candidate: 0, finish: { reason: "tool-use" } }, { type: "response-end" }]);
    expect(writes.join("").split("thought_signature")).toHaveLength(2);
    expect(writes[1]).toContain("thought_signature");
    expect(foldStrictly(writes)[0]?.calls[0]).toMatchObject({ text: "{}" });
  });

  test("other vendors' seals are remembered and never shown", () => {
    const seal = { vendor: "anthropic", form: "signature", value: "sig", bindsTo: "self" } as const;
    const { writes, world } = encode(answer([{ kind: "reasoning", text: "one", textKind: "raw", seal }, { kind: "text", text: "x" }, { kind: "reasoning", text: "two", textKind: "raw", seal: { ...seal, value: "sig2" } }, call("c", "f", "{}"), call("d", "g", "{}")], {}, "tool-use"));
    expect(writes.join("")).not.toContain("sig");
    expect(world.context.sealer.recall("c")).toMatchObject({ seals: [{ value: "sig" }, { value: "sig2" }], reasoningText: "one\n\ntwo", reasoning: [{ text: "one" }, { text: "two" }] });
    expect(world.context.sealer.recall("d")).toBeUndefined();
  });

  test("plain reasoning is remembered only for upstreams that want it back", () => {
    const events = eventsOf(answer([{ kind: "reasoning", text: "hm", textKind: "raw" }, call("c", "f", "{}")], {}, "tool-use"));
    const world = chatWorld();
    writesOf(events, world.chat());
    expect(world.context.sealer.recall("c")).toBeUndefined();
    writesOf(events, world.chat({}, { capabilities: { reasoningReplay: "required" } }));
    expect(world.context.sealer.recall("c")?.reasoningText).toBe("hm");
  });
});

describe("other parts", () => {
  test("several thoughts are kept apart by a blank line, summaries too", () => {
    const { writes } = encode(answer([{ kind: "reasoning", text: "a\n\nb", textKind: "summary", summary: ["a", "b"] }, { kind: "text", text: "x" }, { kind: "reasoning", text: "c", textKind: "raw" }]));
    expect(foldStrictly(writes)[0]).toMatchObject({ reasoning: "a\n\nb\n\nc", content: "x" });
  });

  test("thoughts are hidden from a client that does not want them", () => {
    const { writes } = encode(answer([{ kind: "reasoning", text: "secret", textKind: "raw" }, { kind: "text", text: "x" }]), { reasoning: { mode: "default", visibility: "none", from: "body" } });
    expect(writes.join("")).not.toContain("secret");
  });

  test("#114 citations become annotations whose offsets count from the start of the message", () => {
    const citation = { type: "url", url: "https://x.test", start: 0, end: 2 } as const;
    const { chunks: list, losses } = encode(answer([{ kind: "text", text: "abc" }, { kind: "text", text: "def", citations: [citation, { type: "document", index: 0, unit: "char", start: 0, end: 1 }] }]));
    const annotations = list.flatMap((chunk) => ((chunk.choices as JsonObject[])[0]?.delta as JsonObject).annotations ?? []);
    expect(annotations).toEqual([{ type: "url_citation", url_citation: { start_index: 3, end_index: 5, title: "", url: "https://x.test" } }]);
    expect(losses).toEqual(["citation"]);
  });

  test("#115 parts without a place are lost with a note, and disturb nothing", () => {
    const { writes, losses } = encode(answer([{ kind: "server-tool-call", callId: "s", family: "web-search", name: "web_search" }, call("c", "f", "{}")], {}, "tool-use"));
    expect(foldStrictly(writes)[0]?.calls).toHaveLength(1);
    expect(losses).toEqual(["unsupported-part"]);
  });

  test("a refusal in its own field ends with stop; without one it is a content filter", () => {
    const refusing = (parts: Part[]) => foldStrictly(encode({ ...answer([]), candidates: [{ index: 0, parts, finish: { reason: "refusal" } }] }).writes)[0];
    expect(refusing([{ kind: "refusal", text: "no" }])).toMatchObject({ refusal: "no", finish: "stop" });
    expect(refusing([{ kind: "text", text: "no" }])).toMatchObject({ content: "no", finish: "content_filter" });
  });

  test("#105 #107 nothing at all: a filtered prompt, and a call that could not be read", () => {
    const only = (reason: "content-filter" | "malformed-tool-call", parts: Part[] = []) => encode({ ...answer([]), candidates: [{ index: 0, parts, finish: { reason } }] }).writes;
    expect(foldStrictly(only("content-filter"))[0]).toMatchObject({ content: "", finish: "content_filter" });
    expect(only("malformed-tool-call").at(-2)).toContain('"code":"upstream_error"');
    expect(foldStrictly(only("malformed-tool-call", [{ kind: "text", text: "x" }]))[0]?.finish).toBe("stop");
  });

  test("#191 images, audio and logprobs", () => {
    const logprobs = [{ token: "x", logprob: -1, bytes: null, top_logprobs: [] }];
    const { chunks: list } = encode(answer([{ kind: "text", text: "x", logprobs }, { kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" } }, { kind: "audio", id: "au", source: { type: "base64", mimeType: "audio/wav", data: "QUJD" }, transcript: "hey" }]));
    const all = JSON.stringify(list);
    expect(all).toContain('"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"},"index":0}]');
    expect(all).toContain('"audio":{"data":"QUJD","transcript":"hey"}');
    expect(all).toContain(`"logprobs":{"content":${JSON.stringify(logprobs)},"refusal":null}`);
  });
});

test("what an upstream of this dialect streams arrives as it was", () => {
  const text = chunks(
    delta({ role: "assistant", content: "" }), { ...delta({ reasoning_content: "hm" }), system_fingerprint: "fp" }, delta({ content: "Hi" }),
    delta({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" }, extra_content: { google: { thought_signature: "EbaRe" } } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '{"x":1}' } }] }),
    { ...delta({}, "tool_calls"), citations: ["u"] }, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.1 } },
  ) + DONE;
  const world = chatWorld();
  const exchange = world.chat({ model: "up", includeUsage: true });
  const once = decodeStream(text, exchange);
  const twice = decodeStream(writesOf(once, exchange).join(""), exchange);
  expect(foldEvents(twice)).toEqual(foldEvents(once));
  expect(world.losses).toEqual([]);
});
