import { describe, expect, test } from "bun:test";
import { ResponseFold, unfold, type GenerateEvent, type GenerateResponse, type Json, type JsonObject, type Part } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import { geminiCodeAssist, geminiGenerateContent } from "./index.ts";
import { answer, call, createWorld, dataOf, decodeStream, encodeStream, exchangeOf, partsOf, tool } from "./testing.ts";

const SIGNATURE = "EpAICo0IAb4+9vuku3oDHR5EQSMfPm5IpmH06lgm9aGICNAJKKfpVXU3971q";
const USAGE = { promptTokenCount: 10, cachedContentTokenCount: 4, candidatesTokenCount: 5, thoughtsTokenCount: 7, totalTokenCount: 22 };
const chunk = (parts: readonly JsonObject[], more: JsonObject = {}, top: JsonObject = {}): JsonObject => ({ candidates: [{ content: { role: "model", parts }, index: 0, ...more }], modelVersion: "gemini-m", responseId: "r1", ...top });
const fold = (events: readonly GenerateEvent[]): GenerateResponse => {
  const folded = new ResponseFold();
  for (const event of events) folded.push(event);
  return folded.response();
};
const eventsOf = (response: GenerateResponse): GenerateEvent[] => {
  const events: GenerateEvent[] = [];
  unfold(response, (event) => void events.push(event));
  return events;
};
const withoutWire = (parts: readonly Part[] | undefined) => parts?.map(({ wire: _wire, path: _path, ...part }) => part);

const WHOLE = {
  candidates: [{
    content: { role: "model", parts: [{ text: "why", thought: true }, { text: "Grüße 😀 da", thoughtSignature: SIGNATURE }, { functionCall: { id: "c1", name: "f", args: { a: 1 } } }] },
    finishReason: "STOP", index: 0, safetyRatings: [{ category: "c" }], avgLogprobs: -0.5, finishMessage: "m",
    groundingMetadata: { webSearchQueries: ["q"], groundingChunks: [{ web: { uri: "https://e.com", title: "E" } }], groundingSupports: [{ segment: { partIndex: 1, startIndex: 8, endIndex: 12, text: "😀" }, groundingChunkIndices: [0] }] },
  }],
  usageMetadata: { ...USAGE, trafficType: "ON_DEMAND" }, modelVersion: "gemini-m", responseId: "r1", createTime: "2026-04-02T17:03:50Z",
} satisfies JsonObject;

