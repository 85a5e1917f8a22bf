import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/index.ts";
import { geminiCodeAssist, geminiGenerateContent } from "./index.ts";
import { createWorld, decode, wireInput } from "./testing.ts";

const OWN_SIGNATURE = "EpAICo0IAb4+9vuku3oDHR5EQSMfPm5IpmH06lgm9aGICNAJKKfpVXU3971q";

const FULL = {
  systemInstruction: { parts: [{ text: "S" }] },
  contents: [
    { role: "user", parts: [{ text: "hi" }, { inlineData: { mimeType: "image/png", data: "iVBORw0K" } }, { fileData: { fileUri: "gs://b/v.mp4", mimeType: "video/mp4" }, videoMetadata: { startOffset: "1s", fps: 2 } }] },
    { role: "model", parts: [{ text: "why", thought: true }, { text: "a" }, { text: "b", partMetadata: { snake_key: 1 } }, { functionCall: { name: "f", args: { b: 1, a: [2] } }, thoughtSignature: OWN_SIGNATURE }, { functionCall: { id: "x", name: "f", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: "f", response: { output: "ok" }, scheduling: "SILENT" } }, { functionResponse: { id: "x", name: "f", response: { error: "no" }, parts: [{ inlineData: { mimeType: "image/png", data: "AAAA" } }] } }] },
    { role: "model", parts: [{ text: "done" }, { text: "", thoughtSignature: OWN_SIGNATURE }, { executableCode: { code: "1", language: "PYTHON" } }, { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } }] },
    { parts: [{ text: "no role" }] },
    { role: "model", parts: [{ functionCall: { name: "g" }, thoughtSignature: "skip_thought_signature_validator" }, { toolCall: { id: "t", toolType: "URL_CONTEXT", args: {} } }, { newKind: { a: 1 } }] },
  ],
  tools: [
    { functionDeclarations: [{ name: "f", description: "d", parameters: { type: "OBJECT", properties: { p: { type: "STRING", nullable: true } } }, behavior: "BLOCKING" }, { name: "g", parametersJsonSchema: { type: "object" } }], codeExecution: {} },
    { googleSearch: { excludeDomains: ["x.com"] } },
    { mcpServers: [{ name: "m", streamableHttpTransport: { url: "https://m" } }] },
  ],
  toolConfig: { functionCallingConfig: { mode: "VALIDATED", allowedFunctionNames: ["f"], streamFunctionCallArguments: true }, retrievalConfig: { languageCode: "de" } },
  generationConfig: {
    temperature: 0.5, topP: 0.9, topK: 4, seed: 1, presencePenalty: 0.1, frequencyPenalty: 0.2, responseLogprobs: true, logprobs: 3, candidateCount: 1,
    maxOutputTokens: 100, stopSequences: ["x"], responseMimeType: "application/json", responseSchema: { type: "OBJECT" }, responseModalities: ["TEXT"],
    thinkingConfig: { includeThoughts: true, thinkingLevel: "high" }, mediaResolution: "MEDIA_RESOLUTION_LOW", imageConfig: { aspectRatio: "1:1" },
  },
  safetySettings: [{ category: "c", threshold: "OFF" }],
  cachedContent: "cachedContents/1",
  labels: { team_name: "a" },
  serviceTier: "flex",
  store: false,
  somethingNew: { a_b: 1 },
} satisfies JsonObject;

