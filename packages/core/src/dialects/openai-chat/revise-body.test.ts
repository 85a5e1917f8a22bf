import { describe, expect, test } from "bun:test";
import type { GenerateRequest, JsonObject } from "../../canonical/index.ts";
import { openaiChat } from "./index.ts";
import { chatWorld, type ExchangeOptions } from "./testing.ts";

function again(body: JsonObject, options?: ExchangeOptions, change: (request: GenerateRequest) => GenerateRequest = (request) => request) {
  const world = chatWorld();
  const exchange = world.exchange(change(world.decode(body)), openaiChat, options);
  return { body: openaiChat.encodeRequest(exchange.request, exchange).body as Record<string, unknown> & { messages: JsonObject[] }, world, exchange };
}

const BODY: JsonObject = {
  model: "m",
  messages: [
    { role: "developer", content: [{ type: "text", text: "D", cache_control: { type: "ephemeral" } }] },
    { role: "user", name: "ann", content: [{ type: "text", text: "see" }, { type: "image_url", image_url: { url: "data:image/png;charset=x;base64,AAAA" } }, { type: "hologram", x: 1 }] },
    { role: "assistant", content: "", refusal: null, reasoning_content: "hm", tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: '{ "a": 12345678901234567890 }' }, extra_content: { google: { thought_signature: "EbaRe" } } }, { id: "d", type: "custom", custom: { name: "p", input: "x" } }] },
    { role: "tool", tool_call_id: "c", content: "" },
    { role: "system", content: "mid" },
    { role: "tool", tool_call_id: "d", content: [{ type: "text", text: "y" }] },
    { role: "assistant", content: null, function_call: { name: "old", arguments: "" } },
    { role: "function", name: "old", content: "z" },
    { role: "assistant", content: [{ type: "refusal", refusal: "no" }], audio: { id: "audio_1" } },
  ],
  tools: [{ type: "function", function: { name: "f", strict: null, parameters: { type: "object", properties: { a: { const: 1 } }, $schema: "x" } } }, { type: "custom", custom: { name: "p" } }, { type: "web_search", depth: 2 }],
  functions: [{ name: "old" }],
  web_search_options: {},
  tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "f" } }] } },
  stop: "END",
  max_tokens: 5,
  n: 2,
  stream: true,
  stream_options: { include_obfuscation: false },
  reasoning_effort: "heroic",
  response_format: { type: "text" },
  logit_bias: { "50256": -100 },
  user: "u",
  safety_identifier: "s",
  temperature: null,
  new_thing: { deep: [1] },
};

