// Requests of this dialect: what is read, and that what nobody changed goes out as it came.
import { describe, expect, test } from "bun:test";
import type { GenerateRequest, Json, JsonObject } from "../../canonical/index.ts";
import { arrangeConversation } from "../../conversation/index.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import type { WireInput } from "../dialect.ts";
import { anthropicMessages } from "./index.ts";

const input = (body: unknown, headers: Record<string, string> = {}): WireInput => ({
  path: "/v1/messages",
  query: new URLSearchParams(),
  headers: new Headers(headers),
  body: body as Json,
});

const world = () => createTestWorld([anthropicMessages, { vendor: "openai", recognisesSeal: (value) => value.startsWith("gAAAA") }, { vendor: "google", recognisesSeal: () => false }]);

function decode(body: unknown, headers: Record<string, string> = {}, at = world()) {
  return { request: anthropicMessages.decodeRequest(input(body, headers), at.context), ...at };
}

const user = (content: Json): JsonObject => ({ role: "user", content });
const assistant = (...content: Json[]): JsonObject => ({ role: "assistant", content });
const base: JsonObject = { model: "claude-opus-5", max_tokens: 1000, messages: [user("hi")] };

const TOOL: JsonObject = { name: "Read", description: "d", input_schema: { type: "object", properties: { p: { type: "string" } }, required: ["p"] } };

const IDENTITIES: Record<string, JsonObject> = {
  plain: base,
  "every setting": {
    ...base, stream: true, temperature: 0.5, top_p: 0.9, top_k: 4, stop_sequences: ["a", "b"], metadata: { user_id: "u", other: 1 }, service_tier: "auto", speed: "fast",
    inference_geo: "eu", container: { id: "c" }, context_management: { edits: [] }, mcp_servers: [{ name: "x", url: "https://x" }], fallbacks: [], thread: "t", diagnostics: {},
    cache_control: { type: "ephemeral", ttl: "1h" }, thinking: { type: "enabled", budget_tokens: 2000, display: "summarized", block_binding: "x" },
    output_config: { effort: "high", format: { type: "json_schema", schema: { type: "object", properties: {}, additionalProperties: false } }, task_budget: { tokens: 1 } }, unknown_key: [1],
  },
  "older spelling of the output format": { ...base, output_format: { type: "json_schema", schema: { type: "object" } } },
  "null settings": { ...base, temperature: null, top_p: null, stop_sequences: null, system: null, tools: null, tool_choice: null, metadata: null },
  "system as text": { ...base, system: "S" },
  "an empty system": { ...base, system: "" },
  "system as blocks, with a metering line": { ...base, system: [{ type: "text", text: "x-anthropic-billing-header: cc_version=1; cch=aa;" }, { type: "text", text: "S", cache_control: { type: "ephemeral" } }, { type: "text", text: "T", citations: null }] },
  "a metering line alone": { ...base, system: [{ type: "text", text: "x-anthropic-billing-header: cc" }] },
  "empty tools beside a choice": { ...base, tools: [], tool_choice: { type: "auto" } },
  tools: {
    ...base,
    tools: [
      { ...TOOL, strict: null, defer_loading: true, input_examples: [{ p: "a" }], eager_input_streaming: true, cache_control: { type: "ephemeral", ttl: "5m" }, type: null },
      { type: "bash_20250124", name: "bash" }, { type: "text_editor_20250728", name: "str_replace_based_edit_tool", max_characters: 10 }, { type: "memory_20250818", name: "memory" },
      { type: "web_search_20250305", name: "web_search", max_uses: 2, allowed_domains: [], user_location: { type: "approximate", city: "Bern" } },
      { type: "mcp_toolset", mcp_server_name: "x" }, { type: "computer_toolset_20260801", name: "computer" }, { type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" },
    ],
    tool_choice: { type: "tool", name: "Read", disable_parallel_tool_use: false },
  },
  "a tool loop with thinking": {
    ...base,
    messages: [
      user("hi"),
      assistant({ type: "thinking", thinking: "T", signature: "sig" }, { type: "redacted_thinking", data: "EmwKAhgB" }, { type: "thinking", thinking: "", signature: "Eq" }, { type: "text", text: "ok", citations: null },
        { type: "tool_use", id: "toolu_1", name: "Read", input: { p: "a", n: 1.0 }, caller: { type: "direct" }, toolset_name: "t", cache_control: { type: "ephemeral" } }, { type: "tool_use", id: "toolu_2", name: "Read", input: {} }),
      user([{ type: "text", text: "go on" }, { type: "tool_result", tool_use_id: "toolu_2", content: "B", is_error: true }, { type: "tool_result", tool_use_id: "toolu_1", is_error: false,
        content: [{ type: "text", text: "" }, { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } }, { type: "tool_reference", tool_name: "x" }] }, { type: "tool_result", tool_use_id: "toolu_3" }]),
    ],
  },
  media: {
    ...base,
    messages: [user([
      { type: "image", source: { type: "url", url: "https://x/i.png" }, transformations: { resize: 1 } }, { type: "image", source: { type: "file", file_id: "file_1" } },
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" }, title: "t", context: "c", citations: { enabled: true } },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "raw" } }, { type: "document", source: { type: "content", content: [{ type: "text", text: "a" }, { type: "image", source: { type: "url", url: "https://x" } }] } },
      { type: "document", source: { type: "content", content: "a" } }, { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "r" }] },
      { type: "container_upload", file_id: "file_2" },
    ])],
  },
  "server tools and unknown blocks": {
    ...base,
    messages: [user("q"), assistant(
      { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } },
      { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [{ type: "web_search_result", url: "https://x", title: "X", encrypted_content: "Eo", page_age: null }] },
      { type: "text", text: "found", citations: [{ type: "web_search_result_location", url: "https://x", title: null, cited_text: "c", encrypted_index: "Eo" }] },
      { type: "server_tool_use", id: "srvtoolu_2", name: "advisor", input: {} }, { type: "advisor_tool_result", tool_use_id: "srvtoolu_2", content: { type: "advisor_result", text: "a" } },
      { type: "mcp_tool_use", id: "mcptoolu_1", name: "n", server_name: "s", input: {} }, { type: "mcp_tool_result", tool_use_id: "mcptoolu_1", is_error: false, content: "x" }, { type: "mcp_tool_listing", mcp_server_name: "s", tools: [] },
      { type: "fallback", from: { model: "a" }, to: { model: "b" }, trigger: { type: "refusal" } }, { type: "compaction", content: "digest", encrypted_content: "Zz" }, { type: "some_future_block", a: { b: [1] } },
    ), user("go")],
  },
  "an answer of text": { ...base, messages: [user("a"), { role: "assistant", content: "b", extra: true }, user("c")] },
  "system in mid-conversation": {
    ...base,
    messages: [user("a"), { role: "system", content: [{ type: "text", text: "S" }, { type: "tool_addition", tool: { type: "tool_definition", definition: TOOL } }], clear_at: "never", output_config: { effort: "low" } }, { role: "system", content: "T" }],
  },
};

