import { describe, expect, test } from "bun:test";
import type { GenerateRequest, Message, Part, ToolCallPart, ToolResultPart } from "../../canonical/index.ts";
import { openaiChat } from "./index.ts";
import { chatWorld, type ExchangeOptions } from "./testing.ts";

const call = (callId: string, name: string, args: string, rest: Partial<ToolCallPart> = {}): ToolCallPart => ({ kind: "tool-call", callId, name, variant: "function", argumentsText: args, complete: true, ...rest });
const result = (callId: string, text: string | Part[], rest: Partial<ToolResultPart> = {}): ToolResultPart => ({ kind: "tool-result", callId, variant: "function", content: typeof text === "string" ? [{ kind: "text", text }] : text, ...rest });
const user = (...parts: Part[]): Message => ({ role: "user", parts });
const assistant = (...parts: Part[]): Message => ({ role: "assistant", parts });
const say = (text: string): Part => ({ kind: "text", text });

function encode(request: Partial<GenerateRequest>, options?: ExchangeOptions) {
  const world = chatWorld();
  const exchange = world.chat(request, options);
  const { body } = openaiChat.encodeRequest(exchange.request, exchange);
  return { body: body as Record<string, never> & { messages: Record<string, unknown>[] }, losses: world.losses.map(({ code }) => code), paths: world.losses.map(({ path }) => path), exchange };
}

const fault = (request: Partial<GenerateRequest>, options?: ExchangeOptions): { code: string; path?: string } => {
  try {
    encode(request, options);
  } catch (error) {
    return error as { code: string; path?: string };
  }
  throw new Error("nothing was thrown");
};

const schema = { type: "object", properties: { p: { type: "string" } }, required: ["p"] };

