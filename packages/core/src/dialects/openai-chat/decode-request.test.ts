import { describe, expect, test } from "bun:test";
import type { ToolCallPart } from "../../canonical/index.ts";
import { chatWorld } from "./testing.ts";

const base = { model: "m", messages: [{ role: "user", content: "hi" }] };
const world = chatWorld();
const fault = (body: object): { code: string; path?: string } => {
  try {
    chatWorld().decode({ ...base, ...body });
  } catch (error) {
    return error as { code: string; path?: string };
  }
  throw new Error("nothing was thrown");
};

describe("messages", () => {
  const partsOf = (...messages: object[]) => world.decode({ model: "m", messages: messages as never }).messages.map(({ role, parts }) => ({ role, parts: parts.map(({ path: _path, ...part }) => part) }));

  test("#160 system and developer keep their words and places", () => {
    const { messages } = world.decode({ model: "m", messages: [{ role: "system", content: "S" }, { role: "developer", content: [{ type: "text", text: "D" }] }, { role: "user", content: "U" }, { role: "system", content: "later" }] });
    expect(messages.map(({ role, origin }) => [role, origin])).toEqual([["system", "system"], ["system", "developer"], ["user", undefined], ["system", "system"]]);
  });

  test("#17 #18 empty or null content with tool_calls leaves no text block", () => {
    const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };
    for (const content of ["", null]) {
      const [message] = partsOf({ role: "assistant", content, tool_calls: [call] });
      expect(message?.parts).toEqual([{ kind: "tool-call", callId: "c1", name: "f", variant: "function", argumentsText: "{}", arguments: {}, complete: true }]);
    }
  });

  test("#20 #21 empty arguments are an empty object; broken ones and lists keep their text", () => {
    const calls = ["", "[1,2]", '{"a":'].map((text, index) => ({ id: `c${index}`, type: "function", function: { name: "f", arguments: text } }));
    const [message] = partsOf({ role: "assistant", tool_calls: calls });
    const decoded = message?.parts as unknown as ToolCallPart[];
    expect(decoded.map((call) => [call.argumentsText, call.arguments])).toEqual([["", {}], ["[1,2]", undefined], ['{"a":', undefined]]);
  });

  test("custom calls, missing types and sloppy argument objects are read", () => {
    const [message] = partsOf({ role: "assistant", tool_calls: [{ id: "a", type: "custom", custom: { name: "patch", input: "*** x" } }, { id: "b", function: { name: "f", arguments: { a: 1 } } }] });
    expect(message?.parts).toMatchObject([{ variant: "custom", argumentsText: "*** x" }, { variant: "function", argumentsText: '{"a":1}', arguments: { a: 1 } }]);
  });

  test("function_call and role function pair by name and order, the same in each turn", () => {
    const history = [
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "one" },
      { role: "function", name: "f", content: "two" },
    ];
    const ids = partsOf(...history).map(({ parts }) => (parts[0] as { callId?: string }).callId);
    expect(ids).toEqual(["call_0", "call_1", "call_0", "call_1"]);
  });

  test("tool results hold text parts; an empty string holds none", () => {
    const [full, empty] = partsOf({ role: "tool", tool_call_id: "c1", content: "ok" }, { role: "tool", tool_call_id: "c2", content: "" });
    expect(full).toMatchObject({ role: "user", parts: [{ kind: "tool-result", callId: "c1", content: [{ kind: "text", text: "ok" }] }] });
    expect(empty?.parts).toMatchObject([{ kind: "tool-result", callId: "c2", content: [] }]);
  });

  test("#170 a data URL with a charset parameter is an image; a PDF in image_url is a file", () => {
    const [message] = partsOf({ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;charset=utf-8;base64,AAAA", detail: "low" } }, { type: "image_url", image_url: "data:application/pdf;base64,JVBERi0=" }] });
    expect(message?.parts).toEqual([{ kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" }, detail: "low" }, { kind: "file", source: { type: "base64", mimeType: "application/pdf", data: "JVBERi0=" } }]);
  });

  test("#171 an address stays an address", () => {
    expect(partsOf({ role: "user", content: [{ type: "image_url", image_url: { url: "https://x.test/a.png" } }] })[0]?.parts).toEqual([{ kind: "image", source: { type: "url", url: "https://x.test/a.png" } }]);
  });

  test("#172 a PDF with and without the data prefix", () => {
    const file = (file_data: string) => ({ type: "file", file: { filename: "a.pdf", file_data } });
    const [message] = partsOf({ role: "user", content: [file("data:application/pdf;base64,JVBERi0="), file("JVBERi0=")] });
    const expected = { kind: "file", filename: "a.pdf", source: { type: "base64", mimeType: "application/pdf", data: "JVBERi0=" } };
    expect(message?.parts).toEqual([expected, expected] as never);
  });

  test("#175 #176 audio keeps its format and its path", () => {
    const { messages } = world.decode({ model: "m", messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "UklG", format: "wav" } }] }] });
    expect(messages[0]?.parts).toEqual([{ kind: "audio", source: { type: "base64", mimeType: "audio/wav", data: "UklG" }, format: "wav", path: "messages[0].content[0]" }]);
  });

  test("#127 reasoning_content without a signature is reasoning without a seal", () => {
    const [message] = partsOf({ role: "assistant", content: "ok", reasoning_content: "hm" });
    expect(message?.parts).toEqual([{ kind: "reasoning", text: "hm", textKind: "raw" }, { kind: "text", text: "ok" }]);
  });

  test.each([
    [{ reasoning_details: [{ type: "reasoning.text", text: "a" }], reasoning_content: "b" }, "a"],
    [{ reasoning_content: "b", reasoning: "c" }, "b"],
    [{ reasoning: { text: "c" }, thinking: { content: "d" } }, "c"],
    [{ thinking: { content: "d", signature: "sig" } }, "d"],
    [{ thinking_blocks: [{ type: "thinking", thinking: "e", signature: "s" }] }, "e"],
  ])("one spelling of reasoning counts: %j", (fields, text) => {
    expect(partsOf({ role: "assistant", content: "x", ...fields })[0]?.parts[0]).toMatchObject({ kind: "reasoning", text });
  });

  test("a thought signature on a call is Google's seal; an altered envelope is dropped with a loss", () => {
    const fresh = chatWorld();
    const call = (signature: string) => ({ id: "c", type: "function", function: { name: "f", arguments: "{}" }, extra_content: { google: { thought_signature: signature } } });
    const envelope = fresh.context.sealer.close({ vendor: "anthropic", form: "signature", value: "abc", bindsTo: "self" }, "google");
    const { messages } = fresh.decode({ model: "m", messages: [{ role: "assistant", tool_calls: [call("EbaRe"), call(`${envelope.slice(0, -3)}xyz`)] }] });
    expect((messages[0]?.parts as ToolCallPart[]).map(({ seal }) => seal?.value)).toEqual(["EbaRe", undefined]);
    expect((messages[0]?.parts[0] as ToolCallPart).seal?.vendor).toBe("google");
    expect(fresh.losses.map(({ code }) => code)).toEqual(["seal-not-accepted"]);
  });

  test("#183 cache marks of parts, of a message and of tools are read", () => {
    const mark = { cache_control: { type: "ephemeral", ttl: "1h" } };
    const { messages, tools } = world.decode({
      model: "m",
      messages: [{ role: "user", content: [{ type: "text", text: "a", ...mark }] }, { role: "user", content: "b", cache_control: { type: "ephemeral" } }, { role: "user", content: [{ type: "text", text: "c", prompt_cache_breakpoint: { mode: "explicit" } }] }],
      tools: [{ type: "function", function: { name: "f" }, ...mark }],
    });
    expect(messages.map(({ parts }) => parts[0]?.cache)).toEqual([{ ttl: "1h" }, {}, {}]);
    expect(tools[0]).toMatchObject({ cache: { ttl: "1h" }, schema: { type: "object", properties: {} } });
  });

  test("part types that nobody knows are kept for this dialect", () => {
    const part = { type: "hologram", hologram: { x: 1 } };
    expect(partsOf({ role: "user", content: [part] })[0]?.parts).toEqual([{ kind: "opaque", dialect: "openai-chat", type: "hologram", value: part }]);
  });
});

