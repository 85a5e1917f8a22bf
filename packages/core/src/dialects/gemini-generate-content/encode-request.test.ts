// Requests of other dialects, written for this one. Every hard constraint of the API has a test here.
import { describe, expect, test } from "bun:test";
import type { GenerateRequest, Seal } from "../../canonical/index.ts";
import { assistant, call, createWorld, encode, failure, request, result, system, tool, user, type Options } from "./testing.ts";
import { geminiGenerateContent } from "./index.ts";

const google = (value: string, extra: Partial<Seal> = {}): Seal => ({ vendor: "google", form: "thought-signature", value, bindsTo: "self", ...extra });
const image = { kind: "image", source: { type: "base64", mimeType: "image/png", data: "iVBORw0K" } } as const;
const LOOP = [user("go"), assistant("ok", call("c1", "read", '{"p":"a"}'), call("c2", "write", '{"p":"b"}')), user(result("c2", "B"), "and now?", result("c1", "A"))];

describe("hard constraints", () => {
  test("1 #167 no content without parts, no empty text", () => {
    const { contents } = encode({ messages: [user("a", "", " \n"), assistant(""), user("b")] }).body;
    for (const content of contents) {
      expect(content.parts.length).toBeGreaterThan(0);
      for (const part of content.parts) expect(String(part.text).trim()).not.toBe("");
    }
  });

  test("2 and 12 only user and model, never two of one role in a row", () => {
    const roles = encode({ messages: [user("a"), user("b"), assistant("c"), assistant("d"), user(result("gone", "x")), system("s"), user("e")] }).body.contents.map(({ role }) => role);
    expect(roles).toEqual(["user", "model", "user"]);
  });

  test("3 #8 as many responses as calls, in their order and with their names, before anything else", () => {
    const { contents } = encode({ messages: LOOP, tools: [tool("read"), tool("write")] }).body;
    expect(contents[2]?.parts.map((part) => part.functionResponse ?? part.text)).toMatchObject([{ name: "read", response: { output: "A" } }, { name: "write", response: { output: "B" } }, "and now?"]);
  });

  test("4 #9 a result without its call becomes text; no name is ever empty", () => {
    const { contents } = encode({ messages: [user("a"), assistant("b"), user(result("unknown", "left over"), "c")] }).body;
    expect(JSON.stringify(contents)).not.toContain("functionResponse");
    expect(JSON.stringify(contents)).toContain("left over");
  });

  test("5 #10 #11 #52 the response is an object: output, error, or nothing at all", () => {
    const messages = [user("a"), assistant(call("c1"), call("c2"), call("c3")), user(result("c1", "ok"), failure("c2", "no"), result("c3"))];
    expect(encode({ messages }).body.contents[2]?.parts).toMatchObject([{ functionResponse: { response: { output: "ok" } } }, { functionResponse: { response: { error: "no" } } }, { functionResponse: { response: { output: "" } } }]);
  });

  test("5 text that looks like JSON stays text; an object that came as one stays an object", () => {
    const object = { answer: 42 };
    const messages = [user("a"), assistant(call("c1"), call("c2")), user(result("c1", '{"a":1}'), { kind: "tool-result", callId: "c2", variant: "function", content: [], object })];
    expect(encode({ messages }).body.contents[2]?.parts).toMatchObject([{ functionResponse: { response: { output: '{"a":1}' } } }, { functionResponse: { response: object } }]);
  });

  test("6 args is an object, whatever the history holds", () => {
    const messages = [user("a"), assistant(call("c1", "f", ""), call("c2", "f", "[1,2]"), call("c3", "f", '"{\\"x\\":1}"')), user(result("c1"), result("c2"), result("c3"))];
    const { body, losses } = encode({ messages });
    expect(body.contents[1]?.parts.map((part) => (part.functionCall as { args: unknown }).args)).toEqual([{}, { _raw: "[1,2]" }, { x: 1 }]);
    expect(losses).toMatchObject([{ code: "invalid-arguments" }]);
  });

  test("7 #118 the stand-in goes on the first call of each content of the turn in progress, and only there", () => {
    const messages = [
      user("old"), assistant(call("a1")), user(result("a1", "x")), assistant("done"),
      user("new"), assistant("hm", call("b1"), call("b2")), user(result("b1"), result("b2"), "also"), assistant(call("b3")), user(result("b3")),
    ];
    const signatures = (options: Options) => encode({ messages }, options).body.contents.map(({ parts }) => parts.map((part) => part.thoughtSignature ?? null));
    const stand = "skip_thought_signature_validator";
    expect(signatures({ capabilities: { requiresCallSeal: true } })).toEqual([[null], [null], [null], [null], [null], [null, stand, null], [null, null, null], [stand], [null]]);
    expect(signatures({}).flat().filter(Boolean)).toEqual([]);
  });

  test("8 #141 #142 #143 level or budget, never both", () => {
    const thinking = (reasoning: NonNullable<GenerateRequest["reasoning"]>, capabilities: Options["capabilities"]) => encode({ reasoning }, { capabilities }).config.thinkingConfig;
    expect(thinking({ mode: "auto", effort: "max", from: "body" }, { reasoning: { levels: ["low", "high"] } })).toEqual({ thinkingLevel: "HIGH" });
    expect(thinking({ mode: "effort", effort: "low", visibility: "auto", from: "body" }, { reasoning: { budget: { min: 0, max: 24_576, zeroOk: true, dynamicOk: true } } })).toEqual({ includeThoughts: true, thinkingBudget: 1024 });
    expect(thinking({ mode: "off", from: "body" }, { reasoning: { budget: { min: 128, max: 32_768, zeroOk: false, dynamicOk: true } } })).toEqual({ thinkingBudget: 128 });
    expect(thinking({ mode: "effort", effort: "high", from: "body" }, { reasoning: { supported: false } })).toBeUndefined();
    expect(encode({}).config.thinkingConfig).toBeUndefined();
  });

  test("9 five stop sequences at most, the gateway cuts at the others", () => {
    const stopSequences = ["1", "2", "3", "4", "5", "6", "7"];
    const { config, exchange, losses } = encode({ stopSequences });
    expect(config.stopSequences).toEqual(["1", "2", "3", "4", "5"]);
    expect(exchange.emulatedStops).toEqual(["6", "7"]);
    expect(losses).toEqual([]);
    expect(encode({ stopSequences, wire: { stop: stopSequences } }, { policy: { stopEmulation: false } }).losses).toMatchObject([{ action: "dropped", path: "stop" }]);
  });

  test("10 #181 a response format beside functions becomes words for models that refuse both", () => {
    const members = { tools: [tool()], output: { format: { type: "json-schema", schema: { type: "object", properties: { a: { type: "string" } } } } } } as const;
    const old = encode(members, { capabilities: { jsonWithTools: false } });
    expect(old.config).toEqual({});
    expect(JSON.stringify(old.body.systemInstruction)).toContain("JSON Schema");
    expect(old.losses).toMatchObject([{ code: "format-as-instruction" }]);
    expect(encode(members).config).toMatchObject({ responseMimeType: "application/json", responseJsonSchema: { type: "object" } });
  });

  test("11 built-in tools beside functions: told of by newer models, left out for older ones", () => {
    const search = { kind: "server", family: "web-search", name: "web_search", type: "web_search", config: {}, webSearch: { blockedDomains: ["x.com"], maxUses: 3 }, path: "tools[1]" } as const;
    const newer = encode({ tools: [tool(), search] }, { capabilities: { requiresCallSeal: true } });
    expect(newer.body.tools).toMatchObject([{ functionDeclarations: [{ name: "f" }] }, { googleSearch: { excludeDomains: ["x.com"] } }]);
    expect(newer.body.toolConfig).toEqual({ includeServerSideToolInvocations: true });
    expect(newer.losses).toMatchObject([{ path: "tools[1]", detail: "maxUses" }]);
    expect(encode({ tools: [tool(), search] }).body.tools).toHaveLength(1);
    expect(encode({ tools: [search] }).body.tools).toEqual([{ googleSearch: { excludeDomains: ["x.com"] } }]);
  });

  test("13 no safety settings of our own", () => expect(encode({}).body).not.toHaveProperty("safetySettings"));

  test("14 all declarations in one tool object", () => {
    expect(encode({ tools: [tool("a"), tool("b", { description: "d" })] }).body.tools).toMatchObject([{ functionDeclarations: [{ name: "a" }, { name: "b", description: "d" }] }]);
  });

  test("15 candidateCount only above one", () => {
    expect(encode({ sampling: { candidateCount: 1 } }).config).toEqual({});
    expect(encode({ sampling: { candidateCount: 2 } }).config).toEqual({ candidateCount: 2 });
  });
});

