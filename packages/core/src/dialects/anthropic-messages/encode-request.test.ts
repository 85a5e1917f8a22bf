// Requests of another dialect, written for this one. Every hard constraint of the API has a test here.
import { describe, expect, test } from "bun:test";
import { parseArguments, type GenerateRequest, type JsonObject, type Loss, type Message, type Part, type Tool, type ToolCallPart } from "../../canonical/index.ts";
import type { Capabilities, TranslationPolicy } from "../../capabilities.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { anthropicMessages } from "./index.ts";

const OPENAI = { vendor: "openai", recognisesSeal: (value: string) => value.startsWith("gAAAA") };

const user = (...parts: (string | Part)[]): Message => ({ role: "user", parts: parts.map(asPart) });
const assistant = (...parts: (string | Part)[]): Message => ({ role: "assistant", parts: parts.map(asPart) });
const system = (text: string, origin: Message["origin"] = "system"): Message => ({ role: "system", origin: origin ?? "system", parts: [{ kind: "text", text }] });
const asPart = (part: string | Part): Part => (typeof part === "string" ? { kind: "text", text: part } : part);
const call = (callId: string, name = "f", argumentsText = "{}"): ToolCallPart => {
  const parsed = parseArguments(argumentsText);
  return { kind: "tool-call", callId, name, variant: "function", argumentsText, ...(parsed !== undefined && { arguments: parsed }), complete: true };
};
const result = (callId: string, ...content: (string | Part)[]): Part => ({ kind: "tool-result", callId, variant: "function", content: content.map(asPart) });
const tool = (name = "f", extra: object = {}): Tool => ({ kind: "function", name, schema: { type: "object", properties: { p: { type: "string" } } }, ...extra }) as Tool;

interface Options {
  readonly capabilities?: Capabilities;
  readonly policy?: Partial<TranslationPolicy>;
}

function encode(request: Partial<GenerateRequest>, options: Options = {}, at = createTestWorld([anthropicMessages, OPENAI])) {
  const whole: GenerateRequest = { dialect: "elsewhere", model: "m", stream: false, framing: "sse", messages: [user("hi")], tools: [], sampling: {}, residue: {}, ...request };
  const exchange = at.exchange(whole, anthropicMessages, options);
  const wire = anthropicMessages.encodeRequest(whole, exchange);
  return { ...wire, body: wire.body as Body, losses: at.losses as readonly Loss[], exchange };
}

interface Body extends JsonObject {
  readonly messages: { role: string; content: { type: string; [key: string]: unknown }[] }[] & JsonObject[];
}

const types = (body: Body) => body.messages.map((message) => [message.role, ...message.content.map((block) => block.type)]);

