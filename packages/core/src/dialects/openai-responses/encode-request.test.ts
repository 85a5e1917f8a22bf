import { describe, expect, test } from "bun:test";
import type { GenerateRequest, JsonObject, Message, Part, Seal, ToolCallPart } from "../../canonical/index.ts";
import type { Capabilities, TranslationPolicy } from "../../capabilities.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { openaiResponses } from "./index.ts";

const vendors = [openaiResponses, { vendor: "anthropic", recognisesSeal: () => false }];

function request(fields: Partial<GenerateRequest>): GenerateRequest {
  return { dialect: "test-dialect", model: "m", stream: false, framing: "sse", messages: [user("hi")], tools: [], sampling: {}, residue: {}, ...fields };
}

function encode(fields: Partial<GenerateRequest>, options: { capabilities?: Capabilities; policy?: Partial<TranslationPolicy>; world?: ReturnType<typeof createTestWorld> } = {}) {
  const world = options.world ?? createTestWorld(vendors);
  const whole = request(fields);
  const exchange = world.exchange(whole, openaiResponses, { ...(options.capabilities && { capabilities: options.capabilities }), ...(options.policy && { policy: options.policy }) });
  return { body: openaiResponses.encodeRequest(whole, exchange).body, losses: world.losses, exchange };
}

const text = (value: string): Part => ({ kind: "text", text: value });
const user = (...parts: (string | Part)[]): Message => ({ role: "user", parts: parts.map((part) => (typeof part === "string" ? text(part) : part)) });
const assistant = (...parts: (string | Part)[]): Message => ({ ...user(...parts), role: "assistant" });
const call = (callId: string, name = "f", argumentsText = "{}"): ToolCallPart => ({ kind: "tool-call", callId, name, variant: "function", argumentsText, complete: true });
const result = (callId: string, ...content: Part[]): Part => ({ kind: "tool-result", callId, variant: "function", content });
const seal = (vendor: string, value: string): Seal => ({ vendor, form: "encrypted-content", value, bindsTo: "self" });
const reasoning = (vendor: string, value: string, words = "hm"): Part => ({ kind: "reasoning", text: words, textKind: "raw", itemId: "rs_1", seal: seal(vendor, value) });
const items = (body: JsonObject) => body.input as unknown as readonly JsonObject[];