describe("whole replies", () => {
  test("same dialect: a reply goes back as it came", () => {
    const exchange = exchangeOf({ dialect: "gemini-generate-content" });
    expect(geminiGenerateContent.encodeResponse(geminiGenerateContent.decodeResponse(WHOLE, exchange), exchange)).toEqual(WHOLE);
  });

  test("parts, positions in bytes, usage", () => {
    const response = geminiGenerateContent.decodeResponse(WHOLE, exchangeOf());
    expect(response.candidates[0]?.parts).toMatchObject([
      { kind: "reasoning", text: "why" },
      { kind: "text", seal: { vendor: "google", value: SIGNATURE }, citations: [{ url: "https://e.com", start: 6, end: 8, citedText: "😀" }] },
      { kind: "tool-call", callId: "c1", name: "f", arguments: { a: 1 }, argumentsText: '{"a":1}' },
    ]);
    expect(response.candidates[0]?.finish).toMatchObject({ reason: "tool-use", native: "STOP" });
  });

  test("#211 #212 usage: thoughts stand beside the answer, the cache inside the prompt", () => {
    const { usage } = geminiGenerateContent.decodeResponse(chunk([], {}, { usageMetadata: USAGE }), exchangeOf());
    expect(usage).toMatchObject({ inputFresh: 6, cacheRead: 4, outputVisible: 5, reasoning: 7 });
    const exchange = exchangeOf({}, { from: "elsewhere" });
    const back = geminiGenerateContent.encodeResponse(answer([], { usage: { inputFresh: 6, cacheRead: 3, cacheWrite: 1, outputVisible: 5, reasoning: 7, native: { foreign: 1 } } }), exchange);
    expect(back.usageMetadata).toEqual({ promptTokenCount: 10, cachedContentTokenCount: 3, candidatesTokenCount: 5, thoughtsTokenCount: 7, totalTokenCount: 22 });
  });

  test("#105 a refused prompt is an answer without candidates", () => {
    const body = { promptFeedback: { blockReason: "SAFETY", blockReasonMessage: "no" }, modelVersion: "gemini-m", responseId: "r1" };
    const exchange = exchangeOf({ dialect: "gemini-generate-content" });
    const response = geminiGenerateContent.decodeResponse(body, exchange);
    expect(response.promptBlock).toEqual({ reason: "SAFETY", message: "no" });
    expect(response.candidates).toEqual([{ index: 0, parts: [], finish: { reason: "content-filter", native: "SAFETY", explanation: "no" } }]);
    expect(geminiGenerateContent.encodeResponse(response, exchange)).toEqual(body);
  });

  test("an envelope is taken off, also where none should be; snake_case is read", () => {
    const response = geminiGenerateContent.decodeResponse({ response: { candidates: [{ content: { parts: [{ text: "x" }] }, finish_reason: "MAX_TOKENS" }], usage_metadata: { prompt_token_count: 3 } }, traceId: "t" }, exchangeOf());
    expect(response).toMatchObject({ candidates: [{ parts: [{ text: "x" }], finish: { reason: "max-tokens" } }], usage: { inputFresh: 3 } });
    expect(geminiCodeAssist.encodeResponse(response, exchangeOf())).toMatchObject({ response: { candidates: [{}] }, traceId: "t" });
  });

  test("names come back as the caller's; custom tools as free text; ids are made once", () => {
    const exchange = exchangeOf({ tools: [tool("1 a/b"), { kind: "custom", name: "patch" }] });
    const name = exchange.names.toWire("1 a/b");
    const parts = geminiGenerateContent.decodeResponse(chunk([{ functionCall: { name, args: {} } }, { functionCall: { name: "patch", args: { input: "***" } } }, { functionCall: { id: "d", name: "x", args: {} } }, { functionCall: { id: "d", name: "x", args: {} } }]), exchange).candidates[0]?.parts;
    expect(parts).toMatchObject([{ name: "1 a/b", callId: "call_000000000000000000000001" }, { name: "patch", variant: "custom", argumentsText: "***" }, { callId: "d" }, { callId: "d_2" }]);
  });

  test("an error in the body is thrown; nonsense is malformed", () => {
    expect(() => geminiGenerateContent.decodeResponse({ error: { code: 429, message: "slow", status: "RESOURCE_EXHAUSTED" } }, exchangeOf())).toThrow("slow");
    for (const body of [{}, [], "x", { candidates: [{ content: { parts: [{ functionCall: { args: {} } }] } }] }] satisfies Json[]) {
      let code = "";
      try {
        geminiGenerateContent.decodeResponse(body, exchangeOf());
      } catch (thrown) {
        code = (thrown as GatewayError).code;
      }
      expect(code).toBe("upstream_malformed");
    }
  });

  test("foreign answers: calls with ids, seals in envelopes, thoughts only on demand", () => {
    const world = createWorld();
    const thought = { kind: "reasoning", text: "T", textKind: "raw", seal: { vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" } } as const;
    const response = answer([thought, { kind: "refusal", text: "no" }, call("toolu_1", "f", '{"a":1}')]);
    const shown = geminiGenerateContent.encodeResponse(response, exchangeOf({ reasoning: { mode: "default", visibility: "auto", from: "body" } }, { from: "elsewhere" }, world));
    expect(partsOf(shown)).toMatchObject([{ text: "T", thought: true }, { text: "no" }, { functionCall: { id: "toolu_1", name: "f", args: { a: 1 } } }]);
    expect(world.context.sealer.open(String(partsOf(shown)[0]?.thoughtSignature), "google", "thought-signature")).toMatchObject({ vendor: "anthropic", value: "ErU" });
    expect(world.context.sealer.recall("toolu_1")).toMatchObject({ seals: [{ value: "ErU" }], reasoningText: "T", name: "f" });
    const hidden = partsOf(geminiGenerateContent.encodeResponse(response, exchangeOf({}, { from: "elsewhere" }, world)));
    expect(hidden[0]).toMatchObject({ text: "" });
    expect(hidden.some((part) => part.thought === true)).toBe(false);
  });

  test("citations become grounding, in bytes; a refusal is said in words", () => {
    const cited = { kind: "text", text: "é 😀!", citations: [{ type: "url", url: "https://e.com", title: "E", start: 2, end: 4 }] } as const;
    const [candidate] = geminiGenerateContent.encodeResponse(answer([cited]), exchangeOf({}, { from: "elsewhere" })).candidates as JsonObject[];
    expect(candidate?.groundingMetadata).toEqual({ groundingChunks: [{ web: { uri: "https://e.com", title: "E" } }], groundingSupports: [{ segment: { startIndex: 3, endIndex: 7, text: "😀" }, groundingChunkIndices: [0] }] });
    const refused = answer([], { candidates: [{ index: 0, parts: [], finish: { reason: "refusal", explanation: "I may not." } }] });
    expect(geminiGenerateContent.encodeResponse(refused, exchangeOf({}, { from: "elsewhere" })).candidates).toMatchObject([{ content: { parts: [{ text: "I may not." }] }, finishReason: "PROHIBITED_CONTENT" }]);
  });

  test("images come and go", () => {
    const part = { inlineData: { mimeType: "image/png", data: "iVBORw0K" } };
    const image = geminiGenerateContent.decodeResponse(chunk([part], { finishReason: "STOP" }), exchangeOf()).candidates[0]?.parts[0];
    expect(image).toMatchObject({ kind: "image", source: { type: "base64", mimeType: "image/png" } });
    expect(partsOf(geminiGenerateContent.encodeResponse(answer(withoutWire(image && [image]) as Part[]), exchangeOf({}, { from: "elsewhere" })))).toEqual([part]);
  });

  test("finish reasons both ways", () => {
    const told = (finishReason: string) => geminiGenerateContent.decodeResponse(chunk([{ text: "x" }], { finishReason }), exchangeOf()).candidates[0]?.finish.reason;
    expect(["STOP", "MAX_TOKENS", "SAFETY", "LANGUAGE", "RECITATION", "MALFORMED_FUNCTION_CALL", "CONTINUATION", "NO_IMAGE", "NEWER"].map(told)).toEqual(["end", "max-tokens", "content-filter", "content-filter", "recitation", "malformed-tool-call", "pause", "other", "other"]);
    const say = (reason: GenerateResponse["candidates"][number]["finish"]) => (geminiGenerateContent.encodeResponse(answer([], { candidates: [{ index: 0, parts: [], finish: reason }] }), exchangeOf({}, { from: "elsewhere" })).candidates as JsonObject[])[0]?.finishReason;
    expect(say({ reason: "tool-use", native: "tool_use" })).toBe("STOP");
    expect(say({ reason: "content-filter", native: "BLOCKLIST" })).toBe("BLOCKLIST");
    expect(say({ reason: "max-tokens", native: "length" })).toBe("MAX_TOKENS");
  });
});

describe("reading streams", () => {
  test("#33 #34 calls in one chunk, the end in the next", () => {
    const response = fold(decodeStream([chunk([{ functionCall: { name: "f", args: {} } }, { functionCall: { name: "g", args: { a: 1 } } }]), chunk([{ text: "" }], { finishReason: "STOP" })]));
    expect(response.candidates).toMatchObject([{ parts: [{ name: "f" }, { name: "g", arguments: { a: 1 } }], finish: { reason: "tool-use" } }]);
    expect(response.candidates[0]?.parts).toHaveLength(2);
  });

  test("a stream says what the whole reply says", () => {
    const [candidate] = WHOLE.candidates;
    const { content, groundingMetadata: _grounding, ...rest } = candidate as JsonObject & { content: { parts: readonly JsonObject[] } };
    const { candidates: _candidates, ...top } = WHOLE;
    const events = decodeStream([...content.parts.map((part) => chunk([part])), { candidates: [rest], ...top }]);
    const streamed = fold(events);
    const { groundingMetadata: _gone, ...spare } = candidate as JsonObject;
    const whole = geminiGenerateContent.decodeResponse({ ...top, candidates: [spare] }, exchangeOf());
    expect({ ...streamed, candidates: [] }).toEqual({ ...whole, candidates: [] });
    expect(withoutWire(streamed.candidates[0]?.parts)).toEqual(withoutWire(whole.candidates[0]?.parts) ?? []);
    expect(streamed.candidates[0]?.finish).toEqual(whole.candidates[0]?.finish as never);
  });

  test("#103 counts are cumulative: the last one is told, not the sum", () => {
    const events = decodeStream([1, 2, 3].map((count) => chunk([{ text: "x" }], count === 3 ? { finishReason: "STOP" } : {}, { usageMetadata: { ...USAGE, candidatesTokenCount: count } })));
    expect(fold(events).usage?.outputVisible).toBe(3);
    expect(events.filter(({ type }) => type === "usage")).toHaveLength(2);
  });

  test("#104 a finish without content ends cleanly", () => {
    const events = decodeStream([chunk([{ text: "x" }]), { candidates: [{ finishReason: "STOP" }] }]);
    expect(events.at(-1)?.type).toBe("response-end");
    expect(fold(events).candidates[0]?.parts).toMatchObject([{ kind: "text", text: "x" }]);
  });

  test("#106 a signature that comes alone at the end is the text's, without an empty delta", () => {
    const events = decodeStream([chunk([{ text: "a" }]), chunk([{ text: "", thoughtSignature: SIGNATURE }], { finishReason: "STOP" })]);
    expect(fold(events).candidates[0]?.parts).toMatchObject([{ kind: "text", text: "a", seal: { value: SIGNATURE, bindsTo: "previous" } }]);
    expect(events.some((event) => event.type === "part-delta" && event.delta.type === "text" && event.delta.text === "")).toBe(false);
  });

  test("#107 a malformed call is told as such", () => {
    expect(fold(decodeStream([chunk([], { finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: "bad" })])).candidates[0]).toMatchObject({ parts: [], finish: { reason: "malformed-tool-call", explanation: "bad" } });
  });

  test("a stream without its end is an error; so are an error object and broken JSON", () => {
    expect(decodeStream([chunk([{ text: "x" }])]).at(-1)).toMatchObject({ type: "error", error: { code: "stream_interrupted" } });
    expect(decodeStream([]).at(-1)).toMatchObject({ type: "error" });
    expect(decodeStream([chunk([{ text: "x" }])], exchangeOf({}, { capabilities: { lenientEof: true } })).at(-1)).toMatchObject({ type: "response-end" });
    expect(decodeStream([chunk([{ text: "x" }]), { error: { code: 503, message: "busy", status: "UNAVAILABLE" } }, chunk([{ text: "y" }])]).at(-1)).toMatchObject({ type: "error", error: { kind: "overloaded", message: "busy" } });
    const events: GenerateEvent[] = [];
    const decoder = geminiGenerateContent.createStreamDecoder(exchangeOf(), (event) => void events.push(event));
    decoder.push({ event: "", data: "{" });
    decoder.end();
    expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "upstream_malformed" } });
  });

  test("arguments that come in pieces are put together by their paths", () => {
    const piece = (functionCall: JsonObject, more: JsonObject = {}) => chunk([{ functionCall, ...more }]);
    const patch = (jsonPath: string, value: JsonObject, willContinue = false) => ({ jsonPath, ...value, ...(willContinue && { willContinue }) });
    const events = decodeStream([
      piece({ name: "f", willContinue: true }, { thoughtSignature: SIGNATURE }),
      piece({ partialArgs: [patch("$.a", { stringValue: "Bos" }, true)], willContinue: true }),
      piece({ partialArgs: [patch("$.a", { stringValue: "ton" }), patch("$.list[1].n", { numberValue: 2 }), patch("$['o k']", { boolValue: true }), patch("$.z", { nullValue: "NULL_VALUE" })], willContinue: true }),
      piece({}),
      chunk([], { finishReason: "STOP" }),
    ]);
    const [part] = fold(events).candidates[0]?.parts ?? [];
    expect(part).toMatchObject({ kind: "tool-call", name: "f", complete: true, seal: { value: SIGNATURE } });
    expect(part?.kind === "tool-call" && JSON.parse(part.argumentsText)).toEqual({ a: "Boston", list: [null, { n: 2 }], "o k": true, z: null });
  });

  test("grounding at the end marks the text that is still open", () => {
    const [candidate] = WHOLE.candidates;
    const events = decodeStream([chunk([{ text: "Grüße " }]), chunk([{ text: "😀 da" }], { finishReason: "STOP", groundingMetadata: candidate?.groundingMetadata as Json })]);
    expect(fold(events).candidates[0]?.parts).toMatchObject([{ citations: [{ start: 6, end: 8 }] }]);
  });
});

