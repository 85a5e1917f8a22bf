import { describe, expect, test } from "bun:test";
import type { GenerateEvent } from "./event.ts";
import { reconcileFinish } from "./finish.ts";
import { ResponseFold, unfold } from "./fold.ts";
import type { Part } from "./message.ts";
import { PartBuilder } from "./part-builder.ts";
import type { GenerateResponse } from "./response.ts";

function fold(events: readonly GenerateEvent[]): ResponseFold {
  const folded = new ResponseFold();
  for (const event of events) folded.push(event);
  return folded;
}

function eventsOf(response: GenerateResponse): GenerateEvent[] {
  const events: GenerateEvent[] = [];
  unfold(response, (event) => void events.push(event));
  return events;
}

const seal = { vendor: "v", form: "signature", value: "S", bindsTo: "self" } as const;

const PARTS: readonly Part[] = [
  { kind: "reasoning", text: "hm", textKind: "raw", seal, itemId: "rs_1" },
  { kind: "reasoning", text: "a\n\nb", textKind: "summary", summary: ["a", "b"] },
  { kind: "reasoning", text: "", textKind: "none", seal: { ...seal, form: "redacted" }, redacted: true },
  { kind: "text", text: "yes", citations: [{ type: "url", url: "https://example.com", start: 0, end: 3 }], seal, logprobs: [{ token: "yes" }] },
  { kind: "text", text: "" },
  { kind: "refusal", text: "no" },
  { kind: "tool-call", callId: "c1", name: "read", variant: "function", argumentsText: '{"p": 1}', arguments: { p: 1 }, complete: true, seal },
  { kind: "tool-call", callId: "c2", name: "read", variant: "function", argumentsText: "", arguments: {}, complete: true },
  { kind: "tool-call", callId: "c3", name: "read", variant: "function", argumentsText: '{"p"', complete: false },
  { kind: "tool-call", callId: "c4", name: "patch", variant: "custom", argumentsText: "*** Begin", complete: true },
  { kind: "image", source: { type: "base64", mimeType: "image/png", data: "QUJD" } },
  { kind: "audio", id: "au", source: { type: "base64", mimeType: "audio/wav", data: "QUJD" }, transcript: "hello" },
  { kind: "server-tool-call", callId: "s1", family: "web-search", name: "web_search", input: { q: 1 } },
  { kind: "server-tool-result", callId: "s1", family: "web-search", result: [] },
  { kind: "opaque", dialect: "d", type: "odd", value: { x: 1 } },
];

const RESPONSE: GenerateResponse = {
  id: "r1",
  model: "m1",
  createdAt: 1_700_000_000,
  serviceTier: "flex",
  candidates: [
    { index: 0, parts: PARTS, finish: { reason: "tool-use", native: "tool_calls" }, logprobs: { content: [] }, grounding: { q: 1 } },
    { index: 1, parts: [], finish: { reason: "end" } },
  ],
  usage: { inputFresh: 1, outputVisible: 2 },
  residue: { d: { a: 1 }, e: { b: 2 } },
};

describe("fold and unfold", () => {
  test("an answer told as a stream folds into the same answer", () => {
    const folded = fold(eventsOf(RESPONSE));
    // A candidate that says nothing still finishes.
    expect(folded.response()).toEqual(RESPONSE);
    expect([folded.ended, folded.error, folded.usage]).toEqual([true, undefined, { inputFresh: 1, outputVisible: 2 }]);
  });

  test("an answer of nothing but a head", () => {
    const empty: GenerateResponse = { id: "r", model: "m", candidates: [] };
    expect(fold(eventsOf(empty)).response()).toEqual(empty);
  });

  test.each(PARTS.map((part, index) => [index, part.kind, part] as const))("part %i (%s): its end is what its start and deltas make", (_index, _kind, part) => {
    const events = eventsOf({ id: "r", model: "m", candidates: [{ index: 0, parts: [part], finish: { reason: "end" } }] });
    let builder: PartBuilder | undefined;
    for (const event of events) {
      if (event.type === "part-start") builder = new PartBuilder(event.part);
      if (event.type === "part-delta") builder?.add(event.delta);
      if (event.type === "part-end") expect(builder?.build()).toEqual(event.part);
    }
    expect(builder?.build()).toEqual(part);
  });

  test("a text part starts empty and grows", () => {
    expect(eventsOf({ id: "r", model: "m", candidates: [{ index: 0, parts: [{ kind: "text", text: "yes" }], finish: { reason: "end" } }] })).toEqual([
      { type: "response-start", id: "r", model: "m" },
      { type: "part-start", candidate: 0, index: 0, part: { kind: "text", text: "" } },
      { type: "part-delta", candidate: 0, index: 0, delta: { type: "text", text: "yes" } },
      { type: "part-end", candidate: 0, index: 0, part: { kind: "text", text: "yes" } },
      { type: "finish", candidate: 0, finish: { reason: "end" } },
      { type: "response-end" },
    ]);
  });
});

describe("a stream so far", () => {
  const begun = eventsOf(RESPONSE).slice(0, 3);

  test("shows the open part as far as it got, and no end", () => {
    const folded = fold(begun);
    expect(folded.ended).toBe(false);
    expect(folded.response()).toEqual({ id: "r1", model: "m1", createdAt: 1_700_000_000, serviceTier: "flex", candidates: [{ index: 0, parts: [{ kind: "reasoning", text: "hm", textKind: "raw", itemId: "rs_1" }], finish: { reason: "other" } }] });
  });

  test("an error is remembered beside what came before it", () => {
    const error = { kind: "server", code: "stream_interrupted", status: 502, message: "cut", source: "upstream" } as const;
    const folded = fold([...begun, { type: "error", error }]);
    expect([folded.ended, folded.error]).toEqual([false, error]);
    expect(folded.response().candidates[0]?.parts).toHaveLength(1);
  });

  test("residue of one dialect adds up, pings are nothing, candidates are sorted", () => {
    const folded = fold([
      { type: "ping" },
      { type: "residue", dialect: "d", value: { a: 1, b: 1 } },
      { type: "residue", dialect: "d", value: { b: 2 } },
      { type: "finish", candidate: 1, finish: { reason: "end" } },
      { type: "finish", candidate: 0, finish: { reason: "max-tokens" } },
    ]);
    expect(folded.response().residue).toEqual({ d: { a: 1, b: 2 } });
    expect(folded.response().candidates.map(({ index, finish }) => [index, finish.reason])).toEqual([[0, "max-tokens"], [1, "end"]]);
  });
});

describe("reconcileFinish", () => {
  test.each([
    ["end", true, "tool-use"],
    ["stop-sequence", true, "tool-use"],
    ["other", true, "tool-use"],
    ["max-tokens", true, "max-tokens"],
    ["content-filter", true, "content-filter"],
    ["tool-use", true, "tool-use"],
    ["tool-use", false, "end"],
    ["end", false, "end"],
    ["pause", false, "pause"],
  ] as const)("%s with calls %p is %s", (reason, hasCalls, expected) => {
    expect(reconcileFinish({ reason, native: "n" }, hasCalls)).toEqual({ reason: expected, native: "n" });
  });
});
