import { describe, expect, test } from "bun:test";
import type { GenerateRequest, Json, JsonObject, Part } from "../../canonical/index.ts";
import { arrangeConversation } from "../../conversation/index.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { openaiResponses } from "./index.ts";

const input = (body: JsonObject, headers: Record<string, string> = {}) => ({
  path: "/v1/responses",
  query: { get: () => null },
  headers: { get: (name: string) => headers[name] ?? null },
  body: body as Json,
});

function decode(body: JsonObject, world = createTestWorld([openaiResponses])): GenerateRequest {
  return openaiResponses.decodeRequest(input({ model: "m", ...body }), world.context);
}

const parts = (request: GenerateRequest): readonly Part[] => request.messages.flatMap((message) => message.parts);

describe("input", () => {
  test("#187 a string is one user message", () => {
    const { messages } = decode({ input: "hi" });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ role: "user", parts: [{ kind: "text", text: "hi" }] });
  });

  test("instructions are a message of their own, before all others", () => {
    const { messages } = decode({ instructions: "be kind", input: [{ role: "developer", content: "d" }] });
    expect(messages.map(({ role, origin }) => [role, origin])).toEqual([["system", "instructions"], ["system", "developer"]]);
  });

  test("#13 each item is one message; calls are the assistant's, outputs the user's", () => {
    const { messages } = decode({
      input: [
        { type: "function_call", call_id: "c1", name: "f", arguments: "{\"a\":1}" },
        { type: "function_call", call_id: "c2", name: "g", arguments: "" },
        { type: "function_call_output", call_id: "c1", output: "one" },
        { type: "function_call_output", call_id: "c2", output: [{ type: "input_text", text: "two" }, { type: "input_image", image_url: "data:image/png;base64,AAAA" }] },
      ],
    });
    expect(messages.map((message) => message.role)).toEqual(["assistant", "assistant", "user", "user"]);
    expect(messages[0]?.parts[0]).toMatchObject({ kind: "tool-call", callId: "c1", name: "f", argumentsText: "{\"a\":1}", arguments: { a: 1 }, complete: true });
    expect(messages[2]?.parts[0]).toMatchObject({ kind: "tool-result", callId: "c1", name: "f", content: [{ kind: "text", text: "one" }] });
    expect(messages[3]?.parts[0]).toMatchObject({ name: "g", content: [{ kind: "text" }, { kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" } }] });
  });

  test("#61 custom calls keep their free text", () => {
    const [call, output] = parts(decode({
      input: [{ type: "custom_tool_call", call_id: "c", name: "apply_patch", input: "*** Begin" }, { type: "custom_tool_call_output", call_id: "c", output: "ok" }],
    }));
    expect(call).toMatchObject({ kind: "tool-call", variant: "custom", argumentsText: "*** Begin" });
    expect(output).toMatchObject({ kind: "tool-result", variant: "custom", name: "apply_patch" });
  });

  test("client-executed families are seen as calls and results", () => {
    const [call, output, patch, failed] = parts(decode({
      input: [
        { type: "local_shell_call", id: "lsh_1", call_id: "c1", status: "completed", action: { type: "exec", command: ["ls"], env: {} } },
        { type: "local_shell_call_output", id: "lsh_1", output: "a.txt" },
        { type: "apply_patch_call", call_id: "c2", status: "completed", operation: { type: "delete_file", path: "x" } },
        { type: "apply_patch_call_output", call_id: "c2", status: "failed", output: "no such file" },
      ],
    }));
    expect(call).toMatchObject({ kind: "tool-call", callId: "c1", name: "local_shell", arguments: { command: ["ls"], env: {} } });
    expect(output).toMatchObject({ kind: "tool-result", callId: "c1", content: [{ text: "a.txt" }] });
    expect(patch).toMatchObject({ kind: "tool-call", name: "apply_patch", arguments: { type: "delete_file", path: "x" } });
    expect(failed).toMatchObject({ kind: "tool-result", isError: true });
  });

  test("what only this dialect knows stays whole", () => {
    const item = { type: "something_new", id: "x_1", data: { deep: [1] } };
    expect(parts(decode({ input: [item] }))[0]).toMatchObject({ kind: "opaque", type: "something_new", value: item });
  });

  test("types named like object members are unknown types", () => {
    expect(parts(decode({ input: [{ type: "constructor" }, { role: "user", content: [{ type: "toString" }] }] })).map((part) => part.kind)).toEqual(["opaque", "opaque"]);
  });

  test("references and earlier responses are told to whoever keeps them", () => {
    const { state } = decode({ previous_response_id: "resp_1", conversation: { id: "conv_1" }, input: [{ type: "item_reference", id: "msg_1" }, { id: "msg_2" }] });
    expect(state).toEqual({ previousResponseId: "resp_1", conversationId: "conv_1", itemReferences: ["msg_1", "msg_2"] });
  });

  test("#188 a compaction is its vendor's, and one of ours is text again", () => {
    const world = createTestWorld([openaiResponses]);
    const ours = world.context.sealer.close({ vendor: "other", form: "plain-text-hash", value: "they met", bindsTo: "self" }, "openai");
    const [native, own] = parts(decode({ input: [{ type: "compaction", encrypted_content: "gAAAAx" }, { type: "compaction", encrypted_content: ours }] }, world));
    expect(native).toMatchObject({ kind: "compaction", vendor: "openai", encrypted: "gAAAAx" });
    expect(own).toMatchObject({ kind: "compaction", text: "they met" });
  });

  test("faults name the place", () => {
    expect(() => decode({ input: [{ role: "user", content: [{ type: "input_image" }] }] })).toThrow("input[0].content[0]");
    expect(() => decode({ input: [{ type: "function_call_output", output: "x" }] })).toThrow("input[0].call_id");
    expect(() => decode({})).toThrow("input");
    expect(() => openaiResponses.decodeRequest(input({ input: "x" }), createTestWorld([]).context)).toThrow("model");
  });
});

describe("seals", () => {
  const world = () => createTestWorld([openaiResponses, { vendor: "anthropic", recognisesSeal: () => false }]);

  test("a bare blob is the vendor's own", () => {
    const [part] = parts(decode({ input: [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "a" }, { type: "summary_text", text: "b" }], encrypted_content: "gAAAAb" }] }, world()));
    expect(part).toMatchObject({ kind: "reasoning", text: "a\n\nb", summary: ["a", "b"], textKind: "summary", itemId: "rs_1", seal: { vendor: "openai", value: "gAAAAb" } });
  });

  test("#119 #120 an envelope gives back the other vendor's seal, redacted or signed", () => {
    const here = world();
    const signed = here.context.sealer.close({ vendor: "anthropic", form: "signature", value: "EqQB", bindsTo: "self" }, "openai");
    const redacted = here.context.sealer.close({ vendor: "anthropic", form: "redacted", value: "Em", bindsTo: "self" }, "openai");
    const [first, second] = parts(decode({
      input: [{ type: "reasoning", summary: [{ type: "summary_text", text: "T" }], encrypted_content: signed }, { type: "reasoning", summary: [], encrypted_content: redacted }],
    }, here));
    expect(first).toMatchObject({ text: "T", seal: { vendor: "anthropic", form: "signature", value: "EqQB" } });
    expect(second).toMatchObject({ text: "", redacted: true, seal: { form: "redacted", value: "Em" } });
  });

  test("an altered envelope is dropped and told", () => {
    const here = world();
    const sealed = here.context.sealer.close({ vendor: "anthropic", form: "signature", value: "EqQB", bindsTo: "self" }, "openai");
    const [part] = parts(decode({ input: [{ type: "reasoning", summary: [], encrypted_content: `${sealed.slice(0, -2)}zz` }] }, here));
    expect(part).not.toHaveProperty("seal");
    expect(here.losses).toMatchObject([{ code: "unreadable-seal", path: "input[0].encrypted_content", action: "dropped" }]);
  });

  test("carriers put the seal back on the call or text beside them", () => {
    const here = createTestWorld([openaiResponses, { vendor: "google", recognisesSeal: () => false }]);
    const close = (value: string, bindsTo: "next" | "previous", bindKind: "text" | "tool-call") =>
      here.context.sealer.close({ vendor: "google", form: "thought-signature", value, bindsTo, bindKind }, "openai");
    const carrier = (value: string) => ({ type: "reasoning", summary: [], encrypted_content: value });
    const request = decode({
      input: [
        carrier(close("s1", "next", "tool-call")), { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c", output: "x" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "done" }] }, carrier(close("s2", "previous", "text")),
        { role: "user", content: "go" },
      ],
    }, here);
    const google = { ...openaiResponses, vendor: "google" };
    const rules = { midSystem: "reminder", dropBlankText: true, userFirst: false, assistantLast: "allow", callsLast: true, systemOnly: "as-user", mediaInSystem: false } as const;
    const { turns } = arrangeConversation(request, here.exchange(request, google), rules);
    expect(turns.map((turn) => turn.role)).toEqual(["assistant", "user", "assistant", "user"]);
    expect(turns[0]?.parts).toMatchObject([{ kind: "tool-call", seal: { value: "s1", bindsTo: "self" } }]);
    expect(turns[2]?.parts).toMatchObject([{ kind: "text", seal: { value: "s2" } }]);
  });
});

