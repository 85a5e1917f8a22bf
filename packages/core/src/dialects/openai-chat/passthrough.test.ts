import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { openaiChat } from "./index.ts";
import { chatWorld } from "./testing.ts";

const BODY = { model: "m", messages: [{ role: "user", content: "x" }], stream: true };

describe("passthrough", () => {
  const pass = (upstreamModel: string) => {
    const input = { path: "/v1/chat/completions", query: { get: () => null }, headers: { get: () => null }, body: BODY };
    return openaiChat.passthroughRequest(input, chatWorld().decode(BODY), upstreamModel);
  };

  test("only the model's name is changed, and only where it differs", () => {
    expect(pass("m")).toEqual({ path: "/chat/completions", headers: {}, edits: {} });
    expect(pass("other").edits).toEqual({ model: "other" });
  });

  test("members that ask for the reasoning that somebody else decided", () => {
    const world = chatWorld();
    const body = { ...BODY, thinking: { type: "disabled" } };
    const request = world.decode(body);
    expect(openaiChat.reasoningMembers?.(body, world.exchange(request, openaiChat))).toEqual({});
    const overridden = { ...request, reasoning: { mode: "effort", effort: "low", from: "suffix" } } as const;
    expect(openaiChat.reasoningMembers?.(body, world.exchange(overridden, openaiChat))).toEqual({ thinking: undefined, reasoning_effort: "low" });
  });

  test("doomed seals are taken out, and a body without any stays the same object", () => {
    const call = (thought_signature: string) => ({ id: "c", type: "function", function: { name: "f", arguments: "{}" }, extra_content: { google: { thought_signature } } });
    const body: JsonObject = { messages: [{ role: "assistant", tool_calls: [call("bad"), call("good")], reasoning_details: [{ type: "reasoning.encrypted", data: "bad" }, { type: "reasoning.text", text: "t" }] }] };
    const { extra_content: _doomed, ...bare } = call("bad");
    expect(openaiChat.withoutSeals?.(body, (value) => value === "bad")).toEqual({ messages: [{ role: "assistant", tool_calls: [bare, call("good")], reasoning_details: [{ type: "reasoning.text", text: "t" }] }] });
    expect(openaiChat.withoutSeals?.(body, () => false)).toBe(body);
  });

  test("the list of models", () => {
    expect(openaiChat.models?.encodeList([{ id: "m", ownedBy: "o", created: 1, contextTokens: 5 }])).toEqual({ object: "list", data: [{ id: "m", object: "model", created: 1, owned_by: "o" }] });
  });
});