describe("hard constraints", () => {
  test("1 #157 max_tokens is always there: the request's, the model's, the default", () => {
    expect(encode({ maxOutputTokens: 5 }).body.max_tokens).toBe(5);
    expect(encode({ maxOutputTokens: 0 }).body.max_tokens).toBe(0);
    expect(encode({}).body.max_tokens).toBe(8192);
    expect(encode({}, { capabilities: { maxOutputTokens: 4096 } }).body.max_tokens).toBe(4096);
    expect(encode({}, { capabilities: { maxOutputTokens: 128_000 } }).body.max_tokens).toBe(32_000);
    const clamped = encode({ maxOutputTokens: 9000, wire: { max_completion_tokens: 9000 } }, { capabilities: { maxOutputTokens: 4096 } });
    expect(clamped.body.max_tokens).toBe(4096);
    expect(clamped.losses).toMatchObject([{ code: "clamped", path: "max_completion_tokens" }]);
  });

  test("2 #165 #166 the first message is the user's", () => {
    expect(encode({ messages: [assistant("a"), user("b")] }).body.messages[0]?.role).toBe("user");
    expect(types(encode({ messages: [system("only")] }).body)).toEqual([["user", "text"]]);
  });

  test("3 #17 #18 no blank text blocks", () => {
    const { body } = encode({ tools: [tool()], messages: [user("a", " \n"), assistant("", call("c1")), user(result("c1", "")), assistant({ kind: "text", text: "x" }), user("")] });
    for (const message of body.messages) for (const block of message.content) if (block.type === "text") expect(String(block.text).trim()).not.toBe("");
    expect(types(body).slice(0, 3)).toEqual([["user", "text"], ["assistant", "tool_use"], ["user", "tool_result"]]);
    expect(body.messages[2]?.content[0]).not.toHaveProperty("content");
  });

  test("4 #2 #3 #4 results come first in the next user message, in call order, one each", () => {
    const { body } = encode({ tools: [tool()], messages: [user("a"), assistant("t", call("c1"), call("c2")), user("between"), user(result("c2", "B")), user(result("c1", "A"))] });
    expect(types(body)).toEqual([["user", "text"], ["assistant", "text", "tool_use", "tool_use"], ["user", "tool_result", "tool_result", "text"]]);
    expect(body.messages[2]?.content.map((block) => block.tool_use_id ?? block.text)).toEqual(["c1", "c2", "between"]);
  });

  test("4 #5 a missing result is made up, as an error", () => {
    const { body, losses } = encode({ tools: [tool()], messages: [user("a"), assistant(call("c1"), call("c2")), user(result("c1", "A")), assistant("b"), user("c")] });
    expect(body.messages[2]?.content).toMatchObject([{ tool_use_id: "c1" }, { tool_use_id: "c2", is_error: true }]);
    expect(losses.length).toBeGreaterThan(0);
  });

  test("5 #27 ids have legal characters, alike in call and result", () => {
    const { body } = encode({ tools: [tool()], messages: [user("a"), assistant(call("functions.f:0")), user(result("functions.f:0", "A"))] });
    expect(body.messages[1]?.content[0]?.id).toBe("functions_f_0");
    expect(body.messages[2]?.content[0]?.tool_use_id).toBe("functions_f_0");
  });

  test("6 #20 #21 input is an object", () => {
    const inputs = ["", "{\"a\":1}", "[1,2]", "{broken", JSON.stringify("{\"a\":2}")].map((text) => {
      const { body, losses } = encode({ tools: [tool()], messages: [user("a"), assistant(call("c", "f", text)), user(result("c", "r"))] });
      return [body.messages[1]?.content[0]?.input, losses.map((loss) => loss.code)];
    });
    expect(inputs).toEqual([[{}, []], [{ a: 1 }, []], [{ _raw: "[1,2]" }, ["invalid-arguments"]], [{ _raw: "{broken" }, ["invalid-arguments"]], [{ a: 2 }, []]]);
  });

  test("7 #203 #204 the schema's root is an object without unions", () => {
    const schemas = [undefined, null, { anyOf: [{ type: "object", properties: { a: { type: "string" } } }, { type: "object", properties: { b: { type: "string" } } }] }];
    for (const schema of schemas) {
      const { body } = encode({ tools: [{ kind: "function", name: "f", ...(schema !== undefined && { schema }) }] });
      const [declared] = body.tools as unknown as { input_schema: JsonObject }[];
      expect(declared?.input_schema.type).toBe("object");
      for (const union of ["anyOf", "oneOf", "allOf"]) expect(declared?.input_schema).not.toHaveProperty(union);
    }
  });

  test("7 property names are legal, and arguments in history go along", () => {
    const schema = { type: "object", properties: { "a b": { type: "string" } } };
    const { body } = encode({ tools: [tool("f", { schema })], messages: [user("a"), assistant(call("c", "f", '{"a b":"x"}')), user(result("c", "r"))] });
    const [declared] = body.tools as unknown as { input_schema: { properties: JsonObject } }[];
    const [name] = Object.keys(declared?.input_schema.properties ?? {});
    expect(name).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
    expect(body.messages[1]?.content[0]?.input).toEqual({ [name ?? ""]: "x" });
  });

  test("8 #183 at most four cache marks, the earliest of messages going first", () => {
    const marked = (text: string): Part => ({ kind: "text", text, cache: {} });
    const messages: Message[] = [{ role: "system", origin: "system", parts: [marked("s")] }, user(marked("1")), assistant(marked("2")), user(marked("3")), assistant("x"), user(marked("4"))];
    const { body, losses } = encode({ messages, tools: [tool("f", { cache: {} })] });
    expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(4);
    expect(body.messages.flatMap((message) => message.content.filter((block) => block.cache_control !== undefined).map((block) => block.text))).toEqual(["3", "4"]);
    expect(losses.map((loss) => loss.code)).toEqual(["cache-mark"]);
  });

  test("8 an hour does not come after five minutes, and no mark stands on thinking", () => {
    const sealed: Part = { kind: "reasoning", text: "t", textKind: "summary", cache: {}, seal: { vendor: "anthropic", form: "signature", value: "Eq", bindsTo: "self" } };
    const { body } = encode({ messages: [user({ kind: "text", text: "1", cache: { ttl: "1h" } }), assistant(sealed, { kind: "text", text: "2", cache: { ttl: "5m" } }), user({ kind: "text", text: "3", cache: { ttl: "1h" } })] });
    expect(body.messages.map((message) => message.content.map((block) => block.cache_control ?? null))).toEqual([
      [{ type: "ephemeral", ttl: "1h" }], [null, { type: "ephemeral", ttl: "5m" }], [{ type: "ephemeral" }],
    ]);
  });

  test("9 #119 #120 thinking goes back byte for byte under the vendor's own seal, before the call", () => {
    const thought: Part = { kind: "reasoning", text: " T\n", textKind: "summary", seal: { vendor: "anthropic", form: "signature", value: "EqQB+/=", bindsTo: "self" } };
    const hidden: Part = { kind: "reasoning", text: "", textKind: "none", redacted: true, seal: { vendor: "anthropic", form: "redacted", value: "Em", bindsTo: "self" } };
    const { body, losses } = encode({ tools: [tool()], messages: [user("a"), assistant(thought, hidden, call("c")), user(result("c", "r"))] });
    expect(body.messages[1]?.content.slice(0, 2)).toEqual([{ type: "thinking", thinking: " T\n", signature: "EqQB+/=" }, { type: "redacted_thinking", data: "Em" }]);
    expect(losses).toEqual([]);
  });

  test("9 #126 #127 #122 foreign and unsealed thoughts are left out, not told as text", () => {
    const seal = { vendor: "openai", form: "encrypted-content", value: "gAAAAx", bindsTo: "self" } as const;
    const { body, losses } = encode({ messages: [user("a"), assistant({ kind: "reasoning", text: "secret", textKind: "summary", seal, path: "p1" }, { kind: "reasoning", text: "raw", textKind: "raw", path: "p2" }, "b"), user("c")] });
    expect(types(body)).toEqual([["user", "text"], ["assistant", "text"], ["user", "text"]]);
    expect(losses.map((loss) => [loss.code, loss.path])).toEqual([["foreign-seal", "p1"], ["unsealed-reasoning", "p1"], ["unsealed-reasoning", "p2"]]);
  });

  test("9 thoughts that the client could not carry come back by the call's id", () => {
    const at = createTestWorld([anthropicMessages]);
    at.context.sealer.remember("c", { seals: [{ vendor: "anthropic", form: "signature", value: "Eq", bindsTo: "self" }], reasoningText: "T" });
    const { body } = encode({ tools: [tool()], messages: [user("a"), assistant(call("c")), user(result("c", "r"))] }, {}, at);
    expect(body.messages[1]?.content[0]).toEqual({ type: "thinking", thinking: "T", signature: "Eq" });
  });

  test("12 #169 no white space at the end of a final assistant text, no prefill where it is refused", () => {
    expect(encode({ messages: [user("a"), assistant("b  \n")] }, { capabilities: { prefill: true } }).body.messages.at(-1)).toMatchObject({ role: "assistant", content: [{ text: "b" }] });
    expect(encode({ messages: [user("a"), assistant("b ")] }).body.messages.at(-1)?.role).toBe("user");
  });

  test("13 #177 stop sequences are a list, none of them blank", () => {
    expect(encode({ stopSequences: ["x"] }).body.stop_sequences).toEqual(["x"]);
    const { body, losses } = encode({ stopSequences: [" ", "x"], wire: { stop: [" ", "x"] } });
    expect(body.stop_sequences).toEqual(["x"]);
    expect(losses).toMatchObject([{ code: "blank-stop", path: "stop" }]);
    expect(encode({ stopSequences: ["\n"] }).body).not.toHaveProperty("stop_sequences");
  });

  test("14 images have one of four types, and the bytes have the last word", () => {
    const image = (mimeType: string, data: string): Part => ({ kind: "image", source: { type: "base64", mimeType, data }, path: "messages[0].content[0]" });
    expect(encode({ messages: [user(image("image/png", "AAAA"))] }).body.messages[0]?.content[0]?.source).toEqual({ type: "base64", media_type: "image/png", data: "AAAA" });
    expect(encode({ messages: [user(image("image/png", "/9j/4AAQSkZJRg=="))] }).body.messages[0]?.content[0]?.source).toMatchObject({ media_type: "image/jpeg" });
    expect(() => encode({ messages: [user(image("image/tiff", "AAAA"))] })).toThrow("messages[0].content[0]");
  });

  test("15 #168 messages of one role are merged", () => {
    expect(types(encode({ messages: [user("a"), user("b"), assistant("c"), assistant("d"), user("e")] }).body)).toEqual([["user", "text", "text"], ["assistant", "text", "text"], ["user", "text"]]);
  });

  test("16 only known keys; the rest is told as lost, in the caller's spelling", () => {
    const { body, losses } = encode({
      sampling: { seed: 1, presencePenalty: 1, frequencyPenalty: 1, logitBias: {}, logprobs: true, topLogprobs: 2 }, output: { verbosity: "low", prediction: {} }, identity: { metadata: { a: "b" } },
      cache: { key: "k", retention: "24h" }, maxToolCalls: 3, residue: { custom_field: 1 }, safety: [], state: { truncation: "auto", contextManagement: [] },
      wire: { generationConfig: { seed: 1 }, text: { verbosity: "low" } },
    });
    expect(Object.keys(body).sort()).toEqual(["max_tokens", "messages", "model"]);
    expect(losses.map((loss) => loss.path)).toEqual([
      "generationConfig.seed", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "text.verbosity", "prediction", "max_tool_calls", "metadata", "prompt_cache_key", "prompt_cache_retention", "truncation", "context_management", "safetySettings", "custom_field",
    ]);
  });

  test("16 strict and deferred tools only where they are known", () => {
    const strict = tool("f", { strict: true, deferLoading: true });
    expect<unknown>((encode({ tools: [strict] }).body.tools as unknown as JsonObject[])[0]).toMatchObject({ strict: true, defer_loading: true });
    const basic = encode({ tools: [strict] }, { capabilities: { basicAnthropic: true } });
    expect<unknown>((basic.body.tools as unknown as JsonObject[])[0]).toEqual({ name: "f", input_schema: { type: "object", properties: { p: { type: "string" } } } });
    expect(basic.losses.map((loss) => loss.code)).toEqual(["strict-tool"]);
  });

  test("17 the version goes along, the caller's beta list does not", () => {
    expect(encode({ headers: { "anthropic-beta": "x", "anthropic-version": "y" } }).headers).toEqual({ "anthropic-version": "2023-06-01" });
  });
});