describe("a request of this dialect goes out as it came", () => {
  for (const [name, body] of Object.entries(IDENTITIES)) {
    test(name, () => {
      const source = structuredClone(body);
      const { request, exchange, losses } = decode(body);
      const wire = anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages));
      expect<unknown>(wire.body).toEqual(source);
      expect<unknown>(body).toEqual(source);
      expect(losses.filter((loss) => loss.code !== "vendor-metering")).toEqual([]);
    });
  }

  test("the model is the upstream's, and all else stays", () => {
    const { request, exchange } = decode(base);
    expect<unknown>(anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages, { upstreamModel: "claude-x" })).body).toEqual({ ...base, model: "claude-x" });
  });

  test("beta names of header and body are merged without repetition, and leave the body", () => {
    const { request, exchange } = decode({ ...base, betas: ["b", "c"] }, { "anthropic-beta": " a ,b,", "anthropic-version": "2024-01-01" });
    const wire = anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages));
    expect(wire.headers).toEqual({ "anthropic-version": "2024-01-01", "anthropic-beta": "a,b,c" });
    expect<unknown>(wire.body).toEqual(base);
  });

  test("a changed setting is written, the others stay", () => {
    const { request, exchange } = decode({ ...base, thinking: { type: "adaptive" }, output_config: { effort: "low", task_budget: 1 }, temperature: 1 });
    const changed: GenerateRequest = { ...request, reasoning: { mode: "off", from: "override" }, sampling: {} };
    const { body } = anthropicMessages.encodeRequest(changed, exchange(changed, anthropicMessages, { capabilities: { reasoning: { adaptive: true, canBeOff: true } } }));
    expect<unknown>(body).toEqual({ ...base, thinking: { type: "disabled" }, output_config: { task_budget: 1 } });
  });

  test("max_tokens is added where it is missing", () => {
    const { request, exchange } = decode({ model: "m", messages: [user("a")] });
    expect<unknown>(anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages)).body.max_tokens).toBe(8192);
  });

  test("a compatible server gets only the tool fields it knows", () => {
    const { request, exchange, losses } = decode({ ...base, tools: [{ ...TOOL, strict: true, defer_loading: true, input_examples: [], eager_input_streaming: true }] });
    expect<unknown>(anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages, { capabilities: { basicAnthropic: true } })).body.tools).toEqual([TOOL]);
    expect(losses).toHaveLength(1);
  });
});