describe("tools", () => {
  test("#59 #62 functions, free text with grammar, namespaces", () => {
    const { tools } = decode({
      input: "x",
      tools: [
        { type: "function", name: "f", parameters: { type: "object" }, strict: null },
        { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: x" } },
        { type: "namespace", name: "crm", description: "d", tools: [{ type: "function", name: "find", parameters: null }] },
      ],
    });
    expect(tools).toMatchObject([
      { kind: "function", name: "f", strict: null },
      { kind: "custom", name: "apply_patch", grammar: { syntax: "lark", definition: "start: x" } },
      { kind: "function", name: "find", namespace: "crm", path: "tools[2].tools[0]" },
    ]);
  });

  test("#63 tools of an item come last and give way to those declared", () => {
    const world = createTestWorld([openaiResponses]);
    const { tools } = decode({
      tools: [{ type: "function", name: "f", parameters: {}, strict: true }],
      input: [{ type: "additional_tools", role: "developer", tools: [{ type: "function", name: "f", parameters: {} }, { type: "function", name: "g", parameters: {} }] }],
    }, world);
    expect(tools.map((tool) => tool.name)).toEqual(["f", "g"]);
    expect(world.losses).toMatchObject([{ code: "duplicate-tool", path: "input[0].tools[0]" }]);
  });

  test("a shell on the user's machine is a function to others, one in the vendor's container is not", () => {
    const { tools } = decode({ input: "x", tools: [{ type: "shell" }, { type: "shell", environment: { type: "container_auto" } }, { type: "web_search", external_web_access: false }, { type: "web_search", filters: { allowed_domains: ["a.b"] } }] });
    expect(tools.map((tool) => (tool.kind === "server" ? tool.family : tool.kind))).toEqual(["function", "shell", "other", "web-search"]);
    expect(tools[3]).toMatchObject({ webSearch: { allowedDomains: ["a.b"] } });
  });

  test("choices", () => {
    const choice = (value: Json) => decode({ input: "x", tool_choice: value }).toolChoice;
    expect(choice("required")).toEqual({ mode: "required" });
    expect(choice({ type: "custom", name: "p" })).toEqual({ mode: "tool", name: "p", variant: "custom" });
    expect(choice({ type: "web_search" })).toEqual({ mode: "tool", name: "web_search", variant: "server" });
    expect(choice({ type: "shell" })).toEqual({ mode: "tool", name: "shell", variant: "function" });
    expect(choice({ type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] })).toEqual({ mode: "allowed", allowedMode: "required", names: ["f"] });
  });
});