describe("sampling", () => {
  const sampling = (sampling: GenerateRequest["sampling"], options: Options = {}, more: Partial<GenerateRequest> = {}) => {
    const { body, losses } = encode({ sampling, ...more }, options);
    return { ...Object.fromEntries(["temperature", "top_p", "top_k"].flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]]]))), losses: losses.filter((loss) => loss.code !== "reasoning-adjusted").length };
  };

  test("#154 temperature is clamped", () => expect<unknown>(sampling({ temperature: 1.7 })).toEqual({ temperature: 1, losses: 1 }));
  test("#155 temperature excludes top_p", () => expect<unknown>(sampling({ temperature: 0.3, topP: 0.5 })).toEqual({ temperature: 0.3, losses: 1 }));
  test("#153 a model without sampling settings gets none", () => expect<unknown>(sampling({ temperature: 0.2, topP: 1, topK: 3 }, { capabilities: { noSampling: true } })).toEqual({ losses: 3 }));
  test("#156 beside thinking only what thinking allows", () => {
    const manual = { capabilities: { reasoning: { manual: true } } };
    const thinking = { reasoning: { mode: "budget", budget: 2000, from: "body" } } as const;
    expect<unknown>(sampling({ temperature: 0.2, topK: 3 }, manual, thinking)).toEqual({ losses: 2 });
    expect<unknown>(sampling({ temperature: 1, topK: 3 }, manual, thinking)).toEqual({ temperature: 1, losses: 1 });
    expect<unknown>(sampling({ topP: 0.96 }, manual, thinking)).toEqual({ top_p: 0.96, losses: 0 });
  });
});