describe("writing streams", () => {
  const response = answer([{ kind: "reasoning", text: "hm", textKind: "raw" }, { kind: "text", text: "Hi", seal: { vendor: "google", form: "thought-signature", value: "S", bindsTo: "self" } }, call("c1", "f", '{"a":1}', { seal: { vendor: "google", form: "thought-signature", value: "C", bindsTo: "self" } })], { usage: { inputFresh: 1, outputVisible: 2 } });

  test("#98 #99 #100 only data lines, a blank line last, finish and usage in the last chunk, arguments as one object", () => {
    const stream = encodeStream(eventsOf(response));
    for (const block of stream.split("\n\n").slice(0, -1)) expect(block).toMatch(/^data: \{.*\}$/);
    expect(stream.endsWith("}\n\n")).toBe(true);
    expect(stream).not.toContain("[DONE]");
    const chunks = dataOf(stream);
    expect(chunks.flatMap(partsOf)).toEqual([{ text: "Hi" }, { text: "", thoughtSignature: "S" }, { functionCall: { id: "c1", name: "f", args: { a: 1 } }, thoughtSignature: "C" }, { text: "" }]);
    expect(chunks.at(-1)).toMatchObject({ candidates: [{ finishReason: "STOP", index: 0 }], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 } });
    for (const chunk of chunks) expect(chunk).toMatchObject({ modelVersion: "gemini-m", responseId: "resp_1" });
  });

  test("#152 thoughts only on demand, seals always", () => {
    const sealed = answer([{ kind: "reasoning", text: "hm", textKind: "raw", seal: { vendor: "anthropic", form: "signature", value: "ErU", bindsTo: "self" } }, { kind: "text", text: "x" }]);
    const hidden = dataOf(encodeStream(eventsOf(sealed))).flatMap(partsOf);
    expect(hidden.map((part) => part.thought ?? false)).not.toContain(true);
    expect(hidden.filter((part) => part.thoughtSignature !== undefined)).toHaveLength(1);
    const shown = dataOf(encodeStream(eventsOf(sealed), exchangeOf({ reasoning: { mode: "default", visibility: "auto", from: "body" } }, { from: "elsewhere" }))).flatMap(partsOf);
    expect(shown.slice(0, 2)).toMatchObject([{ text: "hm", thought: true }, { text: "", thought: true }]);
  });

  test("#101 without alt=sse it is one JSON list, also when it fails", () => {
    const exchange = exchangeOf({ framing: "json-array" }, { from: "elsewhere" });
    expect((JSON.parse(encodeStream(eventsOf(response), exchange)) as Json[]).length).toBe(4);
    const error = new GatewayError("overloaded");
    const failed = JSON.parse(encodeStream([...eventsOf(response).slice(0, 6), { type: "error", error }], exchange)) as JsonObject[];
    expect(failed.at(-1)).toMatchObject({ error: { code: 503, status: "UNAVAILABLE" } });
  });

  test("#102 Code Assist wraps every chunk, but no error", () => {
    const exchange = exchangeOf({}, { from: "elsewhere" });
    for (const chunk of dataOf(encodeStream(eventsOf(response), exchange, geminiCodeAssist))) expect(Object.keys(chunk)).toEqual(["response"]);
    const failed = dataOf(encodeStream([...eventsOf(response).slice(0, 6), { type: "error", error: new GatewayError("overloaded") }], exchange, geminiCodeAssist));
    expect(Object.keys(failed.at(-1) ?? {})).toEqual(["error"]);
  });

  test("#110 keep-alives are comments, and white space within a list", () => {
    const keepAlive = (framing: "sse" | "json-array") => geminiGenerateContent.createStreamEncoder(exchangeOf({ framing }), () => undefined).keepAlive();
    expect(keepAlive("sse")).toMatch(/^:.*\n\n$/);
    expect(keepAlive("json-array").trim()).toBe("");
  });

  test("a refused prompt ends as Google ends it", () => {
    const exchange = exchangeOf({ dialect: "gemini-generate-content" });
    const [last] = dataOf(encodeStream(decodeStream([{ promptFeedback: { blockReason: "SAFETY" } }], exchange), exchange)).slice(-1);
    expect(last).toMatchObject({ promptFeedback: { blockReason: "SAFETY" } });
    expect(last).not.toHaveProperty("candidates");
  });

  test("summaries of several parts are paragraphs of one thought", () => {
    const thought = { kind: "reasoning", text: "a\n\nb", textKind: "summary", summary: ["a", "b"] } as const;
    const shown = dataOf(encodeStream(eventsOf(answer([thought])), exchangeOf({ reasoning: { mode: "default", visibility: "auto", from: "body" } }, { from: "elsewhere" }))).flatMap(partsOf);
    expect(shown.filter((part) => part.thought === true).map((part) => part.text).join("")).toBe("a\n\nb");
  });
});