describe("parameters", () => {
  test("max_completion_tokens wins; stop may be a string or a list (#177)", () => {
    expect(world.decode({ ...base, max_tokens: 1, max_completion_tokens: 2, stop: "x" })).toMatchObject({ maxOutputTokens: 2, stopSequences: ["x"] });
    expect(world.decode({ ...base, stop: ["a", "b"] }).stopSequences).toEqual(["a", "b"]);
  });

  test("#192 unknown top-level keys are residue, known extensions are not", () => {
    const { residue, sampling } = world.decode({ ...base, new_thing: 1, top_k: 3, thinking: { type: "disabled" }, stream_options: { include_usage: true, include_obfuscation: false } });
    expect(residue).toEqual({ new_thing: 1, stream_options: { include_obfuscation: false } });
    expect(sampling).toEqual({ topK: 3 });
  });

  test.each([
    [{ reasoning_effort: "high" }, { mode: "effort", effort: "high", visibility: "auto" }],
    [{ reasoning_effort: "none" }, { mode: "off" }],
    [{ reasoning_effort: "auto" }, { mode: "auto", visibility: "auto" }],
    [{ reasoning: { max_tokens: 2000, exclude: true } }, { mode: "budget", budget: 2000, visibility: "none" }],
    [{ reasoning: { enabled: false } }, { mode: "off" }],
    [{ thinking: { type: "enabled", budget_tokens: 4096 } }, { mode: "budget", budget: 4096, visibility: "auto" }],
    [{ enable_thinking: false }, { mode: "off" }],
    [{ chat_template_kwargs: { enable_thinking: true } }, { mode: "auto", visibility: "auto" }],
    [{ extra_body: { google: { thinking_config: { thinking_budget: -1 } } } }, { mode: "auto", visibility: "auto" }],
    [{ include_reasoning: false }, { mode: "default", visibility: "none" }],
  ])("reasoning %j", (fields, expected) => {
    expect(world.decode({ ...base, ...fields }).reasoning).toEqual({ ...expected, from: "body" } as never);
  });

  test("an effort that we do not know is left to the upstream", () => {
    expect(world.decode({ ...base, reasoning_effort: "heroic" })).toMatchObject({ residue: { reasoning_effort: "heroic" } });
  });

  test.each([
    ["auto", { mode: "auto" }],
    ["required", { mode: "required" }],
    [{ type: "function", function: { name: "f" } }, { mode: "tool", variant: "function", name: "f" }],
    [{ type: "custom", custom: { name: "c" } }, { mode: "tool", variant: "custom", name: "c" }],
    [{ type: "allowed_tools", allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] } }, { mode: "allowed", allowedMode: "required", names: ["f"] }],
  ])("#53 #54 tool_choice %j", (tool_choice, expected) => {
    expect(world.decode({ ...base, tool_choice }).toolChoice).toEqual(expected as never);
  });

  test("strict is true, false, null or absent; functions and search options are tools", () => {
    const tool = (strict?: boolean | null) => ({ type: "function", function: { name: "f", ...(strict !== undefined && { strict }) } });
    const { tools } = world.decode({ ...base, tools: [tool(true), tool(null), tool()], functions: [{ name: "old" }], web_search_options: { search_context_size: "low", user_location: { type: "approximate", approximate: { city: "Bern" } } } });
    expect(tools.map((entry) => (entry.kind === "function" ? entry.strict : entry.kind))).toEqual([true, null, undefined, undefined, "server"]);
    expect(tools[4]).toMatchObject({ family: "web-search", webSearch: { contextSize: "low", userLocation: { city: "Bern" } } });
  });

  test("a custom tool's grammar lies one level deeper", () => {
    const { tools } = world.decode({ ...base, tools: [{ type: "custom", custom: { name: "p", format: { type: "grammar", grammar: { syntax: "lark", definition: "start: /x/" } } } }] });
    expect(tools[0]).toMatchObject({ kind: "custom", grammar: { syntax: "lark", definition: "start: /x/" } });
  });

  test("#180 response_format", () => {
    expect(world.decode({ ...base, response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } } }).output?.format).toEqual({ type: "json-schema", name: "n", schema: { type: "object" }, strict: true });
  });
});

describe("mistakes are answered with their path", () => {
  test.each([
    [{ model: undefined }, "model"],
    [{ messages: [] }, "messages"],
    [{ messages: "hi" }, "messages"],
    [{ messages: [{ role: "king", content: "" }] }, "messages[0].role"],
    [{ messages: [{ role: "user" }] }, "messages[0].content"],
    [{ messages: [{ role: "user", content: [{ type: "text" }] }] }, "messages[0].content[0].text"],
    [{ messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] }, "messages[0].content[0].image_url.url"],
    [{ messages: [{ role: "assistant", tool_calls: [{ id: "c", function: {} }] }] }, "messages[0].tool_calls[0].function.name"],
    [{ temperature: "hot" }, "temperature"],
    [{ n: 0 }, "n"],
    [{ stop: [1] }, "stop[0]"],
    [{ tools: [{ type: "function" }] }, "tools[0].function"],
    [{ response_format: { type: "xml" } }, "response_format.type"],
    [{ metadata: { a: 1 } }, "metadata.a"],
  ])("%j", (body, path) => {
    expect(fault(body)).toMatchObject({ code: "invalid_request", path });
  });
});