describe("tools and their choice", () => {
  const choice = (request: Partial<GenerateRequest>) => encode({ tools: [tool("f"), tool("g")], ...request }).body.tool_choice;
  const names = (request: Partial<GenerateRequest>) => (encode(request).body.tools as unknown as JsonObject[] | undefined)?.map((entry) => entry.name);

  test("#53 #54 #57 words of choice", () => {
    expect(choice({})).toBeUndefined();
    expect(choice({ toolChoice: { mode: "none" } })).toEqual({ type: "none" });
    expect(choice({ toolChoice: { mode: "required" } })).toEqual({ type: "any" });
    expect(choice({ toolChoice: { mode: "tool", name: "g", variant: "function" } })).toEqual({ type: "tool", name: "g" });
    expect(choice({ parallelToolCalls: false })).toEqual({ type: "auto", disable_parallel_tool_use: true });
    expect(choice({ parallelToolCalls: false, toolChoice: { mode: "none" } })).toEqual({ type: "none" });
    expect(choice({ toolChoice: { mode: "validated" } })).toEqual({ type: "auto" });
    expect(choice({ tools: [], toolChoice: { mode: "auto" }, parallelToolCalls: false })).toBeUndefined();
  });

  test("#53 tools stay beside none", () => expect(names({ tools: [tool()], toolChoice: { mode: "none" } })).toEqual(["f"]));

  test("allowed tools are the only declared ones", () => {
    expect(names({ tools: [tool("f"), tool("g")], toolChoice: { mode: "allowed", allowedMode: "required", names: ["g"] } })).toEqual(["g"]);
    expect(choice({ toolChoice: { mode: "allowed", allowedMode: "required", names: ["g"] } })).toEqual({ type: "any" });
  });

  test("#32 calls in history without any declaration are declared, and forbidden", () => {
    const { body } = encode({ messages: [user("a"), assistant(call("c", "old tool")), user(result("c", "r"))] });
    expect(body.tools).toEqual([{ name: "old_tool", input_schema: { type: "object", properties: {} } }]);
    expect(body.tool_choice).toEqual({ type: "none" });
  });

  test("#29 #55 long names are mapped alike everywhere", () => {
    const long = `mcp__server__${"x".repeat(70)}`;
    const { body } = encode({ tools: [tool(long)], toolChoice: { mode: "tool", name: long, variant: "function" }, messages: [user("a"), assistant(call("c", long)), user(result("c", "r"))] });
    const name = body.messages[1]?.content[0]?.name as string;
    expect(name.length).toBeLessThanOrEqual(64);
    expect((body.tools as unknown as JsonObject[])[0]?.name).toBe(name);
    expect(body.tool_choice).toEqual({ type: "tool", name });
  });

  test("#59 #61 free text travels as the only member of an object", () => {
    const custom: Tool = { kind: "custom", name: "apply_patch", description: "D", grammar: { syntax: "lark", definition: "start: x" } };
    const { body } = encode({ tools: [custom], messages: [user("a"), assistant({ kind: "tool-call", callId: "c", name: "apply_patch", variant: "custom", argumentsText: "*** Begin", complete: true }), user(result("c", "r"))] });
    expect(body.messages[1]?.content[0]?.input).toEqual({ input: "*** Begin" });
    expect((body.tools as unknown as JsonObject[])[0]).toMatchObject({ name: "apply_patch", input_schema: { required: ["input"] } });
    expect(JSON.stringify(body.tools)).toContain("start: x");
  });

  test("#62 a namespace goes into the name", () => {
    expect(names({ tools: [tool("run", { namespace: "shell" })] })).toEqual(["shell__run"]);
  });

  test("searching the web, with what can be said of it", () => {
    const search: Tool = { kind: "server", family: "web-search", name: "web_search", type: "web_search", webSearch: { maxUses: 2, allowedDomains: ["a"], blockedDomains: [], userLocation: { city: "Bern" } }, config: {} };
    const { body } = encode({ tools: [search], toolChoice: { mode: "tool", name: "web_search", variant: "server" } });
    expect(body.tools).toEqual([{ type: "web_search_20250305", name: "web_search", max_uses: 2, allowed_domains: ["a"], user_location: { type: "approximate", city: "Bern" } }]);
    expect(body.tool_choice).toEqual({ type: "tool", name: "web_search" });
  });

  test("a tool that only another vendor runs is dropped, or refused when it must be called", () => {
    const maps: Tool = { kind: "server", family: "maps", name: "googleMaps", type: "googleMaps", config: {} };
    expect(encode({ tools: [maps] }).losses).toMatchObject([{ code: "server-tool" }]);
    expect(() => encode({ tools: [maps], toolChoice: { mode: "tool", name: "googleMaps", variant: "server" } })).toThrow();
    expect(encode({ tools: [{ kind: "server", family: "web-search", name: "web_search", type: "web_search", config: { external_web_access: false } }] }).body).not.toHaveProperty("tools");
  });
});