describe("conversation", () => {
  test("the second turn of a coding client", () => {
    const { body } = encode({
      maxOutputTokens: 1000,
      messages: [
        { role: "system", origin: "instructions", parts: [{ kind: "text", text: "S", cache: {} }] },
        user("hi"),
        assistant({ kind: "reasoning", text: "T", textKind: "raw", seal: { vendor: "anthropic", form: "signature", value: "sig", bindsTo: "self" } }, "ok", call("toolu_1", "Read", "{\"p\":\"a\"}"), call("toolu_2", "Read", "{\"p\":\"b\"}")),
        user("go on", { kind: "tool-result", callId: "toolu_2", variant: "function", isError: true, content: [text("B")] }, result("toolu_1", text("A"))),
      ],
      tools: [{ kind: "function", name: "Read", description: "d", schema: { type: "object", properties: { p: { type: "string" } }, required: ["p"] } }],
    });
    expect(body).toEqual({
      model: "m",
      instructions: "S",
      input: [
        { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "ok" }] },
        { type: "function_call", call_id: "toolu_1", name: "Read", arguments: "{\"p\":\"a\"}" },
        { type: "function_call", call_id: "toolu_2", name: "Read", arguments: "{\"p\":\"b\"}" },
        { type: "function_call_output", call_id: "toolu_1", output: "A" },
        { type: "function_call_output", call_id: "toolu_2", output: "Error: B" },
        { type: "message", role: "user", content: [{ type: "input_text", text: "go on" }] },
      ],
      tools: [{ type: "function", name: "Read", description: "d", parameters: { type: "object", properties: { p: { type: "string" } }, required: ["p"] }, strict: false }],
      max_output_tokens: 1000,
      store: false,
      include: ["reasoning.encrypted_content"],
      stream: false,
    });
  });

  test("#16 text and call of one message become two items", () => {
    const { body } = encode({ messages: [user("q"), assistant("ok", call("c")), user(result("c", text("r")))] });
    expect(items(body).map((item) => item.type)).toEqual(["message", "message", "function_call", "function_call_output"]);
  });

  test("#46 #50 a result of several kinds is a list", () => {
    const { body } = encode({
      messages: [user("q"), assistant(call("c")), user(result("c", text("t"), { kind: "image", source: { type: "base64", mimeType: "image/png", data: "AA" } }, { kind: "file", source: { type: "base64", mimeType: "application/pdf", data: "BB" } }))],
    });
    expect(items(body).at(-1)).toEqual({
      type: "function_call_output", call_id: "c", output: [
        { type: "input_text", text: "t" }, { type: "input_image", image_url: "data:image/png;base64,AA", detail: "auto" }, { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,BB" },
      ],
    });
  });

  test("no content is an empty output", () => {
    expect(items(encode({ messages: [user("q"), assistant(call("c")), user(result("c"))] }).body).at(-1)).toEqual({ type: "function_call_output", call_id: "c", output: "" });
  });

  test("#28 a long call id is shortened alike on call and output", () => {
    const id = "c".repeat(90);
    const list = items(encode({ messages: [user("q"), assistant(call(id)), user(result(id, text("r")))] }).body);
    expect(String(list[1]?.call_id).length).toBeLessThanOrEqual(64);
    expect(list[2]?.call_id).toBe(list[1]?.call_id);
  });

  test("custom calls stay custom, and so do their results", () => {
    const { body } = encode({ messages: [user("q"), assistant({ ...call("c", "p", "free"), variant: "custom" }), user(result("c", text("r")))] });
    expect(items(body).slice(1)).toEqual([{ type: "custom_tool_call", call_id: "c", name: "p", input: "free" }, { type: "custom_tool_call_output", call_id: "c", output: "r" }]);
  });

  test("#173 a plain text document is text under its title", () => {
    const { body } = encode({ messages: [user({ kind: "file", source: { type: "text", mimeType: "text/plain", text: "body" }, title: "Notes" })] });
    expect(items(body)[0]).toMatchObject({ content: [{ type: "input_text", text: "# Notes\n\nbody" }] });
  });

  test("sound and other vendors' files are refused by their path", () => {
    const path = "messages[0].content[1]";
    expect(() => encode({ messages: [user("q", { kind: "audio", source: { type: "base64", mimeType: "audio/wav", data: "A" }, path })] })).toThrow(path);
    expect(() => encode({ messages: [user({ kind: "image", source: { type: "file-id", id: "f", vendor: "anthropic" }, path })] })).toThrow(path);
  });

  test("instructions of two kinds become a developer message, later ones stay in place", () => {
    const { body } = encode({
      messages: [{ role: "system", origin: "system", parts: [text("a")] }, { role: "system", origin: "developer", parts: [text("b")] }, user("q"), assistant("r"), { role: "system", origin: "system", parts: [text("c")] }, user("s")],
    });
    expect(body.instructions).toBeUndefined();
    expect(items(body).map((item) => item.role)).toEqual(["developer", "user", "assistant", "developer", "user"]);
    expect(items(body)[0]?.content).toEqual([{ type: "input_text", text: "a" }, { type: "input_text", text: "b" }]);
  });

  test("#182 marks become breakpoints where they are taken, at most four", () => {
    const marked = (value: string): Part => ({ kind: "text", text: value, cache: {} });
    const messages = [{ role: "system", origin: "system", parts: [marked("s")] } as Message, user(marked("1"), marked("2"), marked("3"), marked("4"))];
    const taken = JSON.stringify(encode({ messages }, { capabilities: { promptCacheBreakpoints: true } }).body.input);
    expect(taken.split("prompt_cache_breakpoint").length - 1).toBe(4);
    expect(taken).not.toContain('"text":"s","prompt_cache_breakpoint"');
    const refused = encode({ messages });
    expect(JSON.stringify(refused.body)).not.toContain("breakpoint");
    expect(refused.losses.filter((loss) => loss.code === "cache-mark")).toHaveLength(5);
  });

  test("#188 another vendor's digest cannot be opened", () => {
    expect(() => encode({ messages: [user({ kind: "compaction", vendor: "anthropic", encrypted: "x", path: "messages[0]" }, "q")] }))
      .toThrow(expect.objectContaining({ code: "compaction_not_portable", path: "messages[0]" }));
  });
});