describe("conversation", () => {
  test("#1 a whole second turn: one assistant message, results in call order, then the user", () => {
    const { body, losses } = encode({
      maxOutputTokens: 1000,
      tools: [{ kind: "function", name: "Read", description: "d", schema }],
      messages: [
        { role: "system", origin: "instructions", parts: [{ kind: "text", text: "S", cache: {} }] },
        user(say("hi")),
        assistant({ kind: "reasoning", text: "T", textKind: "raw", seal: { vendor: "anthropic", form: "signature", value: "sig", bindsTo: "self" } }, say("ok"), call("toolu_1", "Read", '{"p":"a"}'), call("toolu_2", "Read", '{"p":"b"}')),
        user(say("go on"), result("toolu_2", "B", { isError: true }), result("toolu_1", "A")),
      ],
    });
    expect(body).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "S" },
        { role: "user", content: "hi" },
        {
          role: "assistant",
          content: "ok",
          tool_calls: [
            { id: "toolu_1", type: "function", function: { name: "Read", arguments: '{"p":"a"}' } },
            { id: "toolu_2", type: "function", function: { name: "Read", arguments: '{"p":"b"}' } },
          ],
        },
        { role: "tool", tool_call_id: "toolu_1", content: "A" },
        { role: "tool", tool_call_id: "toolu_2", content: "Error: B" },
        { role: "user", content: "go on" },
      ],
      tools: [{ type: "function", function: { name: "Read", description: "d", parameters: schema } }],
      max_completion_tokens: 1000,
      stream: false,
    } as never);
    expect(losses).toContain("cache-mark");
    expect(losses).toContain("tool-result-error");
    expect(losses).toContain("reasoning-history");
  });

  test("the same request is written in the same bytes", () => {
    const request = { tools: [{ kind: "function", name: "f", schema }], sampling: { temperature: 1 }, stopSequences: ["x"] } as const;
    expect(JSON.stringify(encode(request).body)).toBe(JSON.stringify(encode(request).body));
  });

  test("#19 #22 only calls: content is null and an empty object is written", () => {
    const messages = [user(say("x")), assistant(call("c", "f", "")), user(result("c", "ok"))];
    expect(encode({ messages }).body.messages[1]).toEqual({ role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }] });
    expect(encode({ messages }, { capabilities: { nullContentOk: false } }).body.messages[1]?.content).toBe("");
  });

  test("#51 a result without content is an empty string", () => {
    expect(encode({ messages: [user(say("x")), assistant(call("c", "f", "{}")), user(result("c", []))] }).body.messages[2]).toEqual({ role: "tool", tool_call_id: "c", content: "" });
  });

  test("a failed result that says so itself is not told twice", () => {
    const { body, losses } = encode({ messages: [user(say("x")), assistant(call("c", "f", "{}")), user(result("c", "Error: no such file", { isError: true }))] });
    expect(body.messages[2]?.content).toBe("Error: no such file");
    expect(losses).not.toContain("tool-result-error");
  });

  test("#47 an image in a result moves into the user message after all results", () => {
    const image: Part = { kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" } };
    const { body } = encode({ messages: [user(say("x")), assistant(call("a", "f", "{}"), call("b", "f", "{}")), user(result("a", [say("see"), image]), result("b", "B"), say("and?"))] });
    expect(body.messages.slice(2)).toEqual([
      { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "see" }, { type: "text", text: "[image attached below]" }] },
      { role: "tool", tool_call_id: "b", content: "B" },
      { role: "user", content: [{ type: "text", text: "Attachments of tool call a:" }, { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }, { type: "text", text: "and?" }] },
    ]);
  });

  test("with toolImages an image stays in its result", () => {
    const image: Part = { kind: "image", source: { type: "url", url: "https://x.test/a.png" } };
    const { body } = encode({ messages: [user(say("x")), assistant(call("a", "f", "{}")), user(result("a", [image]))] }, { capabilities: { toolImages: true } });
    expect(body.messages[2]).toEqual({ role: "tool", tool_call_id: "a", content: [{ type: "image_url", image_url: { url: "https://x.test/a.png" } }] });
    expect(body.messages).toHaveLength(3);
  });

  test("#14 a developer message between call and result comes after the result", () => {
    const { body } = encode({ messages: [user(say("x")), assistant(call("a", "f", "{}"), call("b", "f", "{}")), { role: "system", origin: "developer", parts: [say("D")] }, user(result("a", "A"), result("b", "B")), user(say("y"))] });
    expect(body.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool", "system", "user"]);
  });

  test("#15 texts and calls of one turn are one message", () => {
    const { body } = encode({ messages: [user(say("x")), assistant(say("let me")), assistant(call("a", "f", "{}")), user(result("a", "A"))] });
    expect(body.messages[1]).toMatchObject({ role: "assistant", content: "let me", tool_calls: [{ id: "a" }] });
  });

  test("#28 a long call id is shortened alike on call and result", () => {
    const id = `call_${"x".repeat(80)}`;
    const { body } = encode({ messages: [user(say("x")), assistant(call(id, "f", "{}")), user(result(id, "A"))] });
    const wireId = (body.messages[1]?.tool_calls as { id: string }[])[0]?.id;
    expect(wireId).toHaveLength(64);
    expect(body.messages[2]?.tool_call_id).toBe(wireId as string);
  });

  test("#29 #32 #55 long names are mapped in declarations, choices and history alike", () => {
    const name = `mcp__0123456789abcdef0123456789abcdef__${"slack_search_".repeat(4)}`;
    const { body } = encode({ tools: [{ kind: "function", name }], toolChoice: { mode: "tool", name, variant: "function" }, messages: [user(say("x")), assistant(call("a", name, "{}")), user(result("a", "A"))] });
    const declared = (body.tools as unknown as { function: { name: string } }[])[0]?.function.name ?? "";
    expect(declared.length).toBeLessThanOrEqual(64);
    expect(body.tool_choice).toEqual({ type: "function", function: { name: declared } } as never);
    expect((body.messages[1]?.tool_calls as { function: { name: string } }[])[0]?.function.name).toBe(declared);
  });

  test("system blocks: one message each, or one in all, and developer where it is the word", () => {
    const messages: Message[] = [{ role: "system", origin: "system", parts: [say("A"), say("B")] }, { role: "system", origin: "developer", parts: [say("C")] }, user(say("x")), { role: "system", origin: "system", parts: [say("later")] }, user(say("y"))];
    expect(encode({ messages }).body.messages.slice(0, 2)).toEqual([{ role: "system", content: [{ type: "text", text: "A" }, { type: "text", text: "B" }] }, { role: "system", content: "C" }]);
    expect(encode({ messages }, { capabilities: { firstParty: false } }).body.messages[0]).toEqual({ role: "system", content: "A\n\nB" });
    expect(encode({ messages }, { capabilities: { developerRole: true } }).body.messages.map(({ role }) => role)).toEqual(["developer", "developer", "user", "developer", "user"]);
    const single = encode({ messages }, { capabilities: { singleSystem: true } }).body.messages;
    expect(single[0]).toEqual({ role: "system", content: "A\n\nB\n\nC" });
    expect(single.filter(({ role }) => role === "system")).toHaveLength(1);
    expect(JSON.stringify(single)).toContain("<system-reminder>");
  });

  test("#128 reasoning goes back where an open tool loop requires it", () => {
    const thought: Part = { kind: "reasoning", text: "hm", textKind: "raw" };
    const messages = [user(say("x")), assistant(thought, call("a", "f", "{}")), user(result("a", "A"))];
    expect(encode({ messages }, { capabilities: { reasoningReplay: "required" } }).body.messages[1]).toMatchObject({ reasoning_content: "hm" });
    expect(encode({ messages }).body.messages[1]).not.toHaveProperty("reasoning_content");
    const closed = [...messages, assistant(say("done")), user(say("more"))];
    expect(encode({ messages: closed }, { capabilities: { reasoningReplay: "required" } }).body.messages[1]).not.toHaveProperty("reasoning_content");
  });

  test("reasoning that the client lost comes from the memory of its call", () => {
    const world = chatWorld();
    world.context.sealer.remember("a", { seals: [], reasoningText: "remembered" });
    const exchange = world.chat({ messages: [user(say("x")), assistant(call("a", "f", "{}")), user(result("a", "A"))] }, { capabilities: { reasoningReplay: "required" } });
    const { messages } = openaiChat.encodeRequest(exchange.request, exchange).body as { messages: object[] };
    expect(messages[1]).toMatchObject({ reasoning_content: "remembered" });
  });

  test("#182 at most four cache marks, in the upstream's spelling, or none", () => {
    const marked = (text: string): Message => user({ kind: "text", text, cache: { ttl: "1h" } });
    const messages = ["a", "b", "c", "d", "e"].flatMap((text) => [marked(text), assistant(say("ok"))]);
    const count = (body: unknown, word: string) => JSON.stringify(body).split(word).length - 1;
    expect(count(encode({ messages }).body, "cache_control")).toBe(0);
    const kept = encode({ messages }, { capabilities: { cacheControlParts: true } });
    expect(count(kept.body, "cache_control")).toBe(4);
    expect(kept.body.messages[0]?.content).toBe("a");
    expect(kept.losses).toEqual(["cache-mark"]);
    expect(count(encode({ messages }, { capabilities: { promptCacheBreakpoints: true } }).body, "prompt_cache_breakpoint")).toBe(4);
  });
});