describe("thinking", () => {
  const MANUAL: Capabilities = { reasoning: { manual: true, canBeOff: true } };
  const ADAPTIVE: Capabilities = { reasoning: { adaptive: true, canBeOff: true, levels: ["low", "medium", "high", "max"] } };
  const think = (reasoning: Omit<NonNullable<GenerateRequest["reasoning"]>, "from">, capabilities: Capabilities, more: Partial<GenerateRequest> = {}, policy: Partial<TranslationPolicy> = {}) => {
    const { body, losses } = encode({ reasoning: { ...reasoning, from: "body" }, ...more }, { capabilities, policy });
    return { thinking: body.thinking, effort: (body.output_config as JsonObject | undefined)?.effort, max: body.max_tokens, losses: losses.length };
  };

  test("nothing said, nothing sent", () => expect(encode({}, { capabilities: ADAPTIVE }).body).not.toHaveProperty("thinking"));
  test("#135 10 the budget fits under a raised limit", () => expect(think({ mode: "effort", effort: "high" }, MANUAL, { maxOutputTokens: 4096 })).toEqual({ thinking: { type: "enabled", budget_tokens: 24_576 }, effort: undefined, max: 28_672, losses: 1 }));
  test("10 where the model allows no more, the budget is cut", () => expect(think({ mode: "effort", effort: "high" }, { ...MANUAL, maxOutputTokens: 8192 }, { maxOutputTokens: 4096 })).toMatchObject({ thinking: { type: "enabled", budget_tokens: 4095 }, max: 4096 }));
  test("10 no room at all: no thinking", () => expect(think({ mode: "effort", effort: "high" }, { ...MANUAL, maxOutputTokens: 8192 }, { maxOutputTokens: 500 })).toMatchObject({ thinking: { type: "disabled" }, max: 500, losses: 1 }));
  test("10 or the caller hears of it", () => expect(() => think({ mode: "effort", effort: "high" }, MANUAL, { maxOutputTokens: 4096 }, { strictThinkingBudget: true })).toThrow("max_tokens"));
  test("10 at least 1024", () => expect(think({ mode: "effort", effort: "minimal" }, MANUAL)).toMatchObject({ thinking: { budget_tokens: 1024 } }));
  test("auto on a manual model needs a number", () => expect(think({ mode: "auto" }, MANUAL, { maxOutputTokens: 30_000 })).toMatchObject({ thinking: { type: "enabled", budget_tokens: 24_576 } }));
  test("#136 an effort stays an effort", () => expect(think({ mode: "effort", effort: "medium" }, ADAPTIVE)).toMatchObject({ thinking: { type: "adaptive" }, effort: "medium", losses: 0 }));
  test("a budget becomes an effort, or stays one where both are known", () => {
    expect(think({ mode: "budget", budget: 8192 }, ADAPTIVE)).toMatchObject({ thinking: { type: "adaptive" }, effort: "medium" });
    expect(think({ mode: "budget", budget: 4000 }, { reasoning: { adaptive: true, manual: true } })).toMatchObject({ thinking: { type: "enabled", budget_tokens: 4000 } });
  });
  test("minimal is low here", () => expect(think({ mode: "effort", effort: "minimal" }, { reasoning: { adaptive: true } })).toMatchObject({ effort: "low" }));
  test("#137 a model that always thinks is told to think little", () => expect(think({ mode: "off" }, { reasoning: { adaptive: true, alwaysOn: true } })).toMatchObject({ thinking: undefined, effort: "low", losses: 1 }));
  test("off is off", () => {
    expect(think({ mode: "off" }, ADAPTIVE)).toMatchObject({ thinking: { type: "disabled" }, effort: undefined, losses: 0 });
    expect(think({ mode: "off" }, { reasoning: { manual: true, budget: { min: 1024, max: 64_000, zeroOk: false, dynamicOk: false } } })).toMatchObject({ thinking: { type: "disabled" } });
  });
  test("a model that does not think is told nothing", () => expect(think({ mode: "effort", effort: "high" }, { reasoning: { supported: false } })).toMatchObject({ thinking: undefined, effort: undefined, losses: 1 }));
  test("thoughts are shown to who wants to see them", () => {
    expect(think({ mode: "auto", visibility: "detailed" }, ADAPTIVE).thinking).toEqual({ type: "adaptive", display: "summarized" });
    expect(think({ mode: "auto", visibility: "none" }, ADAPTIVE).thinking).toEqual({ type: "adaptive", display: "omitted" });
  });

  test("#129 an open tool loop without signed thinking: not this time", () => {
    const messages = [user("a"), assistant(call("c")), user(result("c", "r"))];
    expect(think({ mode: "budget", budget: 2000 }, MANUAL, { messages, tools: [tool()] })).toMatchObject({ thinking: { type: "disabled" }, losses: 1 });
    expect(think({ mode: "effort", effort: "high" }, ADAPTIVE, { messages, tools: [tool()] })).toMatchObject({ thinking: { type: "adaptive" }, losses: 0 });
    expect(think({ mode: "budget", budget: 2000 }, MANUAL, { messages: [...messages, assistant("d"), user("e")], tools: [tool()] })).toMatchObject({ thinking: { type: "enabled" } });
  });

  test("a forced call and thinking exclude each other", () => {
    const forced: Partial<GenerateRequest> = { tools: [tool()], toolChoice: { mode: "required" }, reasoning: { mode: "budget", budget: 2000, from: "body" } };
    expect(encode(forced, { capabilities: MANUAL }).body).toMatchObject({ tool_choice: { type: "any" } });
    expect(encode(forced, { capabilities: MANUAL }).body).not.toHaveProperty("thinking");
    expect(encode(forced, { capabilities: MANUAL, policy: { preferForcedTool: false } }).body).toMatchObject({ tool_choice: { type: "auto" }, thinking: { type: "enabled" } });
  });
});

