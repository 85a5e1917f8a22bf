import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/index.ts";
import { geminiCodeAssist, geminiGenerateContent } from "./index.ts";
import { recognisesSeal } from "./seals.ts";
import { toByteOffset, toUnitOffset } from "./segments.ts";
import { exchangeOf, request, wireInput } from "./testing.ts";

test("the client's path goes on with the upstream's model in it", () => {
  const pass = (path: string, query = {}) => geminiGenerateContent.passthroughRequest(wireInput({}, path, query), request(), "up/m");
  expect(pass("/v1/models/a:streamGenerateContent", { alt: "sse" })).toEqual({ path: "/v1/models/up/m:streamGenerateContent", query: { alt: "sse" }, headers: {}, edits: {} });
  expect(pass("/v1beta/models/a:generateContent")).toEqual({ path: "/v1beta/models/up/m:generateContent", headers: {}, edits: {} });
  expect(geminiCodeAssist.passthroughRequest(wireInput({}, "/v1internal:generateContent"), request(), "up")).toEqual({ path: "/v1internal:generateContent", headers: {}, edits: { model: "up" } });
});

test("reasoning of an override replaces the client's, its wish to see thoughts stays", () => {
  const exchange = exchangeOf({ reasoning: { mode: "budget", budget: 9, from: "override" } });
  const edit = (body: JsonObject) => geminiGenerateContent.reasoningMembers?.(body, exchange);
  expect(edit({ generationConfig: { temperature: 1, thinkingConfig: { includeThoughts: true, thinkingLevel: "high" } } })).toEqual({ generationConfig: { temperature: 1, thinkingConfig: { includeThoughts: true, thinkingBudget: 9 } } });
  expect(edit({ generation_config: { thinking_config: { thinking_budget: 3 } } })).toEqual({ generation_config: { thinkingConfig: { thinkingBudget: 9 } } });
  expect(geminiCodeAssist.reasoningMembers?.({ request: { contents: [] } }, exchange)).toEqual({ request: { contents: [], generationConfig: { thinkingConfig: { thinkingBudget: 9 } } } });
});

test("doomed seals go, with the parts that were nothing else", () => {
  const body = { contents: [{ role: "model", parts: [{ text: "a", thoughtSignature: "bad" }, { text: "", thought_signature: "bad" }, { text: "b", thoughtSignature: "good" }] }] };
  expect(geminiGenerateContent.withoutSeals?.(body, (value) => value === "bad")).toEqual({ contents: [{ role: "model", parts: [{ text: "a" }, { text: "b", thoughtSignature: "good" }] }] });
  expect(geminiGenerateContent.withoutSeals?.(body, () => false)).toBe(body);
});

describe("tap", () => {
  const tapOf = (...chunks: readonly Json[]) => {
    const tap = geminiGenerateContent.createStreamTap();
    for (const chunk of chunks) tap.push({ event: "", data: JSON.stringify(chunk) });
    return tap;
  };

  test("begins with content, ends with a finish, counts what came last", () => {
    const begun = tapOf({ responseId: "r", modelVersion: "m" });
    expect([begun.begun, begun.ended, begun.model]).toEqual([false, false, "m"]);
    const text = { candidates: [{ content: { parts: [{ text: 'a "finishReason": "STOP" in words' }] } }], usageMetadata: { promptTokenCount: 1 } };
    const open = tapOf(text);
    expect([open.begun, open.ended]).toEqual([true, false]);
    const done = tapOf(text, { candidates: [{ finishReason: "MAX_TOKENS" }], usageMetadata: { promptTokenCount: 2 }, modelVersion: "m" });
    expect([done.ended, done.finishReason, done.usage?.inputFresh, done.model]).toEqual([true, "MAX_TOKENS", 2, "m"]);
  });

  test("arguments may have any key; errors and envelopes are seen", () => {
    expect(tapOf({ candidates: [{ content: { parts: [{ functionCall: { name: "f", args: { finishReason: "x", error: 1 } } }] } }] }).ended).toBe(false);
    expect(tapOf({ error: { code: 429, message: "slow", status: "RESOURCE_EXHAUSTED" } }).error).toMatchObject({ kind: "rate-limit" });
    expect(tapOf({ response: { candidates: [{ finishReason: "STOP" }], modelVersion: "m" } })).toMatchObject({ ended: true, model: "m" });
    expect(tapOf({ promptFeedback: { blockReason: "SAFETY" } })).toMatchObject({ ended: true, finishReason: "SAFETY" });
    expect(geminiGenerateContent.tapResponse({ candidates: [{ finishReason: "STOP" }], usageMetadata: { promptTokenCount: 3 }, modelVersion: "m" })).toMatchObject({ usage: { inputFresh: 3 }, model: "m", finishReason: "STOP" });
  });
});

test("bytes and code units", () => {
  const text = "aé€😀z";
  expect([0, 1, 3, 6, 10, 11, 99].map((bytes) => toUnitOffset(text, bytes))).toEqual([0, 1, 2, 3, 5, 6, 6]);
  expect([0, 1, 2, 3, 5, 6, 99].map((units) => toByteOffset(text, units))).toEqual([0, 1, 3, 6, 10, 11, 11]);
  expect(toUnitOffset(text, 7)).toBe(3);
});

test("Google's seals are told from those of others", () => {
  expect(recognisesSeal("EpAICo0IAb4+9vuku3oDHR5EQSMfPm5IpmH06lgm9aGICNAJ")).toBe(true);
  expect(recognisesSeal("CiMBjz1rX25KieIB4d4AwFn8/WbsHTRNHBXso88PtemwfsSf")).toBe(true);
  expect(recognisesSeal("ErUBCkYIBxgCIkA1234567890abcdefghijklmnop")).toBe(false);
  expect(recognisesSeal("gAAAAABo1234567890abcdefghijkl")).toBe(false);
  expect(recognisesSeal("short")).toBe(false);
});