describe("media", () => {
  const content = (part: Part, options?: ExchangeOptions) => encode({ messages: [user(part)] }, options).body.messages[0]?.content;

  test("#174 a PDF is a file with its name", () => {
    expect(content({ kind: "file", filename: "a.pdf", source: { type: "base64", mimeType: "application/pdf", data: "JVBE" } })).toEqual([{ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } }]);
  });

  test("a text document is text with a line that names it", () => {
    expect(content({ kind: "file", title: "notes", source: { type: "text", mimeType: "text/plain", text: "T" } })).toBe("--- file: notes ---\nT");
  });

  test.each([
    [{ kind: "image", source: { type: "file-id", id: "f", vendor: "anthropic" }, path: "p" }],
    [{ kind: "file", source: { type: "url", url: "https://x.test/a.pdf" }, path: "p" }],
    [{ kind: "audio", source: { type: "base64", mimeType: "audio/flac", data: "" }, path: "p" }],
    [{ kind: "video", source: { type: "url", url: "https://x.test/a.mp4" }, path: "p" }],
  ] as [Part][])("what the wire has no word for is refused by path: %j", (part) => {
    expect(fault({ messages: [user(part)] })).toMatchObject({ code: "unsupported_parameter", path: "p" });
  });

  test("detail is kept, original becomes high", () => {
    const { body, losses } = encode({ messages: [user({ kind: "image", source: { type: "url", url: "u" }, detail: "original" })] });
    expect(body.messages[0]?.content).toEqual([{ type: "image_url", image_url: { url: "u", detail: "high" } }]);
    expect(losses).toEqual(["image-detail"]);
  });
});