describe("settings", () => {
  test("reasoning levels, off, and what has no word", () => {
    expect(decode({ input: "x", reasoning: { effort: "high", summary: "auto" } }).reasoning).toEqual({ mode: "effort", effort: "high", visibility: "auto", from: "body" });
    expect(decode({ input: "x", reasoning: { effort: "none" } }).reasoning).toEqual({ mode: "off", from: "body" });
    const { reasoning, residue } = decode({ input: "x", reasoning: { summary: "detailed", context: "all_turns" } });
    expect(reasoning).toEqual({ mode: "default", visibility: "detailed", from: "body" });
    expect(residue).toEqual({ "reasoning.context": "all_turns" });
  });

  test("#192 unknown keys are residue", () => {
    expect(decode({ input: "x", brand_new: [1], stream_options: { include_obfuscation: false } }).residue).toEqual({ brand_new: [1], stream_options: { include_obfuscation: false } });
  });

  test("format, cache, identity, state", () => {
    const request = decode({
      input: "x", store: false, include: ["reasoning.encrypted_content"], max_output_tokens: 50, metadata: { a: "b" }, user: "u", safety_identifier: "s", prompt_cache_key: "k",
      text: { format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true }, verbosity: "low" }, service_tier: "priority", temperature: 0.5,
    });
    expect(request).toMatchObject({
      state: { store: false, include: ["reasoning.encrypted_content"] }, maxOutputTokens: 50, identity: { metadata: { a: "b" }, endUserId: "u", safetyId: "s" }, cache: { key: "k" },
      output: { format: { type: "json-schema", name: "n", strict: true }, verbosity: "low" }, service: { tier: "priority" }, sampling: { temperature: 0.5 },
    });
  });
});