describe("decoding", () => {
  test("identity and session", () => {
    expect(decode({ ...base, metadata: { user_id: "user_ab_account_cd_session_0f-1" } }).request.identity).toEqual({ endUserId: "user_ab_account_cd_session_0f-1", sessionId: "0f-1" });
    expect(decode({ ...base, metadata: { user_id: '{"session_id":"s1"}' } }).request.identity?.sessionId).toBe("s1");
    expect(decode({ ...base, metadata: { user_id: "{broken" } }).request.identity).toEqual({ endUserId: "{broken" });
  });

  test("ways to ask for thinking", () => {
    const reasoning = (body: object) => decode({ ...base, ...body }).request.reasoning;
    expect(reasoning({})).toBeUndefined();
    expect(reasoning({ thinking: { type: "enabled", budget_tokens: 8192 } })).toEqual({ mode: "budget", budget: 8192, visibility: "auto", from: "body" });
    expect(reasoning({ thinking: { type: "enabled", budget_tokens: -1 } })?.mode).toBe("auto");
    expect(reasoning({ thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "max" } })).toEqual({ mode: "auto", defaultEffort: "high", effort: "max", visibility: "omitted", from: "body" });
    expect(reasoning({ thinking: { type: "disabled" } })).toEqual({ mode: "off", from: "body" });
    expect(reasoning({ thinking: { type: "between_tools" } })?.mode).toBe("between-tools");
    expect(reasoning({ output_config: { effort: "low" } })).toEqual({ mode: "default", effort: "low", from: "body" });
  });

  test("tools that the client runs get a schema, the vendor's own do not", () => {
    const { tools } = decode(IDENTITIES.tools).request;
    expect(tools.map((tool) => [tool.kind, tool.name])).toEqual([
      ["function", "Read"], ["function", "bash"], ["function", "str_replace_based_edit_tool"], ["function", "memory"], ["server", "web_search"], ["server", "x"], ["server", "computer"], ["server", "tool_search_tool_regex"],
    ]);
    for (const tool of tools) if (tool.kind === "function") expect((tool.schema as JsonObject).type).toBe("object");
    expect(tools[4]).toMatchObject({ family: "web-search", webSearch: { maxUses: 2, userLocation: { city: "Bern" } } });
  });

  test("tools added and removed in mid-conversation change the list", () => {
    const change = (type: string, tool: object) => ({ role: "system", content: [{ type, tool }] });
    const { tools, messages } = decode({ ...base, tools: [TOOL, { ...TOOL, name: "Old" }], messages: [user("a"), change("tool_removal", { type: "tool_reference", name: "Old" }), change("tool_addition", { type: "tool_definition", definition: { ...TOOL, name: "New" } })] }).request;
    expect(tools.map((tool) => tool.name)).toEqual(["Read", "New"]);
    expect(messages.map((message) => message.parts.length)).toEqual([1, 0, 0]);
  });

  test("#164 the metering line is no instruction", () => {
    const { request, losses } = decode(IDENTITIES["system as blocks, with a metering line"]);
    expect(request.messages[0]?.parts.map((part) => part.kind === "text" && part.text)).toEqual(["S", "T"]);
    expect(losses).toEqual([{ code: "vendor-metering", path: "system[0]", action: "dropped", detail: expect.any(String) }]);
  });

  test("faults name the path", () => {
    const fault = (body: object) => {
      try {
        decode(body);
        return "none";
      } catch (error) {
        return (error as { path?: string }).path;
      }
    };
    expect(fault({ ...base, messages: [] })).toBe("messages");
    expect(fault({ ...base, messages: [user([{ type: "text" }])] })).toBe("messages[0].content[0].text");
    expect(fault({ ...base, messages: [user([{ text: "a" }])] })).toBe("messages[0].content[0].type");
    expect(fault({ ...base, messages: [{ role: "tool", content: "a" }] })).toBe("messages[0].role");
    expect(fault({ ...base, messages: [user([{ type: "image", source: { type: "x" } }])] })).toBe("messages[0].content[0].source.type");
    expect(fault({ ...base, max_tokens: "1" })).toBe("max_tokens");
    expect(fault({ ...base, tools: [{}] })).toBe("tools[0].name");
    expect(fault({ ...base, tool_choice: { type: "x" } })).toBe("tool_choice.type");
    expect(fault({ ...base, max_tokens: 0 })).toBe("none");
  });
});

