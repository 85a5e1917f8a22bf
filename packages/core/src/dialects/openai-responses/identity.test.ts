import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../canonical/index.ts";
import { createTestWorld, type TestWorld } from "../../testing/exchange.ts";
import { openaiResponses } from "./index.ts";

function there(body: JsonObject, world: TestWorld = createTestWorld([openaiResponses, { vendor: "anthropic", recognisesSeal: () => false }])): { readonly body: JsonObject; readonly world: TestWorld } {
  const request = openaiResponses.decodeRequest({ path: "/v1/responses", query: { get: () => null }, headers: { get: () => null }, body: body as Json }, world.context);
  return { body: openaiResponses.encodeRequest(request, world.exchange(request, openaiResponses)).body, world };
}

const REQUESTS: Readonly<Record<string, JsonObject>> = {
  "a string": { model: "m", input: "hi" },
  "nulls and empties": { model: "m", input: [{ role: "user", content: "" }], instructions: null, tools: [], previous_response_id: null, conversation: null, temperature: null, metadata: {}, reasoning: {}, text: {} },
  "#189 phase, statuses, unknown items": {
    model: "m", stream: true, instructions: "I", input: [
      { role: "user", content: [{ type: "input_text", text: "q", prompt_cache_breakpoint: { mode: "explicit" } }] },
      { type: "message", id: "msg_1", role: "assistant", status: "completed", phase: "commentary", content: [{ type: "output_text", text: "a", annotations: [{ type: "url_citation", url: "u", title: "t", start_index: 0, end_index: 1 }], logprobs: [] }, { type: "refusal", refusal: "no" }] },
      { type: "tool_search_call", id: "ts_1", call_id: null, arguments: { q: 1 }, execution: "server", status: "completed" },
      { type: "tool_search_output", tools: [{ type: "function", name: "late", parameters: {}, strict: null }] },
      { type: "program", id: "p", call_id: "pc", code: "1", fingerprint: "f" },
      { type: "mcp_approval_response", approval_request_id: "a", approve: true },
      { type: "brand_new", anything: [null, 1.5, { a: "b" }] },
      { type: "item_reference", id: "msg_0" },
      { type: "compaction", id: "cmp_1", encrypted_content: "gAAAAz" },
      { role: "system", content: [{ type: "input_text", text: "s" }] },
    ],
    stream_options: { include_obfuscation: false }, unknown_key: { a: [1] },
  },
  "a tool loop of every family": {
    model: "m", store: false, include: ["reasoning.encrypted_content"], reasoning: { effort: "xhigh", summary: "auto", context: "auto" }, parallel_tool_calls: false,
    tools: [
      { type: "function", name: "f", description: "d", parameters: { type: "object", properties: { a: { type: "integer" } } }, strict: true, output_schema: { type: "string" } },
      { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: x" } },
      { type: "namespace", name: "ns", description: "", tools: [{ type: "function", name: "a", parameters: null }, { type: "custom", name: "b" }] },
      { type: "namespace", name: "empty", description: "", tools: [] },
      { type: "local_shell" }, { type: "web_search", filters: null }, { type: "mcp", server_label: "l", server_url: "https://x.y" }, { type: "shell", environment: { type: "local" } },
    ],
    tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] },
    input: [
      { type: "additional_tools", role: "developer", tools: [{ type: "function", name: "g", parameters: {}, strict: false }] },
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAAa", content: [] },
      { type: "function_call", id: "fc_1", call_id: "c1", name: "a", namespace: "ns", arguments: "{\"n\": 12345678901234567890}", status: "completed", caller: { type: "direct" } },
      { type: "custom_tool_call", id: "ctc_1", call_id: "c2", name: "apply_patch", input: "***" },
      { type: "local_shell_call", id: "lsh_1", call_id: "c3", status: "completed", action: { type: "exec", command: ["ls"], env: {} } },
      { type: "shell_call", call_id: "c4", action: { commands: ["ls"] } },
      { type: "function_call_output", call_id: "c1", output: [{ type: "input_text", text: "x" }, { type: "input_file", file_id: "file-1" }] },
      { type: "custom_tool_call_output", call_id: "c2", output: "y" },
      { type: "local_shell_call_output", id: "lsh_1", output: "z" },
      { type: "shell_call_output", call_id: "c4", output: [{ stdout: "", stderr: "", outcome: { type: "exit", exit_code: 0 } }], max_output_length: null },
      { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q", sources: [{ type: "url", url: "u" }] } },
      { type: "image_generation_call", id: "ig_1", status: "completed", result: "AAAA" },
    ],
  },
};