describe("tools", () => {
  test("#30 #31 names become legal, stay distinct, and are the same in calls and choices", () => {
    const tools = [tool("1 a/b"), tool("1 a b")];
    const { body } = encode({ tools, toolChoice: { mode: "tool", name: "1 a/b", variant: "function" }, messages: [user("x"), assistant(call("c", "1 a/b")), user(result("c"))] });
    const [declared] = body.tools as { functionDeclarations: { name: string }[] }[];
    const names = declared?.functionDeclarations.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[A-Za-z_][\w.:-]{0,63}$/);
    expect(body.contents[1]?.parts[0]?.functionCall).toMatchObject({ name: names[0] });
    expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: "ANY", allowedFunctionNames: names.slice(0, 1) } });
  });

  test("choices", () => {
    const choose = (toolChoice: GenerateRequest["toolChoice"], options: Options = {}) => (encode({ tools: [tool("a"), tool("b")], ...(toolChoice !== undefined && { toolChoice }) }, options).body.toolConfig as { functionCallingConfig: unknown } | undefined)?.functionCallingConfig;
    expect(choose({ mode: "auto" })).toEqual({ mode: "AUTO" });
    expect(choose({ mode: "none" })).toEqual({ mode: "NONE" });
    expect(choose({ mode: "required" })).toEqual({ mode: "ANY" });
    expect(choose({ mode: "allowed", allowedMode: "required", names: ["a"] })).toEqual({ mode: "ANY", allowedFunctionNames: ["a"] });
    expect(choose({ mode: "allowed", allowedMode: "auto", names: ["a"] })).toEqual({ mode: "VALIDATED", allowedFunctionNames: ["a"] });
    expect(choose({ mode: "allowed", allowedMode: "auto", names: ["a"] }, { capabilities: { validatedMode: false } })).toEqual({ mode: "AUTO" });
    expect(choose(undefined)).toBeUndefined();
    expect(encode({ toolChoice: { mode: "required" } }).body).not.toHaveProperty("toolConfig");
    expect(() => encode({ toolChoice: { mode: "tool", name: "web_search", variant: "server" } })).toThrow(/web_search/);
  });

  test("calls in parallel cannot be forbidden, and that is told", () => {
    expect(encode({ tools: [tool()], parallelToolCalls: false, wire: { parallel_tool_calls: false } }).losses).toMatchObject([{ path: "parallel_tool_calls", action: "dropped" }]);
  });

  test("a custom tool is a function of one text", () => {
    const custom = { kind: "custom", name: "patch", description: "d", grammar: { syntax: "lark", definition: "start: x" } } as const;
    const { body } = encode({ tools: [custom], messages: [user("x"), assistant(call("c", "patch", "*** Begin", { variant: "custom" })), user({ kind: "tool-result", callId: "c", variant: "custom", content: [] })] });
    expect(JSON.stringify(body.tools)).toContain("start: x");
    expect(body.contents[1]?.parts[0]?.functionCall).toMatchObject({ args: { input: "*** Begin" } });
  });

  test("#195 arguments in history are data; property names that are illegal are renamed there and back", () => {
    const odd = tool("f", { schema: { type: "object", properties: { "a-b": { type: "string" }, format: { type: "string" } } } });
    const { body, exchange } = encode({ tools: [odd], messages: [user("x"), assistant(call("c", "f", '{"a-b":"1","format":"2"}')), user(result("c"))] });
    const args = (body.contents[1]?.parts[0]?.functionCall as { args: Record<string, string> } | undefined)?.args ?? {};
    expect(args.format).toBe("2");
    expect(Object.keys(args)).not.toContain("a-b");
    const reply = geminiGenerateContent.decodeResponse({ candidates: [{ content: { parts: [{ functionCall: { name: "f", args } }] }, finishReason: "STOP" }] }, exchange);
    expect(reply.candidates[0]?.parts[0]).toMatchObject({ arguments: { "a-b": "1", format: "2" }, argumentsText: '{"a-b":"1","format":"2"}' });
  });

  test("#208 the same request twice gives the same bytes", () => {
    const members = { messages: LOOP, tools: [tool("read"), tool("write")] };
    expect(JSON.stringify(encode(members).body)).toBe(JSON.stringify(encode(members).body));
  });
});