describe("output", () => {
  const schema = { type: "object", properties: { a: { type: "string", minLength: 2 } }, required: ["a"] };
  const format = { type: "json-schema", schema, name: "n" } as const;

  test("#180 a schema is asked for in the vendor's way, cleaned", () => {
    const { body } = encode({ output: { format } });
    expect(body.output_config).toMatchObject({ format: { type: "json_schema", schema: { type: "object", additionalProperties: false } } });
    expect(JSON.stringify(body.output_config)).not.toContain('"minLength":');
  });

  test("an object is asked for in words", () => {
    const { body, losses } = encode({ output: { format: { type: "json-object" } } });
    expect(body.system).toEqual([{ type: "text", text: "Respond with a single JSON object." }]);
    expect(losses).toHaveLength(1);
  });

  test("a model without structured outputs is given a tool for it, or words", () => {
    const capabilities = { structuredOutputs: false, jsonViaTool: true };
    const { body } = encode({ output: { format } }, { capabilities });
    expect(body.tool_choice).toEqual({ type: "tool", name: "emit_result" });
    expect(body.tools).toMatchObject([{ name: "emit_result", input_schema: { type: "object" } }]);
    for (const request of [{ output: { format }, tools: [tool()] }, { output: { format }, reasoning: { mode: "budget", budget: 2000, from: "body" } } as const]) {
      const worded = encode(request, { capabilities: { ...capabilities, reasoning: { manual: true } } }).body;
      expect(JSON.stringify(worded.system)).toContain("minLength");
      expect(worded.tool_choice).toBeUndefined();
    }
  });
});

