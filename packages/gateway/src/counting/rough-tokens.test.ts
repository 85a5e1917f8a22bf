import { expect, test } from "bun:test";
import type { GenerateRequest, Part } from "@dragoman/core";
import { requestTokens } from "./request-tokens.ts";
import { roughTokens } from "./rough-tokens.ts";

const PROSE = "The interpreter of travellers knew every word, and what it cost: 25 piastres a day. ";
const CODE = "export function fooBar(x: number): string { return `${x * 2}`; // HTTPServer }\n";
const CHINESE = "翻译官知道每一个词的价钱。";
const RUSSIAN = "Переводчик знал каждое слово и его цену. ";

const asking = (...parts: readonly Part[]): GenerateRequest => ({ dialect: "x", model: "m", stream: false, framing: "sse", messages: [{ role: "user", parts }], tools: [], sampling: {}, residue: {} });

test.each([["prose", PROSE], ["code", CODE], ["ideographs", CHINESE], ["another alphabet", RUSSIAN]])("is no less than the count, and not far more: %s", (_name, text) => {
  for (const times of [1, 10, 5000]) {
    const request = asking({ kind: "text", text: text.repeat(times) });
    const counted = requestTokens(request);
    const rough = roughTokens(JSON.stringify({ messages: [{ role: "user", content: text.repeat(times) }] }), request.messages);
    expect(rough).toBeGreaterThan(counted * 0.9);
    expect(rough).toBeLessThan(counted * 2 + 20);
  }
});

test("a picture is what it costs, not what it weighs, wherever it is", () => {
  const picture: Part = { kind: "image", source: { type: "base64", mimeType: "image/jpeg", data: "A".repeat(1_000_000) } };
  for (const part of [picture, { kind: "tool-result", callId: "c", variant: "function", content: [picture] } satisfies Part]) {
    const request = asking({ kind: "text", text: "What is this?" }, part);
    expect(roughTokens(JSON.stringify(request.messages), request.messages)).toBeWithin(1600, 1800);
  }
});

test("where a body is all that is known, that will do", () => {
  expect(roughTokens('{"input":"hello"}')).toBe(6);
  expect(roughTokens("")).toBe(1);
});
