import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Act, SealBook, SimulatedDialect } from "../simulation.ts";
import { Checker, objects, pieces, textOf } from "./check.ts";

/** Anthropic's Messages, a model with manual thinking. Facts: @anthropic-ai/sdk 1.11 types and error texts seen in the field (read 2026-11). */
export const simulatedAnthropicMessages: SimulatedDialect = {
  id: "anthropic-messages",
  read(path, _query, headers, body) {
    if (!path.endsWith("/v1/messages") || headers.get("anthropic-version") === null) return undefined;
    const messages = objects(body.messages);
    const last = objects(messages.at(-1)?.content);
    const lastText = typeof messages.at(-1)?.content === "string" ? String(messages.at(-1)?.content) : last.filter(({ type }) => type === "text").map(({ text }) => String(text)).join("\n");
    return {
      model: String(body.model),
      streamed: body.stream === true,
      prompt: lastText,
      system: textOf(body.system),
      results: last.filter(({ type }) => type === "tool_result").map(({ tool_use_id, content }) => ({ callId: String(tool_use_id), text: textOf(content) })),
      toolNames: objects(body.tools).map(({ name }) => String(name)),
      images: last.filter(({ type }) => type === "image").length,
      wantsReasoning: isJsonObject(body.thinking) && body.thinking.type !== "disabled",
      body,
    };
  },
  check(body, _question, seals) {
    const checker = new Checker();
    checker.onlyKeys(body, KEYS, "");
    checker.expect(typeof body.max_tokens === "number", "max_tokens", "Field required");
    checkThinking(body, checker);
    checkTools(body, checker);
    checkMarks(body, checker);
    checkMessages(body, checker, seals);
    for (const stop of Array.isArray(body.stop_sequences) ? body.stop_sequences : []) checker.expect(String(stop).trim() !== "", "stop_sequences", "each stop sequence must contain non-whitespace");
    return checker.violations;
  },
  whole(act, reply) {
    const content: JsonObject[] = [];
    if (act.reasoning !== undefined) content.push({ type: "thinking", thinking: act.reasoning, signature: reply.seals.issue(act.reasoning) });
    if (act.text !== undefined) content.push({ type: "text", text: act.text });
    for (const call of act.calls ?? []) content.push({ type: "tool_use", id: reply.id("toolu_"), name: call.name, input: call.arguments });
    return { id: reply.id("msg_"), type: "message", role: "assistant", model: reply.model, content, stop_reason: stopReason(act), stop_sequence: null, usage: usageOf(act) };
  },
  events(act, reply) {
    const whole = simulatedAnthropicMessages.whole(act, reply);
    const usage = usageOf(act);
    const events: string[] = [event("message_start", { message: { ...whole, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } }), event("ping", {})];
    objects(whole.content).forEach((block, index) => {
      events.push(event("content_block_start", { index, content_block: skeleton(block) }));
      for (const delta of deltasOf(block)) events.push(event("content_block_delta", { index, delta }));
      events.push(event("content_block_stop", { index }));
    });
    events.push(event("message_delta", { delta: { stop_reason: stopReason(act), stop_sequence: null }, usage: { output_tokens: usage.output_tokens } }), event("message_stop", {}));
    return events;
  },
  refusal: (status, message) => ({ type: "error", error: { type: ERROR_TYPES[status] ?? "api_error", message }, request_id: "req_sim" }),
  errorEvent: (message) => event("error", { error: { type: "overloaded_error", message } }),
};

const ERROR_TYPES: Readonly<Record<number, string>> = { 400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error", 529: "overloaded_error" };

const KEYS = [
  "model", "messages", "max_tokens", "system", "tools", "tool_choice", "stream", "stop_sequences", "temperature", "top_p", "top_k", "thinking", "output_config",
  "metadata", "service_tier", "container", "context_management", "mcp_servers", "cache_control", "inference_geo", "speed",
];

const ID = /^[a-zA-Z0-9_-]+$/;

function event(type: string, value: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
}

function skeleton(block: JsonObject): JsonObject {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  return block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} };
}