describe("sealed reasoning in history", () => {
  const openai = { vendor: "openai", form: "encrypted-content", value: "gAAAAx", bindsTo: "self", summaryLengths: [1, 2] } as const;
  const google = { vendor: "google", form: "thought-signature", value: "CiQB", bindsTo: "next", bindKind: "tool-call" } as const;

  test("#121 an envelope is opened, and its summary parts are told apart again", () => {
    const at = world();
    const signature = at.context.sealer.close(openai, "anthropic");
    const { request } = decode({ ...base, messages: [user("a"), assistant({ type: "thinking", thinking: "A\n\nBC", signature })] }, {}, at);
    expect(request.messages[1]?.parts).toEqual([{ kind: "reasoning", text: "A\n\nBC", textKind: "summary", summary: ["A", "BC"], seal: openai, path: "messages[1].content[0]" }]);
  });

  test("#116 the envelope of a call becomes its seal again when the conversation is arranged for its vendor", () => {
    const at = world();
    const signature = at.context.sealer.close(google, "anthropic");
    const { request } = decode({ ...base, messages: [user("a"), assistant({ type: "thinking", thinking: "T", signature }, { type: "tool_use", id: "c", name: "n", input: {} }), user([{ type: "tool_result", tool_use_id: "c", content: "r" }])] }, {}, at);
    const exchange = at.exchange(request, { ...anthropicMessages, id: "elsewhere", vendor: "google" });
    const { turns } = arrangeConversation(request, exchange, { midSystem: "reminder", dropBlankText: true, userFirst: true, assistantLast: "continue", callsLast: true, systemOnly: "as-user", mediaInSystem: false });
    expect(turns[1]?.parts).toMatchObject([{ kind: "reasoning", text: "T" }, { kind: "tool-call", seal: { vendor: "google", value: "CiQB", bindsTo: "self" } }]);
    expect(turns[1]?.parts[0]).not.toHaveProperty("seal");
  });

  test("#122 #123 no envelope reaches the vendor, whatever is in it", () => {
    const at = world();
    const close = (seal: Parameters<typeof at.context.sealer.close>[0]) => at.context.sealer.close(seal, "anthropic");
    const kept: JsonObject[] = [{ type: "text", text: "t" }, { type: "tool_use", id: "c", name: "n", input: {} }];
    const blocks: Json[] = [
      { type: "thinking", thinking: "x", signature: close(openai) }, kept[0] ?? null,
      { type: "thinking", thinking: "y", signature: `${close(openai)}A` }, { type: "thinking", thinking: "z", signature: close({ vendor: "other", form: "plain-text-hash", value: "00", bindsTo: "self" }) },
      { type: "redacted_thinking", data: "gAAAAforeign" }, { type: "thinking", thinking: "", signature: close(google) }, kept[1] ?? null,
    ];
    const { request, exchange, losses } = decode({ ...base, messages: [user("a"), assistant(...blocks)] }, {}, at);
    const { body } = anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages));
    expect<unknown>(body.messages).toEqual([user("a"), assistant(...kept)]);
    expect(new Set(losses.map((loss) => loss.code))).toEqual(new Set(["seal-rejected", "foreign-seal", "unsealed-reasoning"]));
  });

  test("search results without the vendor's proof are not sent to the vendor", () => {
    const blocks: JsonObject[] = [{ type: "server_tool_use", id: "s1", name: "web_search", input: {} }, { type: "web_search_tool_result", tool_use_id: "s1", content: [{ type: "web_search_result", url: "u", title: "t", encrypted_content: "", page_age: null }] }, { type: "text", text: "t" }];
    const { request, exchange, losses } = decode({ ...base, messages: [user("a"), assistant(...blocks)] });
    expect<unknown>(anthropicMessages.encodeRequest(request, exchange(request, anthropicMessages)).body.messages).toEqual([user("a"), assistant(blocks[2] ?? null)]);
    expect(losses.map((loss) => loss.code)).toEqual(["not-replayable", "not-replayable"]);
  });

  test("#134 a body loses only the doomed seals", () => {
    const body = { ...base, messages: [user("a"), assistant({ type: "thinking", thinking: "x", signature: "bad" }, { type: "text", text: "t" }), assistant({ type: "redacted_thinking", data: "bad" })] } as JsonObject;
    expect<unknown>(anthropicMessages.withoutSeals?.(body, (value) => value === "bad").messages).toEqual([user("a"), assistant({ type: "text", text: "t" })]);
    expect<unknown>(anthropicMessages.withoutSeals?.(body, () => false)).toBe(body);
  });
});