describe("same dialect", () => {
  test("#124 #192 encode(decode(R)) is R", () => {
    const { body, world } = again(BODY);
    expect(body).toEqual(BODY as never);
    expect(world.losses).toEqual([]);
  });

  test.each([
    { model: "m", messages: [{ role: "user", content: "hi" }] },
    { model: "m", messages: [{ role: "user", content: "hi" }], tools: [], stream: false },
    { model: "m", messages: [{ role: "user", content: "hi" }], reasoning_effort: null, stop: ["a"], stream_options: null },
    { model: "m", messages: [{ role: "user", content: "hi" }], thinking: { type: "enabled", budget_tokens: 99 }, reasoning: { effort: "low" } },
  ] as JsonObject[])("identity of %j", (body) => {
    expect(again(body).body).toEqual(body as never);
  });

  test("the upstream's model, and the order of keys, as the only change", () => {
    const { body } = again(BODY, { upstreamModel: "other" });
    expect(Object.keys(body)).toEqual(Object.keys(BODY));
    expect(body).toEqual({ ...BODY, model: "other" } as never);
  });

  test("#158 the limit is renamed where the upstream demands it", () => {
    const { body } = again({ model: "m", messages: [{ role: "user", content: "x" }], max_tokens: 5 }, { capabilities: { maxTokensField: "max_completion_tokens" } });
    expect(body).toEqual({ model: "m", messages: [{ role: "user", content: "x" }], max_completion_tokens: 5 });
  });

  test("#150 an override replaces the client's fields, its absence removes them", () => {
    const body: JsonObject = { model: "m", messages: [{ role: "user", content: "x" }], thinking: { type: "enabled", budget_tokens: 9 } };
    expect(again(body, {}, (request) => ({ ...request, reasoning: { mode: "effort", effort: "high", from: "override" } })).body).toEqual({ model: "m", messages: [{ role: "user", content: "x" }], reasoning_effort: "high" });
    expect(again(body, {}, ({ reasoning: _off, ...request }) => request).body).toEqual({ model: "m", messages: [{ role: "user", content: "x" }] });
  });

  test("#145 effort beside tools becomes none where the endpoint refuses it", () => {
    const body: JsonObject = { model: "m", messages: [{ role: "user", content: "x" }], tools: [{ type: "function", function: { name: "f" } }], reasoning_effort: "high" };
    expect(again(body, { capabilities: { chatToolsWithEffort: false } }).body.reasoning_effort).toBe("none");
  });

  test("#128 #117 reasoning that the client left out comes back from memory in an open tool loop", () => {
    const world = chatWorld();
    world.context.sealer.remember("c", { seals: [], reasoningText: "hm" });
    const request = world.decode({ model: "m", messages: [{ role: "user", content: "x" }, { role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }] }, { role: "tool", tool_call_id: "c", content: "r" }] });
    const exchange = world.exchange(request, openaiChat, { capabilities: { reasoningReplay: "required" } });
    expect((openaiChat.encodeRequest(request, exchange).body.messages as JsonObject[])[1]).toMatchObject({ reasoning_content: "hm", tool_calls: [{ id: "c" }] });
  });

  test("reasoning is taken out where it is forbidden", () => {
    const { body, world } = again({ model: "m", messages: [{ role: "user", content: "x" }, { role: "assistant", content: "y", reasoning_content: "hm" }, { role: "user", content: "z" }] }, { capabilities: { reasoningReplay: "forbidden" } });
    expect(body.messages[1]).toEqual({ role: "assistant", content: "y" });
    expect(world.losses.map(({ code }) => code)).toEqual(["reasoning-history"]);
  });

  test("#123 our own envelopes do not reach the upstream; Google's seal goes bare", () => {
    const world = chatWorld();
    const seal = (vendor: string) => world.context.sealer.close({ vendor, form: "thought-signature", value: "EbaRe", bindsTo: "self" }, "nobody");
    const call = (value: string) => ({ id: value.slice(0, 9), type: "function", function: { name: "f", arguments: "{}" }, extra_content: { google: { thought_signature: value } } });
    const request = world.decode({ model: "m", messages: [{ role: "assistant", content: null, tool_calls: [call(seal("google")), call(seal("anthropic")), call("bare")] }] });
    const exchange = world.exchange(request, openaiChat);
    const [message] = openaiChat.encodeRequest(request, exchange).body.messages as JsonObject[];
    expect((message?.tool_calls as JsonObject[]).map((sent) => sent.extra_content)).toEqual([{ google: { thought_signature: "EbaRe" } }, undefined, { google: { thought_signature: "bare" } }]);
  });

  test("a server of one system message gets its messages anew, and everything else as it was", () => {
    const body: JsonObject = { model: "m", messages: [{ role: "system", content: "A" }, { role: "system", content: "B" }, { role: "user", content: "x" }], odd: 1 };
    expect(again(body, { capabilities: { singleSystem: true } }).body).toEqual({ model: "m", messages: [{ role: "system", content: "A\n\nB" }, { role: "user", content: "x" }], odd: 1 });
  });

  test("custom tools become functions at a server that has none", () => {
    const body: JsonObject = { model: "m", messages: [{ role: "user", content: "x" }], tools: [{ type: "custom", custom: { name: "p" } }, { type: "web_search", depth: 2 }] };
    expect(again(body, { capabilities: { customTools: false } }).body.tools).toMatchObject([{ type: "function", function: { name: "p" } }, { type: "web_search", depth: 2 }]);
  });

  test("messages and tools that were added since have no wire and are written", () => {
    const { body } = again({ model: "m", messages: [{ role: "user", content: "x" }] }, {}, (request) => ({
      ...request,
      messages: [{ role: "system", origin: "system", parts: [{ kind: "text", text: "S" }] }, ...request.messages],
      tools: [{ kind: "function", name: "f", schema: { type: "object", properties: {} } }],
    }));
    expect(body).toMatchObject({ messages: [{ role: "system", content: "S" }, { role: "user", content: "x" }], tools: [{ type: "function", function: { name: "f" } }] });
  });

  test("refused fields go out, and refused stop sequences are looked for here", () => {
    const { body, exchange } = again({ model: "m", messages: [{ role: "user", content: "x" }], stop: "END", seed: 1 }, { capabilities: { refusedFields: ["stop", "seed"] } });
    expect(body).toEqual({ model: "m", messages: [{ role: "user", content: "x" }] });
    expect(exchange.emulatedStops).toEqual(["END"]);
  });
});