describe("reasoning", () => {
  test("#121 sealed by OpenAI it goes before its call, without id and text", () => {
    const { body } = encode({ messages: [user("q"), assistant(reasoning("openai", "gAAAA1"), call("c")), user(result("c", text("r")))] });
    expect(items(body).slice(1, 3)).toEqual([{ type: "reasoning", summary: [], encrypted_content: "gAAAA1" }, { type: "function_call", call_id: "c", name: "f", arguments: "{}" }]);
  });

  test("foreign or unsealed it is left out and told", () => {
    const { body, losses } = encode({ messages: [user("q"), assistant(reasoning("google", "s"), { kind: "reasoning", text: "plain", textKind: "raw", path: "messages[1].reasoning_content" }, "a"), user("b")] });
    expect(JSON.stringify(body)).not.toContain("plain");
    expect(losses.map((loss) => loss.code)).toEqual(["foreign-seal", "foreign-reasoning", "foreign-reasoning"]);
  });

  test("reasoning that leads to nothing is left out", () => {
    const { body, losses } = encode({ messages: [user("q"), assistant("a", reasoning("openai", "gAAAA1")), user("b")] });
    expect(items(body).some((item) => item.type === "reasoning")).toBe(false);
    expect(losses.some((loss) => loss.code === "loose-reasoning")).toBe(true);
  });

  test("#117 a client that kept nothing but the call's id gets its seals back, once", () => {
    const world = createTestWorld(vendors);
    world.context.sealer.remember("c1", { seals: [seal("openai", "gAAAA1")], name: "f" });
    world.context.sealer.remember("c2", { seals: [seal("openai", "gAAAA2"), seal("google", "g")], name: "f" });
    const { body } = encode({ messages: [user("q"), assistant("ok", call("c1"), call("c2")), user(result("c1", text("r")), result("c2", text("r")))] }, { world });
    expect(items(body).slice(1, 6).map((item) => item.encrypted_content ?? item.type)).toEqual(["gAAAA1", "message", "function_call", "gAAAA2", "function_call"]);
    const both = encode({ messages: [user("q"), assistant(reasoning("openai", "gAAAA1"), call("c1")), user(result("c1", text("r")))] }, { world });
    expect(items(both.body).filter((item) => item.type === "reasoning")).toHaveLength(1);
  });

  test("levels and visibility", () => {
    const reasoningOf = (value: GenerateRequest["reasoning"], capabilities: Capabilities = {}) => encode({ ...(value && { reasoning: value }) }, { capabilities }).body.reasoning;
    expect(reasoningOf({ mode: "effort", effort: "high", visibility: "none", from: "body" })).toEqual({ effort: "high" });
    expect(reasoningOf({ mode: "budget", budget: 8192, visibility: "summarized", from: "body" })).toEqual({ effort: "medium", summary: "auto" });
    expect(reasoningOf({ mode: "effort", effort: "max", visibility: "detailed", from: "body" }, { reasoning: { levels: ["low", "medium", "high", "xhigh"] } })).toEqual({ effort: "xhigh", summary: "detailed" });
    expect(reasoningOf(undefined)).toBeUndefined();
    expect(reasoningOf({ mode: "effort", effort: "high", from: "body" }, { reasoning: { supported: false } })).toBeUndefined();
  });
});

describe("tools", () => {
  test("#207 not strict unless the caller said so; #204 an object at least", () => {
    const { body } = encode({ tools: [{ kind: "function", name: "a" }, { kind: "function", name: "b", schema: { type: "object", properties: { x: { type: "string" } }, required: ["x"] }, strict: true }] });
    expect(body.tools).toMatchObject([
      { name: "a", parameters: { type: "object", properties: {} }, strict: false },
      { name: "b", parameters: { type: "object", properties: { x: { type: "string" } }, required: ["x"], additionalProperties: false }, strict: true },
    ]);
  });

  test("#206 what cannot be strict is not, and it is told", () => {
    const { body, losses } = encode({ tools: [{ kind: "function", name: "a", schema: { type: "object", properties: {}, additionalProperties: true }, strict: true }] });
    expect(body.tools).toMatchObject([{ strict: false }]);
    expect(losses.map((loss) => loss.code)).toContain("strict-schema");
  });

  test("#29 long names are mapped in declarations, choice and history alike", () => {
    const name = `mcp__server__${"x".repeat(70)}`;
    const { body, exchange } = encode({ tools: [{ kind: "function", name }], toolChoice: { mode: "tool", name, variant: "function" }, messages: [user("q"), assistant(call("c", name)), user(result("c", text("r")))] });
    const mapped = exchange.names.toWire(name);
    expect(mapped.length).toBeLessThanOrEqual(64);
    expect(body.tools).toMatchObject([{ name: mapped }]);
    expect(body.tool_choice).toEqual({ type: "function", name: mapped });
    expect(items(body)[1]?.name).toBe(mapped);
  });

  test("#56 #58 choice and parallelism only beside tools", () => {
    expect(encode({ tools: [{ kind: "function", name: "a" }], parallelToolCalls: false, toolChoice: { mode: "required" } }).body).toMatchObject({ parallel_tool_calls: false, tool_choice: "required" });
    const bare = encode({ parallelToolCalls: false, toolChoice: { mode: "auto" } }).body;
    expect([bare.tools, bare.tool_choice, bare.parallel_tool_calls]).toEqual([undefined, undefined, undefined]);
  });

  test("server tools with a cousin here are translated, others told, a forced one refused", () => {
    const search = { kind: "server", family: "web-search", name: "web_search", type: "ws", config: {}, webSearch: { maxUses: 3, allowedDomains: ["a.b"], userLocation: { city: "Bern" } } } as const;
    const odd = { kind: "server", family: "maps", name: "maps", type: "maps_1", config: {}, path: "tools[1]" } as const;
    const { body, losses } = encode({ tools: [search, odd], toolChoice: { mode: "tool", name: "web_search", variant: "server" } });
    expect(body.tools).toEqual([{ type: "web_search", filters: { allowed_domains: ["a.b"] }, user_location: { type: "approximate", city: "Bern" } }]);
    expect(body.tool_choice).toEqual({ type: "web_search" });
    expect(losses.map((loss) => loss.code)).toEqual(["unsupported-parameter", "unsupported-tool"]);
    expect(() => encode({ tools: [odd], toolChoice: { mode: "tool", name: "maps", variant: "server" } })).toThrow("tools[1]");
  });

  test("pictures come from a tool, sound is refused", () => {
    const { body, losses } = encode({ output: { modalities: ["text", "image"] } });
    expect(body.tools).toEqual([{ type: "image_generation" }]);
    expect(losses).toMatchObject([{ code: "output-modality", path: "modalities" }]);
    expect(() => encode({ output: { modalities: ["audio"] } })).toThrow("modalities");
  });

  test("a few allowed tools", () => {
    const { body } = encode({ tools: [{ kind: "function", name: "a" }, { kind: "custom", name: "b" }], toolChoice: { mode: "allowed", allowedMode: "required", names: ["a", "b"] } });
    expect(body.tool_choice).toEqual({ type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "a" }, { type: "custom", name: "b" }] });
  });
});