describe("tools", () => {
  const fn = (name: string, rest = {}) => ({ kind: "function", name, schema, ...rest }) as const;

  test("#58 without tools there is no choice", () => {
    const { body } = encode({ toolChoice: { mode: "required" }, parallelToolCalls: false });
    expect(body).not.toHaveProperty("tools");
    expect(body).not.toHaveProperty("tool_choice");
    expect(body).not.toHaveProperty("parallel_tool_calls");
  });

  test("#56 parallel calls switched off", () => {
    expect(encode({ tools: [fn("f")], parallelToolCalls: false }).body).toMatchObject({ parallel_tool_calls: false });
  });

  test("#59 #61 custom tools are custom at OpenAI and functions elsewhere", () => {
    const request: Partial<GenerateRequest> = {
      tools: [{ kind: "custom", name: "apply_patch", description: "d", grammar: { syntax: "lark", definition: "start: X" } }],
      toolChoice: { mode: "tool", name: "apply_patch", variant: "custom" },
      messages: [user(say("x")), assistant(call("a", "apply_patch", "*** Begin", { variant: "custom" })), user(result("a", "ok", { variant: "custom" }))],
    };
    const own = encode(request).body;
    expect(own.tools).toEqual([{ type: "custom", custom: { name: "apply_patch", description: "d", format: { type: "grammar", grammar: { syntax: "lark", definition: "start: X" } } } }] as never);
    expect(own.messages[1]?.tool_calls).toEqual([{ id: "a", type: "custom", custom: { name: "apply_patch", input: "*** Begin" } }]);
    const other = encode(request, { capabilities: { firstParty: false } });
    expect(other.body.tools).toMatchObject([{ type: "function", function: { name: "apply_patch", parameters: { required: ["input"] } } }]);
    expect(JSON.stringify(other.body.tools)).toContain("start: X");
    expect(other.body.messages[1]?.tool_calls).toEqual([{ id: "a", type: "function", function: { name: "apply_patch", arguments: '{"input":"*** Begin"}' } }]);
    expect(other.body.tool_choice).toEqual({ type: "function", function: { name: "apply_patch" } } as never);
    expect(other.losses).toContain("custom-tool");
  });

  test("#63 of two declarations that are the same upstream the first counts", () => {
    const { body, losses } = encode({ tools: [fn("f", { description: "first" }), fn("f", { description: "second" })] });
    expect(body.tools).toMatchObject([{ function: { description: "first" } }]);
    expect(losses).toEqual(["duplicate-tool"]);
  });

  test("#205 strict: optional properties become required and nullable", () => {
    const open = { type: "object", properties: { a: { type: "string" }, b: { type: "number" } }, required: ["a"] };
    const { body } = encode({ tools: [fn("f", { schema: open, strict: true })] });
    expect(body.tools).toMatchObject([{ function: { strict: true, parameters: { required: ["a", "b"], additionalProperties: false } } }]);
  });

  test("#206 a schema that cannot be closed is not strict", () => {
    const { body, losses } = encode({ tools: [fn("f", { schema: { type: "object", properties: {}, additionalProperties: true }, strict: true })] });
    expect(body.tools).toMatchObject([{ function: { strict: false } }]);
    expect(losses).toContain("strict-tool");
  });

  test("allowed tools, also for servers that do not know the word", () => {
    const request: Partial<GenerateRequest> = { tools: [fn("a"), fn("b")], toolChoice: { mode: "allowed", allowedMode: "required", names: ["b"] } };
    expect(encode(request).body.tool_choice).toEqual({ type: "allowed_tools", allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "b" } }] } } as never);
    const other = encode(request, { capabilities: { firstParty: false } }).body;
    expect(other.tool_choice).toBe("required" as never);
    expect(other.tools).toHaveLength(1);
  });

  test("server tools: dropped, mapped to search options, or refused when forced", () => {
    const search = { kind: "server", family: "web-search", name: "web_search", type: "web_search_20250305", config: {}, webSearch: { maxUses: 3, userLocation: { city: "Bern" } }, path: "tools[0]" } as const;
    expect(encode({ tools: [search] }).losses).toEqual(["server-tool"]);
    const mapped = encode({ tools: [search] }, { capabilities: { webSearchOptions: true } });
    expect(mapped.body.web_search_options).toEqual({ user_location: { type: "approximate", approximate: { city: "Bern" } } } as never);
    expect(mapped.paths).toEqual(["tools[0].max_uses"]);
    expect(fault({ tools: [search], toolChoice: { mode: "tool", name: "web_search", variant: "server" } })).toMatchObject({ code: "unsupported_parameter", path: "tool_choice" });
    expect(fault({ tools: [{ kind: "server", family: "mcp", name: "x", type: "mcp", config: {}, path: "tools[0]" }] })).toMatchObject({ path: "tools[0]" });
  });
});