function deltasOf(block: JsonObject): readonly JsonObject[] {
  if (block.type === "thinking") return [...pieces(String(block.thinking)).map((thinking) => ({ type: "thinking_delta", thinking })), { type: "signature_delta", signature: block.signature }];
  if (block.type === "text") return pieces(String(block.text)).map((text) => ({ type: "text_delta", text }));
  return ["", ...pieces(JSON.stringify(block.input))].map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

function checkThinking(body: JsonObject, checker: Checker): void {
  const thinking = body.thinking;
  if (!isJsonObject(thinking) || thinking.type === "disabled") return;
  if (thinking.type === "enabled") {
    checker.expect(typeof thinking.budget_tokens === "number" && thinking.budget_tokens >= 1024, "thinking.enabled.budget_tokens", "Input should be greater than or equal to 1024");
    checker.expect(Number(body.max_tokens) > Number(thinking.budget_tokens), "max_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`");
  }
  checker.expect(body.temperature === undefined || body.temperature === 1, "temperature", "`temperature` may only be set to 1 when thinking is enabled");
  checker.expect(body.top_k === undefined, "top_k", "`top_k` must be unset when thinking is enabled");
  const choice = isJsonObject(body.tool_choice) ? body.tool_choice.type : undefined;
  checker.expect(choice !== "any" && choice !== "tool", "tool_choice", "Thinking may not be enabled when tool_choice forces tool use.");
}

function checkTools(body: JsonObject, checker: Checker): void {
  const tools = objects(body.tools);
  checker.expect(body.tool_choice === undefined || tools.length > 0, "tool_choice", "tool_choice may only be specified while providing tools");
  checker.expect(body.temperature === undefined || (Number(body.temperature) >= 0 && Number(body.temperature) <= 1), "temperature", "range: 0..1");
  tools.forEach((tool, at) => {
    checker.expect(/^[a-zA-Z0-9_-]{1,64}$/.test(String(tool.name)), `tools.${at}.name`, "String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
    if (tool.type !== undefined && tool.type !== "custom") return;
    const schema = tool.input_schema;
    checker.expect(isJsonObject(schema) && schema.type === "object", `tools.${at}.input_schema.type`, "Field required");
    if (isJsonObject(schema)) for (const key of ["anyOf", "oneOf", "allOf"]) checker.expect(schema[key] === undefined, `tools.${at}.input_schema`, `input_schema does not support ${key} at the top level`);
  });
}

function checkMarks(body: JsonObject, checker: Checker): void {
  const blocks = [...objects(body.tools), ...objects(body.system), ...objects(body.messages).flatMap(({ content }) => objects(content))];
  const marks = blocks.filter((block) => isJsonObject(block.cache_control)).length;
  checker.expect(marks <= 4, "cache_control", `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
}

function checkMessages(body: JsonObject, checker: Checker, seals: SealBook): void {
  const messages = objects(body.messages);
  checker.expect(messages.length > 0, "messages", "at least one message is required");
  checker.expect(messages[0]?.role !== "assistant", "messages.0.role", "first message must use the user role");
  for (const block of objects(body.system)) checker.expect(block.type === "text" && String(block.text).trim() !== "", "system", "text content blocks must be non-empty");
  messages.forEach((message, at) => {
    const blocks = typeof message.content === "string" ? [{ type: "text", text: message.content }] : objects(message.content);
    checker.expect(message.role === "user" || message.role === "assistant", `messages.${at}.role`, "unexpected role");
    checker.expect(blocks.length > 0 || at === messages.length - 1, `messages.${at}`, "all messages must have non-empty content except for the optional final assistant message");
    blocks.forEach((block, index) => checkBlock(block, `messages.${at}.content.${index}`, checker, seals));
    if (message.role === "assistant") checkPairing(blocks, messages[at + 1], at, checker);
    else checkResultsHaveCalls(blocks, messages[at - 1], at, checker);
  });
  checkLast(body, messages, checker);
}

function checkBlock(block: JsonObject, path: string, checker: Checker, seals: SealBook): void {
  switch (block.type) {
    case "text":
      checker.expect(String(block.text).trim() !== "", path, "text content blocks must be non-empty");
      return;
    case "thinking":
      checker.expect(seals.verify(block.signature, String(block.thinking)), path, "Invalid `signature` in `thinking` block");
      return;
    case "tool_use":
      checker.expect(ID.test(String(block.id)), `${path}.id`, "String should match pattern '^[a-zA-Z0-9_-]+$'");
      checker.expect(isJsonObject(block.input), `${path}.input`, "Input should be a valid dictionary");
      return;
    case "image": {
      const source: Json | undefined = block.source;
      checker.expect(isJsonObject(source) && (source.type !== "base64" || ["image/jpeg", "image/png", "image/gif", "image/webp"].includes(String(source.media_type))), path, "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
    }
  }
}

function checkPairing(blocks: readonly JsonObject[], next: JsonObject | undefined, at: number, checker: Checker): void {
  const calls = blocks.filter(({ type }) => type === "tool_use").map(({ id }) => String(id));
  if (calls.length === 0) return;
  const results = objects(next?.content);
  const answered = new Set(results.filter(({ type }) => type === "tool_result").map(({ tool_use_id }) => String(tool_use_id)));
  checker.expect(calls.every((id) => answered.has(id)), `messages.${at}`, "`tool_use` ids were found without `tool_result` blocks immediately after");
  const firstOther = results.findIndex(({ type }) => type !== "tool_result");
  checker.expect(firstOther < 0 || results.slice(firstOther).every(({ type }) => type !== "tool_result"), `messages.${at + 1}`, "`tool_result` blocks must come first");
}

function checkResultsHaveCalls(blocks: readonly JsonObject[], before: JsonObject | undefined, at: number, checker: Checker): void {
  const calls = new Set(objects(before?.content).filter(({ type }) => type === "tool_use").map(({ id }) => String(id)));
  const results = blocks.filter(({ type }) => type === "tool_result").map(({ tool_use_id }) => String(tool_use_id));
  checker.expect(results.every((id) => calls.has(id)), `messages.${at}`, "unexpected `tool_use_id` found in `tool_result` blocks");
  checker.expect(new Set(results).size === results.length, `messages.${at}`, "each tool_use must have a single result");
}

/** The ends: no white space after a prefill, and with manual thinking an open tool loop must begin with a thinking block. */
function checkLast(body: JsonObject, messages: readonly JsonObject[], checker: Checker): void {
  const last = messages.at(-1);
  if (last?.role === "assistant") {
    const text = textOf(last.content);
    checker.expect(text === text.trimEnd(), "messages", "final assistant content cannot end with trailing whitespace");
  }
  const isOpen = objects(last?.content).some(({ type }) => type === "tool_result");
  const thinking = isJsonObject(body.thinking) && body.thinking.type === "enabled";
  if (!isOpen || !thinking) return;
  const first = objects(messages.at(-2)?.content)[0];
  checker.expect(first?.type === "thinking" || first?.type === "redacted_thinking", `messages.${messages.length - 2}.content.0.type`, "Expected `thinking` or `redacted_thinking`, but found `tool_use`");
}

function stopReason(act: Act): string {
  if (act.finish === "length") return "max_tokens";
  if (act.finish === "refusal") return "refusal";
  return act.calls !== undefined && act.calls.length > 0 ? "tool_use" : "end_turn";
}

function usageOf({ usage }: Act): JsonObject {
  const { input, cached = 0, output, reasoning } = usage ?? { input: 10, output: 5 };
  return {
    input_tokens: input - cached, cache_read_input_tokens: cached, cache_creation_input_tokens: 0, output_tokens: output,
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}