describe("same dialect", () => {
  const roundTrip = (body: JsonObject): JsonObject => {
    const world = createWorld();
    const request = decode(body, world);
    return geminiGenerateContent.encodeRequest(request, world.exchange(request, geminiGenerateContent)).body;
  };

  test("a request goes back as it came", () => expect(roundTrip(FULL)).toEqual(FULL));

  test("also the spare ones", () => {
    for (const body of [{ contents: [{ role: "user", parts: [{ text: "" }] }], tools: [], generationConfig: {} }, { contents: [{ parts: [{ text: "x" }] }], systemInstruction: "S" }] satisfies JsonObject[]) expect(roundTrip(body)).toEqual(body);
  });

  test("snake_case comes out as camelCase, data stays as it is", () => {
    const snake = {
      system_instruction: { parts: [{ text: "S" }] },
      contents: [{ role: "model", parts: [{ function_call: { name: "f", args: { inline_data: 1 } }, thought_signature: OWN_SIGNATURE }] }],
      generation_config: { max_output_tokens: 5, thinking_config: { thinking_budget: 0 } },
      tools: [{ function_declarations: [{ name: "f", parameters_json_schema: { type: "object", properties: { mime_type: {} } } }] }],
    };
    expect(roundTrip(snake)).toEqual({
      systemInstruction: { parts: [{ text: "S" }] },
      contents: [{ role: "model", parts: [{ functionCall: { name: "f", args: { inline_data: 1 } }, thoughtSignature: OWN_SIGNATURE }] }],
      generationConfig: { maxOutputTokens: 5, thinkingConfig: { thinkingBudget: 0 } },
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", properties: { mime_type: {} } } }] }],
    });
  });

  test("#130 a result's signature is removed", () => {
    const part = { functionResponse: { name: "f", response: {} } };
    expect(roundTrip({ contents: [{ role: "user", parts: [{ ...part, thoughtSignature: OWN_SIGNATURE }] }] })).toEqual({ contents: [{ role: "user", parts: [part] }] });
  });

  test("#131 a signature stays on its part", () => {
    const parts = [{ text: "a" }, { functionCall: { name: "f", args: {} } }, { functionCall: { name: "g", args: {} }, thoughtSignature: OWN_SIGNATURE }, { text: "b" }, { text: "c" }];
    expect(roundTrip({ contents: [{ role: "model", parts }] })).toEqual({ contents: [{ role: "model", parts }] });
  });

  test("#123 an envelope with another vendor's state does not reach Google", () => {
    const world = createWorld();
    const envelope = world.context.sealer.close({ vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" }, "google");
    const request = decode({ contents: [{ role: "model", parts: [{ text: "T", thought: true, thoughtSignature: envelope }, { text: "ok" }] }] }, world);
    expect(request.messages[0]?.parts[0]).toMatchObject({ kind: "reasoning", text: "T", seal: { vendor: "anthropic", value: "ErU" } });
    const { body } = geminiGenerateContent.encodeRequest(request, world.exchange(request, geminiGenerateContent));
    expect(body.contents).toEqual([{ role: "model", parts: [{ text: "ok" }] }]);
    expect(world.losses).toMatchObject([{ code: "foreign-reasoning" }]);
  });

  test("what the pipeline changed is written anew", () => {
    const world = createWorld();
    const received = decode(FULL, world);
    const request = { ...received, tools: received.tools.filter(({ name }) => name !== "f" && name !== "googleSearch"), reasoning: { mode: "budget", budget: 7, from: "override" } as const, toolChoice: { mode: "none" } as const };
    const { body } = geminiGenerateContent.encodeRequest(request, world.exchange(request, geminiGenerateContent));
    expect(body.tools).toEqual([{ functionDeclarations: [FULL.tools[0]?.functionDeclarations?.[1]], codeExecution: {} }, FULL.tools[2]] as Json);
    expect(body.generationConfig).toMatchObject({ thinkingConfig: { thinkingBudget: 7 }, temperature: 0.5 });
    expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: "NONE" }, retrievalConfig: { languageCode: "de" } });
  });
});