describe("the same dialect out again", () => {
  for (const [name, request] of Object.entries(REQUESTS)) {
    test(name, () => {
      const { body, world } = there(request);
      expect(body).toEqual(request);
      expect(world.losses).toEqual([]);
    });
  }

  test("twice is the same to the byte", () => {
    const request = REQUESTS["a tool loop of every family"] ?? {};
    expect(JSON.stringify(there(request).body)).toBe(JSON.stringify(there(request).body));
  });
});

const CALL = { type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: "{}" };
const OUTPUT = { type: "function_call_output", call_id: "c", output: "x" };

describe("repairs", () => {
  test("#132 unsealed reasoning goes when nothing is stored, and with it the ids of what follows", () => {
    const later = { type: "message", id: "msg_9", role: "assistant", status: "completed", content: [] };
    const { body, world } = there({ model: "m", store: false, input: [{ type: "reasoning", id: "rs_1", summary: [] }, CALL, OUTPUT, later] });
    expect(body.input).toEqual([{ type: "function_call", call_id: "c", name: "f", arguments: "{}" }, OUTPUT, later]);
    expect(world.losses.map(({ code, path }) => [code, path])).toEqual([["loose-reasoning", "input[0]"], ["item-id", "input[1].id"]]);
  });

  test("#132 with a store it stays", () => {
    const input = [{ type: "reasoning", id: "rs_1", summary: [] }, CALL];
    expect(there({ model: "m", input }).body.input).toEqual(input);
  });

  test("#133 reasoning that leads to nothing goes", () => {
    const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA1" };
    const { body } = there({ model: "m", store: false, input: [reasoning, { role: "user", content: "go on" }, reasoning] });
    expect(body.input).toEqual([{ role: "user", content: "go on" }]);
  });

  test("#123 another vendor's envelope never reaches OpenAI", () => {
    const world = createTestWorld([openaiResponses, { vendor: "anthropic", recognisesSeal: () => false }]);
    const sealed = world.context.sealer.close({ vendor: "anthropic", form: "signature", value: "Eq", bindsTo: "self" }, "openai");
    const { body } = there({ model: "m", input: [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: sealed }, CALL, OUTPUT] }, world);
    expect(body.input).toEqual([{ type: "function_call", call_id: "c", name: "f", arguments: "{}" }, OUTPUT]);
  });

  test("#188 another vendor's digest is refused", () => {
    const world = createTestWorld([openaiResponses, { vendor: "anthropic", recognisesSeal: () => false }]);
    const sealed = world.context.sealer.close({ vendor: "anthropic", form: "encrypted-content", value: "digest", bindsTo: "self" }, "openai");
    expect(() => there({ model: "m", input: [{ type: "compaction", encrypted_content: sealed }] }, world)).toThrow(expect.objectContaining({ code: "compaction_not_portable" }));
  });
});

describe("edits", () => {
  const world = createTestWorld([openaiResponses]);
  const decode = (body: JsonObject) => openaiResponses.decodeRequest({ path: "", query: { get: () => null }, headers: { get: () => null }, body: body as Json }, world.context);

  test("the model's name, an override, and what the backend refuses", () => {
    const request = { ...decode({ model: "alias", input: "x", reasoning: { effort: "low", summary: "auto" }, temperature: 0.2, user: "u" }), reasoning: { mode: "effort", effort: "high", from: "override" } as const };
    const exchange = world.exchange(request, openaiResponses, { upstreamModel: "gpt-5", capabilities: { refusedFields: ["temperature", "reasoning.summary", "truncation"], streamOnly: true } });
    expect(openaiResponses.encodeRequest(request, exchange).body).toEqual({ model: "gpt-5", input: "x", reasoning: { effort: "high" }, user: "u", stream: true });
    expect(world.losses).toMatchObject([{ code: "unsupported-parameter", path: "temperature" }, { code: "unsupported-parameter", path: "reasoning.summary" }]);
  });

  test("#186 history that the gateway found goes before the input, and the reference goes", () => {
    const request = decode({ model: "m", previous_response_id: "resp_1", input: "and now?" });
    const resolved = {
      ...request,
      messages: [{ role: "assistant" as const, parts: [{ kind: "text" as const, text: "earlier" }] }, ...request.messages],
      state: {},
    };
    const { body } = openaiResponses.encodeRequest(resolved, world.exchange(resolved, openaiResponses));
    expect(body).toEqual({
      model: "m",
      input: [
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "earlier" }] },
        { type: "message", role: "user", content: [{ type: "input_text", text: "and now?" }] },
      ],
    });
  });
});
