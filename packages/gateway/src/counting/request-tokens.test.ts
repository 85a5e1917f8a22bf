import { describe, expect, test } from "bun:test";
import type { GenerateRequest, Part } from "@dragoman/core";
import { imageSize } from "./image-size.ts";
import { requestTokens } from "./request-tokens.ts";
import { textTokens } from "./text-tokens.ts";

const asking = (parts: readonly Part[], more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  dialect: "x", model: "m", stream: false, framing: "sse", messages: [{ role: "user", parts }], tools: [], sampling: {}, residue: {}, ...more,
});
const tokens = (...parts: readonly Part[]): number => requestTokens(asking(parts));
const nothing = tokens();

/** Well-known counts of OpenAI's tokenizers. */
const COUNTED: readonly (readonly [text: string, tokens: number])[] = [
  ["The quick brown fox jumps over the lazy dog.", 10],
  ["Hello, world!", 4],
];

describe("text", () => {
  test.each(COUNTED.map((row) => [...row] as [string, number]))("%j is near its count", (text, counted) => {
    expect(textTokens(text)).toBeGreaterThanOrEqual(counted * 0.85);
    expect(textTokens(text)).toBeLessThanOrEqual(counted * 1.6);
  });

  test("scripts without spaces cost about a token a character, far more than English", () => {
    expect(textTokens("你好世界，今天天气很好")).toBeGreaterThanOrEqual(9);
    expect(textTokens("привет мир")).toBeGreaterThanOrEqual(4);
  });

  test("a longer text never costs less, and code counts its marks", () => {
    let last = 0;
    const code = "function addNumbers(a, b) {\n    return a + b; // 12345\n}\n";
    for (let length = 1; length <= code.length; length++) {
      const next = textTokens(code.slice(0, length));
      expect(next).toBeGreaterThanOrEqual(last);
      last = next;
    }
    expect(last).toBeGreaterThan(14);
    expect(textTokens("")).toBe(0);
  });
});

describe("everything that a model reads counts", () => {
  const PNG_1 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  const KINDS: readonly (readonly [name: string, part: Part, least: number])[] = [
    ["text", { kind: "text", text: "one two three" }, 3],
    ["reasoning", { kind: "reasoning", text: "let me think", textKind: "raw" }, 3],
    ["sealed reasoning", { kind: "reasoning", text: "", textKind: "none", seal: { vendor: "x", form: "signature", value: "x".repeat(600), bindsTo: "self" } }, 100],
    ["a small picture", { kind: "image", source: { type: "base64", mimeType: "image/png", data: PNG_1 } }, 258],
    ["a picture by its address", { kind: "image", source: { type: "url", url: "https://example.com/a.png" } }, 1600],
    ["a PDF", { kind: "file", source: { type: "base64", mimeType: "application/pdf", data: "x".repeat(400_000) } }, 8000],
    ["a document by its address", { kind: "file", source: { type: "url", url: "https://example.com/a.pdf" } }, 6000],
    ["a text document", { kind: "file", source: { type: "text", mimeType: "text/plain", text: "one two three" } }, 3],
    ["sound", { kind: "audio", source: { type: "base64", mimeType: "audio/mp3", data: "x".repeat(4000) } }, 6],
    ["a call", { kind: "tool-call", callId: "c", name: "get_time", variant: "function", argumentsText: '{"zone":"UTC"}', complete: true }, 6],
    ["a result with a picture", { kind: "tool-result", callId: "c", variant: "function", content: [{ kind: "image", source: { type: "url", url: "https://example.com/a.png" } }] }, 1600],
    ["a search", { kind: "server-tool-result", callId: "c", family: "web-search", result: [{ title: "one two three" }] }, 3],
    ["what only one dialect knows", { kind: "opaque", dialect: "x", type: "y", value: { text: "one two three" } }, 3],
  ];

  test.each(KINDS.map((row) => [...row] as [string, Part, number]))("%s", (_name, part, least) => {
    expect(tokens(part) - nothing).toBeGreaterThanOrEqual(least);
  });

  test("tools, of all kinds", () => {
    const tools = requestTokens(asking([], { tools: [
      { kind: "function", name: "get_time", description: "Tells the time.", schema: { type: "object", properties: { zone: { type: "string" } } } },
      { kind: "server", family: "web-search", name: "web_search", type: "web_search", config: {} },
    ] }));
    expect(tools - nothing).toBeGreaterThan(330);
  });

  test("and it is never 0", () => {
    expect(requestTokens({ ...asking([]), messages: [] })).toBe(1);
  });
});

describe("the size of a picture", () => {
  const bytes = (...values: number[]): string => btoa(String.fromCharCode(...values, ...new Array<number>(24).fill(0)));

  test("is read from PNG, GIF and JPEG", () => {
    expect(imageSize(bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 4, 0, 0, 0, 3, 0))).toEqual({ width: 1024, height: 768 });
    expect(imageSize(bytes(0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x40, 1, 0xf0, 0))).toEqual({ width: 320, height: 240 });
    expect(imageSize(bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc2, 0, 11, 8, 0, 200, 1, 44, 3))).toEqual({ width: 300, height: 200 });
  });

  test("is unknown of anything else", () => {
    for (const data of ["", "AAAA", "not base64!", btoa("x".repeat(100)), bytes(0xff, 0xd8, 0, 0)]) expect(imageSize(data)).toBeUndefined();
  });

  test("a large one costs no more than vendors scale it down to", () => {
    const huge = bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 40, 0, 0, 0, 40, 0);
    expect(tokens({ kind: "image", source: { type: "base64", mimeType: "image/png", data: huge } }) - nothing).toBeLessThan(1700);
  });
});