describe("the rest", () => {
  test("#160 instructions keep their order and their blocks", () => {
    expect(encode({ messages: [system("A"), system("B", "developer"), user("c")] }).body.system).toEqual([{ type: "text", text: "A" }, { type: "text", text: "B" }]);
  });

  test("#161 #162 instructions in mid-conversation: in place where the model knows them, else as the user's reminder", () => {
    const messages = [user("a"), assistant("b"), system("S"), user("c")];
    expect(encode({ messages }, { capabilities: { midSystem: true } }).body.messages.map((message) => message.role)).toEqual(["user", "assistant", "system", "user"]);
    const { body } = encode({ messages });
    expect(body.messages.map((message) => message.role)).toEqual(["user", "assistant", "user"]);
    expect(JSON.stringify(body.messages[2])).toContain("<system-reminder>");
  });

  test("#172 documents", () => {
    const file = (source: Extract<Part, { kind: "file" }>["source"], extra: object = {}): Part => ({ kind: "file", source, path: "p", ...extra });
    const block = (part: Part) => encode({ messages: [user(part)] }).body.messages[0]?.content[0];
    expect(block(file({ type: "base64", mimeType: "application/pdf", data: "JVBERi0=" }, { filename: "a.pdf" }))).toEqual({ type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" }, title: "a.pdf" });
    expect(block(file({ type: "base64", mimeType: "application/octet-stream", data: "JVBERi0xLjQ=" }))).toMatchObject({ source: { media_type: "application/pdf" } });
    expect(block(file({ type: "base64", mimeType: "text/csv", data: btoa("a,b") }))).toMatchObject({ source: { type: "text", media_type: "text/plain", data: "a,b" } });
    expect(block(file({ type: "base64", mimeType: "image/png", data: "AAAA" }))).toMatchObject({ type: "image" });
    expect(() => block(file({ type: "base64", mimeType: "application/zip", data: "AAAA" }))).toThrow("p: ");
    expect(() => block(file({ type: "file-id", id: "file-1", vendor: "openai" }))).toThrow("another vendor");
  });

  test("#175 audio is refused, naming the part", () => {
    expect(() => encode({ messages: [user({ kind: "audio", path: "messages[0].content[1]" })] })).toThrow("messages[0].content[1]");
  });

  test("#179 several answers are refused, in the caller's spelling", () => {
    expect(() => encode({ sampling: { candidateCount: 2 } })).toThrow("n: ");
    expect(() => encode({ sampling: { candidateCount: 2 }, wire: { generationConfig: { candidateCount: 2 } } })).toThrow("generationConfig.candidateCount: ");
    expect(encode({ sampling: { candidateCount: 1 } }).losses).toEqual([]);
  });

  test("#185 service and speed", () => {
    expect(encode({ service: { tier: "priority" } }).body).toMatchObject({ service_tier: "auto" });
    const fast = encode({ service: { tier: "priority" } }, { policy: { mapPriorityToFast: true } });
    expect(fast.body).toMatchObject({ speed: "fast" });
    expect(fast.headers["anthropic-beta"]).toBe("fast-mode-2026-02-01");
    expect(encode({ service: { tier: "flex" } }).body.service_tier).toBe("standard_only");
  });

  test("#188 another vendor's digest cannot be opened; one of words can", () => {
    expect(() => encode({ messages: [user("a"), assistant({ kind: "compaction", vendor: "openai", encrypted: "gAAAA" }), user("b")] })).toThrow();
    expect(JSON.stringify(encode({ messages: [user("a"), user({ kind: "compaction", vendor: "openai", text: "D" })] }).body.messages)).toContain("<conversation-summary>");
  });

  test("who asks, in at most 256 characters", () => {
    expect(encode({ identity: { endUserId: "u" } }).body.metadata).toEqual({ user_id: "u" });
    expect((encode({ identity: { safetyId: "u".repeat(300) } }).body.metadata as JsonObject).user_id).toHaveLength(64);
    expect(encode({ identity: { sessionId: "s" } }).body.metadata).toBeUndefined();
    expect(encode({ identity: { sessionId: "s" } }, { policy: { deriveUserId: true } }).body.metadata).toEqual({ user_id: "session_s" });
  });

  test("#208 the same request gives the same bytes", () => {
    const request = { tools: [tool("a b"), tool("c")], messages: [system("s"), user("a"), assistant(call("x.y", "a b")), user(result("x.y", "r"))] };
    expect(JSON.stringify(encode(request).body)).toBe(JSON.stringify(encode(request).body));
  });
});
