import { describe, expect, test } from "bun:test";
import type { Delta } from "./event.ts";
import type { Part, ToolCallPart } from "./message.ts";
import { PartBuilder } from "./part-builder.ts";
import { isWholeJson, parseArguments } from "./tool-arguments.ts";

function build(skeleton: Part, ...deltas: readonly Delta[]): Part {
  const builder = new PartBuilder(skeleton);
  for (const delta of deltas) builder.add(delta);
  return builder.build();
}

const said = (text: string): Delta => ({ type: "text", text });
const args = (text: string): Delta => ({ type: "arguments", text });
const seal = { vendor: "v", form: "signature", value: "S", bindsTo: "self" } as const;
const call: ToolCallPart = { kind: "tool-call", callId: "c", name: "read", variant: "function", argumentsText: "", complete: true };

describe("text", () => {
  test("grows, with citations, a seal and log probabilities in order", () => {
    const citation = { type: "url", url: "https://example.com" } as const;
    expect(build({ kind: "text", text: "", path: "p" }, { ...said("a"), logprobs: [1] } as Delta, { type: "citation", citation }, { ...said("b"), logprobs: [2, 3] } as Delta, { type: "seal", seal })).toEqual({
      kind: "text", text: "ab", path: "p", citations: [citation], logprobs: [1, 2, 3], seal,
    });
  });

  test("goes on from what the skeleton has, and leaves the skeleton alone", () => {
    const skeleton: Part = { kind: "text", text: "a", citations: [{ type: "url", url: "1" }] };
    expect(build(skeleton, said("b"), { type: "citation", citation: { type: "url", url: "2" } })).toMatchObject({ text: "ab", citations: [{ url: "1" }, { url: "2" }] });
    expect(skeleton).toEqual({ kind: "text", text: "a", citations: [{ type: "url", url: "1" }] });
  });

  test("a refusal grows too", () => {
    expect(build({ kind: "refusal", text: "" }, said("no"), said("!"))).toEqual({ kind: "refusal", text: "no!" });
  });
});

describe("reasoning", () => {
  test("raw text", () => {
    expect(build({ kind: "reasoning", text: "", textKind: "raw" }, said("h"), said("m"), { type: "seal", seal })).toEqual({ kind: "reasoning", text: "hm", textKind: "raw", seal });
  });

  test("summary parts keep their borders, also when they come out of order", () => {
    const summary = (text: string, summaryIndex: number): Delta => ({ type: "summary", text, summaryIndex });
    expect(build({ kind: "reasoning", text: "", textKind: "summary" }, summary("c", 2), summary("a", 0), summary("b", 1), summary("!", 0))).toEqual({
      kind: "reasoning", text: "a!\n\nb\n\nc", textKind: "summary", summary: ["a!", "b", "c"],
    });
  });

  test("the last of several seals counts", () => {
    expect(build({ kind: "reasoning", text: "", textKind: "none" }, { type: "seal", seal: { ...seal, value: "old" } }, { type: "seal", seal })).toMatchObject({ seal: { value: "S" } });
  });
});

describe("calls", () => {
  test("whole arguments are parsed, their text kept as it came", () => {
    expect(build(call, args('{ "n" : 1.'), args("0 }"))).toEqual({ ...call, argumentsText: '{ "n" : 1.0 }', arguments: { n: 1 }, complete: true });
  });

  test("no arguments at all are an empty object", () => {
    expect(build(call)).toEqual({ ...call, arguments: {}, complete: true });
  });

  test("text that is no object stays text, and the call is not complete", () => {
    for (const text of ['{"a":', "[1]", '"x"', "nonsense"]) expect(build(call, args(text))).toEqual({ ...call, argumentsText: text, complete: false });
  });

  test("a custom tool's input is any text", () => {
    const custom: ToolCallPart = { ...call, variant: "custom" };
    expect(build(custom, args("*** Begin"))).toEqual({ ...custom, argumentsText: "*** Begin", complete: true });
    expect(build({ ...custom, complete: false }, args("*** Be"))).toMatchObject({ complete: false });
  });
});

describe("media", () => {
  test("audio grows by pieces of base64 with a transcript", () => {
    const audio: Part = { kind: "audio", id: "au_1" };
    expect(build(audio, { type: "media", data: "QUJD", transcript: "he" }, { type: "media", data: "REVG", transcript: "llo" })).toEqual({
      kind: "audio", id: "au_1", source: { type: "base64", mimeType: "audio/wav", data: "QUJDREVG" }, transcript: "hello",
    });
  });

  test("a transcript that comes without sound is kept", () => {
    expect(build({ kind: "audio", id: "au_1" }, { type: "media", data: "", transcript: "hello" })).toEqual({ kind: "audio", id: "au_1", transcript: "hello" });
  });

  test("a part that came whole stays as it is", () => {
    const image: Part = { kind: "image", source: { type: "url", url: "https://example.com/a.png" } };
    expect(build(image)).toBe(image);
  });
});

describe("arguments", () => {
  test("only objects are arguments", () => {
    expect([parseArguments(""), parseArguments(" \n"), parseArguments("{}")]).toEqual([{}, {}, {}]);
    for (const text of ["null", "[]", "1", '"{}"', "{", "{}{}"]) expect(parseArguments(text)).toBeUndefined();
  });

  test("whole JSON is told from a beginning of it", () => {
    for (const text of ["{}", '{"a":"}"}', "[1]", '"x"', "{} \n"]) expect(isWholeJson(text)).toBe(true);
    for (const text of ["", "{", '{"a":{}', '{"a":"}', "12", "tru", '"']) expect(isWholeJson(text)).toBe(false);
  });
});