describe("reading", () => {
  test("the path tells model, stream and framing", () => {
    const body = { contents: [{ parts: [{ text: "x" }] }] };
    expect(decode(body, createWorld(), "/v1beta/models/a%2Fb/c:streamGenerateContent", { alt: "sse" })).toMatchObject({ model: "a/b/c", stream: true, framing: "sse" });
    expect(decode(body, createWorld(), "/v1/models/m:streamGenerateContent")).toMatchObject({ model: "m", stream: true, framing: "json-array" });
    expect(decode(body, createWorld(), "/v1beta/models/x:y:generateContent")).toMatchObject({ model: "x:y", stream: false, framing: "sse" });
    expect(decode(body, createWorld(), "/v1beta/tunedModels/t:generateContent").model).toBe("tunedModels/t");
    expect(decode(body, createWorld(), "/v1/projects/p/locations/l/publishers/google/models/m:generateContent").model).toBe("m");
  });

  test("#12 calls without ids are answered in order, by name", () => {
    const call = (name: string) => ({ functionCall: { name, args: {} } });
    const answer = (name: string, output: string) => ({ functionResponse: { name, response: { output } } });
    const [, calls, results] = decode({ contents: [{ role: "user", parts: [{ text: "x" }] }, { role: "model", parts: [call("f"), call("g"), call("f")] }, { role: "user", parts: [answer("f", "1"), answer("f", "3"), answer("g", "2")] }] }).messages;
    const ids = calls?.parts.map((part) => (part.kind === "tool-call" ? part.callId : "")) ?? [];
    expect(new Set(ids).size).toBe(3);
    expect(results?.parts.map((part) => (part.kind === "tool-result" ? part.callId : ""))).toEqual([ids[0] ?? "", ids[2] ?? "", ids[1] ?? ""]);
  });

  test("results: output, error, anything", () => {
    const answer = (response: JsonObject) => ({ functionResponse: { name: "f", response } });
    const [message] = decode({ contents: [{ role: "function", parts: [answer({ output: "o" }), answer({ error: "e" }), answer({ result: "r" }), answer({ a: 1 }), answer({}), answer({ output: { b: 2 } })] }] }).messages;
    expect(message?.role).toBe("user");
    const texts = message?.parts.map((part) => (part.kind === "tool-result" ? part.content.map((inner) => (inner.kind === "text" ? inner.text : inner.kind)).join() : ""));
    expect(texts).toEqual(["o", "e", "r", '{"a":1}', "", '{"output":{"b":2}}']);
    expect(message?.parts[1]).toMatchObject({ isError: true });
  });

  test("thinking", () => {
    const thinking = (thinkingConfig: JsonObject) => decode({ contents: [], generationConfig: { thinkingConfig } }).reasoning;
    expect(thinking({ thinkingBudget: 0 })).toEqual({ mode: "off", from: "body" });
    expect(thinking({ thinkingBudget: -1, includeThoughts: false })).toEqual({ mode: "auto", visibility: "none", from: "body" });
    expect(thinking({ thinkingBudget: 5, includeThoughts: true })).toEqual({ mode: "budget", budget: 5, visibility: "auto", from: "body" });
    expect(thinking({ thinkingLevel: "minimal" })).toEqual({ mode: "effort", effort: "minimal", from: "body" });
    expect(thinking({ includeThoughts: true })).toEqual({ mode: "default", visibility: "auto", from: "body" });
  });

  test("pieces of a model's answer are joined again, up to a seal", () => {
    const world = createWorld();
    const envelope = world.context.sealer.close({ vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" }, "google");
    const parts = [{ text: "think", thought: true }, { text: "ing", thought: true }, { text: "", thought: true, thoughtSignature: envelope }, { text: "a" }, { text: "b" }, { text: "", thoughtSignature: OWN_SIGNATURE }];
    expect(decode({ contents: [{ role: "model", parts }] }, world).messages[0]?.parts).toMatchObject([
      { kind: "reasoning", text: "thinking", seal: { vendor: "anthropic" } },
      { kind: "text", text: "ab", seal: { vendor: "google", bindsTo: "previous" } },
    ]);
  });

  test("a sealed thought is whole again, though its pieces are contents of their own", () => {
    const world = createWorld();
    const envelope = world.context.sealer.close({ vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" }, "google");
    const model = (part: JsonObject) => ({ role: "model", parts: [part] });
    const contents = [{ role: "user", parts: [{ text: "x" }] }, model({ text: "think", thought: true }), model({ text: "ing", thought: true }), model({ text: "", thought: true, thoughtSignature: envelope }), model({ text: "ok" })];
    const request = decode({ contents }, world);
    expect(request.messages.flatMap(({ parts }) => parts)).toMatchObject([{ text: "x" }, { kind: "reasoning", text: "thinking", textKind: "raw", seal: { value: "ErU" } }, { kind: "text", text: "ok" }]);
    const { body } = geminiGenerateContent.encodeRequest(request, world.exchange(request, geminiGenerateContent));
    expect(body.contents).toEqual([contents[0], contents[4]] as Json);
  });

  test("a thought that the client never saw is remembered by the call it led to", () => {
    const world = createWorld();
    const seal = { vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" } as const;
    world.context.sealer.remember("c1", { seals: [seal], reasoningText: "hidden" });
    const parts = [{ text: "", thoughtSignature: world.context.sealer.close(seal, "google") }, { functionCall: { id: "c1", name: "f", args: {} } }];
    expect(decode({ contents: [{ role: "model", parts }] }, world).messages[0]?.parts[0]).toMatchObject({ kind: "reasoning", text: "hidden", seal: { value: "ErU" } });
  });

  test("thoughts that Gemini CLI wrote back as text are thoughts again, on demand", () => {
    const body = { contents: [{ role: "model", parts: [{ text: "hm\n[Thought: true]" }, { text: "ok" }] }] };
    expect(decode(body, createWorld({ dropThoughtEcho: true })).messages[0]?.parts.map(({ kind }) => kind)).toEqual(["reasoning", "text"]);
    expect(decode(body).messages[0]?.parts.map(({ kind }) => kind)).toEqual(["text"]);
  });

  test("#202 Google's own schema form becomes JSON Schema", () => {
    const [declared] = decode(FULL).tools;
    expect(JSON.stringify(declared)).toContain('"type":"object"');
  });

  test("an altered envelope is left out, and told", () => {
    const world = createWorld();
    const envelope = world.context.sealer.close({ vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" }, "google");
    const request = decode({ contents: [{ role: "model", parts: [{ text: "t", thought: true, thoughtSignature: `${envelope.slice(0, -2)}xx` }] }] }, world);
    expect(request.messages[0]?.parts[0]).not.toHaveProperty("seal");
    expect(world.losses).toMatchObject([{ code: "seal-unreadable", path: "contents[0].parts[0].thoughtSignature" }]);
  });

  test("faults are told by their path", () => {
    const fault = (body: Json) => () => decode(body);
    expect(fault({})).toThrow(/^contents/);
    expect(fault({ contents: [{ parts: [{ text: 5 }] }] })).toThrow(/contents\[0\]\.parts\[0\]\.text/);
    expect(fault({ contents: [{ parts: [{ functionCall: { name: "f", args: "x" } }] }] })).toThrow(/functionCall\.args/);
    expect(fault({ contents: [], generationConfig: { temperature: "hot" } })).toThrow(/generationConfig\.temperature/);
    expect(fault({ contents: [], tools: [{ functionDeclarations: [{}] }] })).toThrow(/tools\[0\]\.functionDeclarations\[0\]\.name/);
  });

  test("residue keeps what canonical has no word for", () => {
    expect(Object.keys(decode(FULL).residue).sort()).toEqual(["generationConfig.imageConfig", "generationConfig.mediaResolution", "somethingNew", "toolConfig.retrievalConfig"]);
  });
});

describe("Code Assist", () => {
  const input = (body: Json, verb = "generateContent", query = {}) => wireInput(body, `/v1internal:${verb}`, query);
  const envelope = { model: "models/gemini-m", project: "p", user_prompt_id: "u", request: { ...FULL, session_id: "s" } } satisfies JsonObject;

  test("the envelope goes back as it came", () => {
    const world = createWorld();
    const request = geminiCodeAssist.decodeRequest(input(envelope, "streamGenerateContent", { alt: "sse" }), world.context);
    expect(request).toMatchObject({ model: "gemini-m", stream: true, framing: "sse", identity: { sessionId: "s" } });
    const wire = geminiCodeAssist.encodeRequest(request, world.exchange(request, geminiCodeAssist));
    expect(wire).toMatchObject({ path: "/v1internal:streamGenerateContent", query: { alt: "sse" } });
    expect(wire.body).toEqual({ ...envelope, model: "gemini-m" });
  });

  test("out of the envelope, its own members are left behind and told", () => {
    const world = createWorld();
    const request = geminiCodeAssist.decodeRequest(input(envelope), world.context);
    const { body } = geminiGenerateContent.encodeRequest(request, world.exchange(request, geminiGenerateContent));
    expect(body).toEqual(FULL);
    expect(world.losses.map(({ path }) => path)).toEqual(["project", "user_prompt_id"]);
  });

  test("a body without envelope is refused; faults carry its path", () => {
    expect(() => geminiCodeAssist.decodeRequest(input({ contents: [] }), createWorld().context)).toThrow(/request/);
    expect(() => geminiCodeAssist.decodeRequest(input({ model: "m", request: { contents: [5] } }), createWorld().context)).toThrow(/request\.contents\[0\]/);
  });

  test("#227 counting", () => {
    const request = geminiCodeAssist.counting?.decodeCountRequest(input({ request: { model: "models/m", contents: [{ parts: [{ text: "x" }] }] } }, "countTokens"), createWorld().context);
    expect(request).toMatchObject({ model: "m", messages: [{ role: "user" }] });
    expect(geminiCodeAssist.counting?.encodeCount({ inputTokens: 3 })).toEqual({ totalTokens: 3 });
  });
});

test("counting takes contents alone or a whole request", () => {
  const path = "/v1beta/models/m:countTokens";
  const contents = [{ parts: [{ text: "x" }] }];
  const count = (body: Json) => geminiGenerateContent.counting?.decodeCountRequest(wireInput(body, path), createWorld().context);
  expect(count({ contents })).toMatchObject({ model: "m", messages: [{ role: "user" }] });
  expect(count({ generateContentRequest: { model: "models/m", contents, systemInstruction: { parts: [{ text: "S" }] } } })?.messages).toHaveLength(2);
});