describe("passing through", () => {
  test("the model is edited only where it differs, and body betas go to the header", () => {
    const pass = (body: object, upstream: string) => {
      const { request } = decode(body);
      return anthropicMessages.passthroughRequest(input(body), request, upstream);
    };
    expect(pass(base, "claude-opus-5")).toEqual({ path: "/v1/messages", headers: { "anthropic-version": "2023-06-01" }, edits: {} });
    expect(pass({ ...base, betas: ["x"] }, "other")).toEqual({ path: "/v1/messages", headers: { "anthropic-version": "2023-06-01", "anthropic-beta": "x" }, edits: { model: "other", set: { betas: undefined } } });
  });

  test("#150 an operator's wish for reasoning becomes members of the body", () => {
    const body = { ...base, thinking: { type: "adaptive" } };
    const { request, exchange } = decode(body);
    const members = (reasoning: GenerateRequest["reasoning"]) => {
      const changed = { ...request, ...(reasoning !== undefined && { reasoning }) };
      return anthropicMessages.reasoningMembers?.(body as JsonObject, exchange(changed, anthropicMessages, { capabilities: { reasoning: { adaptive: true, canBeOff: true } } }));
    };
    expect(members({ mode: "effort", effort: "high", from: "override" })).toEqual({ thinking: { type: "adaptive" }, output_config: { effort: "high" }, max_tokens: 1000 });
    expect(members({ mode: "off", from: "override" })).toEqual({ thinking: { type: "disabled" }, output_config: undefined, max_tokens: 1000 });
  });

  test("an operator's thinking takes away what is refused beside it", () => {
    const body = { ...base, temperature: 0.3, top_p: 0.95, top_k: 5 };
    const { request, exchange } = decode(body);
    const members = (reasoning: NonNullable<GenerateRequest["reasoning"]>) =>
      anthropicMessages.reasoningMembers?.(body as JsonObject, exchange({ ...request, reasoning }, anthropicMessages, { capabilities: { reasoning: { manual: true, canBeOff: true } } }));
    const thinking = members({ mode: "budget", budget: 4096, from: "override" });
    expect(thinking).toEqual({ thinking: { type: "enabled", budget_tokens: 4096 }, max_tokens: 5096 });
    expect(Object.keys(thinking ?? {})).toEqual(expect.arrayContaining(["temperature", "top_k"]));
    expect(Object.keys(thinking ?? {})).not.toContain("top_p");
    expect(Object.keys(members({ mode: "off", from: "override" }) ?? {})).not.toContain("temperature");
  });

  test("counting sends only what is counted", () => {
    const { request, exchange } = decode({ ...base, stream: true, temperature: 1, metadata: { user_id: "u" }, system: "S", context_management: {} });
    const wire = anthropicMessages.counting?.encodeCountRequest(request, exchange(request, anthropicMessages));
    expect<unknown>(wire).toEqual({ path: "/v1/messages/count_tokens", headers: { "anthropic-version": "2023-06-01" }, body: { model: "claude-opus-5", messages: [user("hi")], system: "S" } });
    expect(anthropicMessages.counting?.decodeCount({ input_tokens: 3 })).toEqual({ inputTokens: 3 });
    expect(() => anthropicMessages.counting?.decodeCount({})).toThrow("no count");
    expect(anthropicMessages.counting?.encodeCount({ inputTokens: 5 })).toEqual({ input_tokens: 5 });
  });
});

test("bare seals are told by the model's name inside", () => {
  const record = (first: number) => btoa(`${String.fromCharCode(first)}\u0010claude-opus-5\u0001\u0002\u0003`);
  expect(anthropicMessages.recognisesSeal(record(0x12))).toBe(true);
  expect(anthropicMessages.recognisesSeal(record(0x08))).toBe(true);
  expect(anthropicMessages.recognisesSeal(btoa(record(0x12)))).toBe(true);
  expect(anthropicMessages.recognisesSeal(btoa("\u0012\u0001no name"))).toBe(false);
  expect(anthropicMessages.recognisesSeal("gAAAAABn")).toBe(false);
  expect(anthropicMessages.recognisesSeal("not base64!")).toBe(false);
});