describe("settings", () => {
  test("#178 stops are cut by the gateway, or told", () => {
    const wire = { stop_sequences: ["X"] };
    const emulated = encode({ stopSequences: ["X"], wire });
    expect(emulated.exchange.emulatedStops).toEqual(["X"]);
    expect(emulated.losses).toMatchObject([{ code: "stop-sequences", path: "stop_sequences", action: "converted" }]);
    expect(encode({ stopSequences: ["X"], wire }, { policy: { stopEmulation: false } }).losses).toMatchObject([{ path: "stop_sequences", action: "dropped" }]);
  });

  test("#159 the output limit, not below the least and left out where it is refused", () => {
    expect(encode({ maxOutputTokens: 5 }).body.max_output_tokens).toBe(16);
    expect(encode({ maxOutputTokens: 5000 }, { capabilities: { maxOutputTokens: 4096 } }).body.max_output_tokens).toBe(4096);
    const codex = encode({ maxOutputTokens: 5000, sampling: { temperature: 1 } }, { capabilities: { refusedFields: ["max_output_tokens", "temperature"], streamOnly: true } });
    expect(codex.body).not.toHaveProperty("max_output_tokens");
    expect(codex.body.stream).toBe(true);
    expect(codex.losses.map((loss) => loss.path)).toEqual(["max_output_tokens", "temperature"]);
  });

  test("what has no field is told in the caller's spelling; two answers are refused", () => {
    const { losses } = encode({ sampling: { topK: 3, seed: 1, logitBias: { a: 1 } }, wire: { generationConfig: { topK: 3, seed: 1 } }, residue: { logit_thing: 1 } });
    expect(losses.map((loss) => loss.path)).toEqual(["logit_thing", "generationConfig.topK", "generationConfig.seed", "logit_bias"]);
    expect(() => encode({ sampling: { candidateCount: 2 } })).toThrow(expect.objectContaining({ code: "unsupported_parameter", path: "n" }));
  });

  test("#184 formats, cache key, tiers, ids", () => {
    const { body } = encode(
      { output: { format: { type: "json-schema", name: "my schema", schema: { type: "object" } }, verbosity: "low" }, identity: { endUserId: "u", sessionId: "s-1", metadata: { a: "b" } }, service: { speed: "fast" } },
      { policy: { deriveCacheKey: true } },
    );
    expect(body).toMatchObject({ text: { format: { type: "json_schema", name: "my_schema", strict: false }, verbosity: "low" }, user: "u", prompt_cache_key: "s-1", metadata: { a: "b" }, service_tier: "priority" });
    const long = encode({ identity: { endUserId: "u".repeat(65) }, service: { tier: "batch" } });
    expect([long.body.user, long.body.service_tier]).toEqual([undefined, undefined]);
    expect(long.losses).toHaveLength(2);
  });

  test("counting asks with what counts only", () => {
    const whole = request({ maxOutputTokens: 100, sampling: { temperature: 1 }, tools: [{ kind: "function", name: "f" }] });
    const wire = openaiResponses.counting?.encodeCountRequest(whole, createTestWorld(vendors).exchange(whole, openaiResponses));
    expect(wire?.path).toBe("/responses/input_tokens");
    expect(Object.keys(wire?.body ?? {}).sort()).toEqual(["input", "model", "tools"]);
  });
});