describe("parameters", () => {
  test.each([
    [{ mode: "budget", budget: 8192 }, "medium"],
    [{ mode: "effort", effort: "high" }, "high"],
    [{ mode: "off" }, "none"],
    [{ mode: "auto" }, undefined],
  ])("#138 #140 #144 reasoning %j", (reasoning, effort) => {
    expect(encode({ reasoning: { ...reasoning, from: "body" } as never }).body.reasoning_effort as unknown).toBe(effort);
  });

  test("#145 no effort beside tools where the endpoint refuses it", () => {
    const request: Partial<GenerateRequest> = { reasoning: { mode: "effort", effort: "high", from: "body" }, tools: [{ kind: "function", name: "f" }] };
    const { body, losses } = encode(request, { capabilities: { chatToolsWithEffort: false } });
    expect(body.reasoning_effort).toBe("none" as never);
    expect(losses).toContain("reasoning-adjusted");
  });

  test("#177 six stop sequences: four are sent, the rest is looked for here", () => {
    const { body, exchange } = encode({ stopSequences: ["1", "2", "3", "4", "5", "6"] });
    expect(body.stop).toEqual(["1", "2", "3", "4"] as never);
    expect(exchange.emulatedStops).toEqual(["5", "6"]);
    const refused = encode({ stopSequences: ["1"] }, { capabilities: { refusedFields: ["stop"] } });
    expect(refused.body).not.toHaveProperty("stop");
    expect(refused.exchange.emulatedStops).toEqual(["1"]);
    expect(encode({ stopSequences: ["1", "2", "3", "4", "5"] }, { policy: { stopEmulation: false } }).losses).toEqual(["unsupported-parameter"]);
  });

  test("#158 the limit under the name that the upstream knows, clamped to what it can", () => {
    expect(encode({ maxOutputTokens: 5 }, { capabilities: { maxTokensField: "max_tokens" } }).body).toMatchObject({ max_tokens: 5 });
    expect(encode({ maxOutputTokens: 500 }, { capabilities: { maxOutputTokens: 100 } })).toMatchObject({ body: { max_completion_tokens: 100 }, losses: ["output-limit"] });
  });

  test("usage is asked for in streams, unless it is refused", () => {
    expect(encode({ stream: true }).body.stream_options).toEqual({ include_usage: true } as never);
    expect(encode({ stream: true }, { capabilities: { includeUsageOk: false } }).body).not.toHaveProperty("stream_options");
    expect(encode({}).body).not.toHaveProperty("stream_options");
  });

  test("#192 what is dropped is reported under the caller's path", () => {
    const { paths } = encode({ sampling: { topK: 4 }, residue: { container: "c" }, wire: { generationConfig: { topK: 4 } } });
    expect(paths).toEqual(["container", "generationConfig.topK"]);
  });

  test.each([
    [{ state: { background: true } }, "background"],
    [{ state: { promptReference: { id: "x" } } }, "prompt"],
    [{ cache: { handle: "cachedContents/x" } }, "cachedContent"],
    [{ maxOutputTokens: 0 }, "max_tokens"],
  ] as [Partial<GenerateRequest>, string][])("what would change the question is refused: %j", (request, path) => {
    expect(fault(request)).toMatchObject({ code: "unsupported_parameter", path });
  });

  test("#184 a cache key from the session, no longer than 64", () => {
    const identity = { sessionId: "s".repeat(100) };
    expect(encode({ identity }).body).not.toHaveProperty("prompt_cache_key");
    expect((encode({ identity }, { policy: { deriveCacheKey: true } }).body.prompt_cache_key as unknown as string).length).toBe(64);
  });

  test("output format, modalities and service", () => {
    const { body } = encode({ output: { format: { type: "json-schema", schema: { type: "object" } }, modalities: ["text"], verbosity: "low" }, service: { tier: "standard_only" }, sampling: { candidateCount: 2, seed: 1 } });
    expect(body).toMatchObject({ response_format: { type: "json_schema", json_schema: { name: "response", schema: { type: "object" } } }, verbosity: "low", service_tier: "default", n: 2, seed: 1 });
    expect(body).not.toHaveProperty("modalities");
  });

  test("#188 a sealed digest is refused, a readable one becomes text", () => {
    expect(fault({ messages: [user({ kind: "compaction", vendor: "openai", encrypted: "x", path: "input[0]" }), user(say("x"))] })).toMatchObject({ code: "compaction_not_portable", path: "input[0]" });
    expect(JSON.stringify(encode({ messages: [user({ kind: "compaction", vendor: "openai", text: "earlier" }, say("x"))] }).body)).toContain("<conversation-summary>");
  });
});
