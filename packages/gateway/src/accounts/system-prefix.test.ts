import { describe, expect, test } from "bun:test";
import { withSystemPrefix } from "./system-prefix.ts";

const TEXTS = ["First.", "Second."];

describe("texts before the instructions", () => {
  test("of messages are blocks without marks, before the client's own", () => {
    expect(withSystemPrefix({ system: "Be brief." }, "anthropic-messages", TEXTS)).toEqual({ system: [{ type: "text", text: "First." }, { type: "text", text: "Second." }, { type: "text", text: "Be brief." }] });
    const marked = { type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } };
    expect(withSystemPrefix({ system: [marked] }, "anthropic-messages", ["First."])).toEqual({ system: [{ type: "text", text: "First." }, marked] });
    expect(withSystemPrefix({}, "anthropic-messages", ["First."])).toEqual({ system: [{ type: "text", text: "First." }] });
  });

  test("that the client sent itself are not said twice", () => {
    const bodies = {
      "anthropic-messages": { system: [{ type: "text", text: "First.", cache_control: { type: "ephemeral" } }] },
      "openai-responses": { instructions: "First.\n\nBe brief." },
      "openai-chat": { messages: [{ role: "system", content: "First." }, { role: "user", content: "Hello" }] },
      "gemini-generate-content": { system_instruction: { parts: [{ text: "First." }] } },
    };
    for (const [dialect, body] of Object.entries(bodies)) expect(withSystemPrefix(body, dialect, ["First."])).toBe(body);
  });

  test("stand where each dialect has its instructions", () => {
    expect(withSystemPrefix({ instructions: "Be brief." }, "openai-responses", TEXTS)).toEqual({ instructions: "First.\n\nSecond.\n\nBe brief." });
    expect(withSystemPrefix({ instructions: null }, "openai-responses", ["First."])).toEqual({ instructions: "First." });
    expect(withSystemPrefix({ messages: [{ role: "user", content: "Hello" }] }, "openai-chat", ["First."])).toEqual({ messages: [{ role: "system", content: "First." }, { role: "user", content: "Hello" }] });
    expect(withSystemPrefix({ systemInstruction: { role: "user", parts: [{ text: "Be brief." }] } }, "gemini-generate-content", ["First."])).toEqual({ systemInstruction: { role: "user", parts: [{ text: "First." }, { text: "Be brief." }] } });
  });

  test("are none without texts, and none in an unknown dialect", () => {
    const body = { system: "Be brief." };
    expect(withSystemPrefix(body, "anthropic-messages", undefined)).toBe(body);
    expect(withSystemPrefix(body, "anthropic-messages", [])).toBe(body);
    expect(withSystemPrefix(body, "smoke-signals", TEXTS)).toBe(body);
  });
});