describe("content", () => {
  test("#48 #49 images of a tool result go inside it, or beside all results", () => {
    const messages = [user("x"), assistant(call("c1"), call("c2")), user(result("c1", "see", image), result("c2", "B"))];
    const inlineData = { mimeType: "image/png", data: "iVBORw0K" };
    expect(encode({ messages }).body.contents[2]?.parts[0]).toMatchObject({ functionResponse: { response: { output: "see" }, parts: [{ inlineData }] } });
    const beside = encode({ messages }, { capabilities: { functionResponseParts: false } }).body.contents[2]?.parts;
    expect(beside?.map((part) => Object.keys(part)[0])).toEqual(["functionResponse", "functionResponse", "inlineData"]);
  });

  test("#64 no call is left unanswered at the end", () => {
    const { contents } = encode({ messages: [user("x"), assistant(call("c1"))] }).body;
    expect(contents.at(-1)?.role).toBe("user");
  });

  test("#163 #166 instructions in the middle are the user's reminder; the first turn is the user's", () => {
    const { body } = encode({ messages: [system("S"), assistant("a"), user("b"), system("M")] });
    expect(body.systemInstruction).toEqual({ parts: [{ text: "S" }] });
    expect(body.contents[0]?.role).toBe("user");
    expect(JSON.stringify(body.contents.at(-1))).toContain("<system-reminder>");
  });

  test("#171 web addresses are never cut up as data; without leave they are refused by their path", () => {
    const messages = [user({ kind: "image", source: { type: "url", url: "https://e.com/a.png" }, path: "messages[0].content[1]" })];
    expect(() => encode({ messages })).toThrow(/messages\[0\]\.content\[1\]/);
    expect(encode({ messages }, { capabilities: { webFileUris: true } }).body.contents[0]?.parts[0]).toMatchObject({ fileData: { fileUri: "https://e.com/a.png" } });
  });

  test("#176 audio, files and video", () => {
    const parts = [
      { kind: "audio", source: { type: "base64", mimeType: "audio/wav", data: "AAAA" }, format: "wav" },
      { kind: "file", source: { type: "text", mimeType: "text/plain", text: "body" }, title: "T" },
      { kind: "video", source: { type: "url", url: "https://youtu.be/x" }, start: "1s" },
    ] as const;
    expect(encode({ messages: [user(...parts)] }).body.contents[0]?.parts).toMatchObject([{ inlineData: { mimeType: "audio/wav" } }, { text: "T\n\nbody" }, { fileData: { fileUri: "https://youtu.be/x" }, videoMetadata: { startOffset: "1s" } }]);
    expect(() => encode({ messages: [user({ kind: "file", source: { type: "file-id", id: "file_1", vendor: "openai" } })] })).toThrow(/openai/);
  });

  test("what has no word here is told by the caller's path", () => {
    const { losses } = encode({ sampling: { logitBias: { 1: 2 } }, residue: { custom: 1 }, state: { store: true }, identity: { endUserId: "u" }, wire: { logit_bias: {}, user: "u" }, cache: { key: "k" } });
    expect(losses.map(({ path }) => path).sort()).toEqual(["custom", "logit_bias", "prompt_cache_key", "store", "user"]);
    expect(() => encode({ state: { background: true } })).toThrow(/background/);
  });

  test("limits are clamped to the model's", () => {
    const { config, losses } = encode({ maxOutputTokens: 9000, wire: { max_tokens: 9000 } }, { capabilities: { maxOutputTokens: 4096 } });
    expect(config.maxOutputTokens).toBe(4096);
    expect(losses).toMatchObject([{ code: "clamped", path: "max_tokens" }]);
  });

  test("the path names model and verb; slashes stay", () => {
    expect(encode({ stream: true })).toMatchObject({ path: "/v1beta/models/gemini-m:streamGenerateContent", query: { alt: "sse" } });
    expect(encode({}, { upstreamModel: "models/a/b c" }).path).toBe("/v1beta/models/a/b%20c:generateContent");
  });
});

describe("seals", () => {
  const loop = (...parts: Parameters<typeof assistant>) => [user("x"), assistant(...parts), user(result("c1"), result("c2"))];
  const first = (members: Partial<GenerateRequest>, world = createWorld()) => encode(members, { capabilities: { requiresCallSeal: true } }, world).body.contents[1]?.parts;

  test("#116 a signature that travelled before its call goes back onto it; siblings stay unsigned", () => {
    const carrier = { kind: "reasoning", text: "", textKind: "none", seal: google("SIG", { bindsTo: "next", bindKind: "tool-call" }) } as const;
    expect(first({ messages: loop(carrier, call("c1"), call("c2")) })?.map((part) => part.thoughtSignature)).toEqual(["SIG", undefined]);
  });

  test("#117 a signature that the client could not carry is remembered", () => {
    const world = createWorld();
    world.context.sealer.remember("c1", { seals: [google("SIG", { bindKind: "tool-call" })] });
    expect(first({ messages: loop(call("c1"), call("c2")) }, world)?.map((part) => part.thoughtSignature)).toEqual(["SIG", undefined]);
  });

  test("#125 another vendor's signature never reaches Google, nor do its thoughts", () => {
    const thought = { kind: "reasoning", text: "secret", textKind: "raw", seal: { vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" } } as const;
    const world = createWorld();
    const { body } = encode({ messages: loop(thought, call("c1"), call("c2")) }, {}, world);
    expect(JSON.stringify(body)).not.toMatch(/secret|ErU/);
    expect(world.losses.some(({ action }) => action === "dropped")).toBe(true);
  });

  test("Anthropic's second turn of a tool loop", () => {
    const thought = { kind: "reasoning", text: "T", textKind: "raw", seal: { vendor: "anthropic", form: "signature", value: "sig", bindsTo: "self" } } as const;
    const messages = [system("S", "instructions"), user("hi"), assistant(thought, "ok", call("toolu_1", "Read", '{"p":"a"}'), call("toolu_2", "Read", '{"p":"b"}')), user("go on", failure("toolu_2", "B"), result("toolu_1", "A"))];
    const { body } = encode({ messages, tools: [tool("Read")] }, { capabilities: { requiresCallSeal: true, firstParty: false } });
    expect(body.systemInstruction).toEqual({ parts: [{ text: "S" }] });
    expect(body.contents).toEqual([
      { role: "user", parts: [{ text: "hi" }] },
      { role: "model", parts: [{ text: "ok" }, { functionCall: { name: "Read", args: { p: "a" } }, thoughtSignature: "skip_thought_signature_validator" }, { functionCall: { name: "Read", args: { p: "b" } } }] },
      { role: "user", parts: [{ functionResponse: { name: "Read", response: { output: "A" } } }, { functionResponse: { name: "Read", response: { error: "B" } } }, { text: "go on" }] },
    ]);
  });
});

test("counting asks with all that costs tokens", () => {
  const world = createWorld();
  const whole = request({ messages: [system("S"), user("x")], tools: [tool()], maxOutputTokens: 5 });
  const wire = geminiGenerateContent.counting?.encodeCountRequest(whole, world.exchange(whole, geminiGenerateContent));
  expect(wire?.path).toBe("/v1beta/models/gemini-m:countTokens");
  expect(wire?.body.generateContentRequest).toMatchObject({ model: "models/gemini-m", contents: [{ role: "user" }], systemInstruction: {}, tools: [{}] });
  expect(JSON.stringify(wire?.body)).not.toContain("generationConfig");
  expect(geminiGenerateContent.counting?.decodeCount({ totalTokens: 7 })).toEqual({ inputTokens: 7 });
  expect(() => geminiGenerateContent.counting?.decodeCount({})).toThrow();
});
