import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Act, SimulatedDialect } from "../simulation.ts";
import { Checker, objects, pieces, textOf } from "./check.ts";

/** OpenAI's Chat Completions, first party. Facts: openai 6.49 types and error texts seen in the field (read 2026-11). */
export const simulatedOpenaiChat: SimulatedDialect = {
  id: "openai-chat",
  read(path, _query, _headers, body) {
    if (!path.endsWith("/chat/completions")) return undefined;
    const messages = objects(body.messages);
    const last = messages.findLastIndex(({ role }) => role === "assistant");
    const turn = messages.slice(last + 1);
    const users = turn.filter(({ role }) => role === "user");
    return {
      model: String(body.model),
      streamed: body.stream === true,
      prompt: users.map(({ content }) => textOf(content)).join("\n"),
      system: messages.filter(({ role }) => role === "system" || role === "developer").map(({ content }) => textOf(content)).join("\n"),
      results: turn.filter(({ role }) => role === "tool").map(({ tool_call_id, content }) => ({ callId: String(tool_call_id), text: textOf(content) })),
      toolNames: objects(body.tools).map((tool) => String((isJsonObject(tool.function) ? tool.function : isJsonObject(tool.custom) ? tool.custom : {}).name)),
      images: users.flatMap(({ content }) => objects(content)).filter(({ type }) => type === "image_url").length,
      wantsReasoning: body.reasoning_effort !== undefined && body.reasoning_effort !== "none",
      body,
    };
  },
  check(body) {
    const checker = new Checker();
    checker.onlyKeys(body, KEYS, "");
    checkTools(body, checker);
    checkMessages(objects(body.messages), checker);
    if (Array.isArray(body.stop)) checker.expect(body.stop.length <= 4, "stop", "array too long");
    const format = body.response_format;
    if (isJsonObject(format) && format.type === "json_schema") checker.expect(isJsonObject(format.json_schema) && /^[\w-]{1,64}$/.test(String(format.json_schema.name)), "response_format.json_schema.name", "Missing required parameter");
    return checker.violations;
  },
  whole(act, reply) {
    const message: JsonObject = {
      role: "assistant", content: act.finish === "refusal" ? null : (act.text ?? null), refusal: act.finish === "refusal" ? (act.text ?? "") : null,
      ...(act.reasoning !== undefined && { reasoning_content: act.reasoning }),
      ...(act.calls !== undefined && { tool_calls: act.calls.map((call) => ({ id: reply.id("call_"), type: "function", function: { name: call.name, arguments: JSON.stringify(call.arguments) } })) }),
    };
    return {
      id: reply.id("chatcmpl-"), object: "chat.completion", created: 1_795_000_000, model: reply.model,
      choices: [{ index: 0, message, finish_reason: finishReason(act), logprobs: null }], usage: usageOf(act),
    };
  },
  events(act, reply) {
    const head = { id: reply.id("chatcmpl-"), object: "chat.completion.chunk", created: 1_795_000_000, model: reply.model };
    const chunk = (delta: JsonObject, finish: string | null = null): string => `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }] })}\n\n`;
    const options = reply.question.body.stream_options;
    return [
      chunk({ role: "assistant", content: "", refusal: null }),
      ...pieces(act.reasoning ?? "").map((piece) => chunk({ reasoning_content: piece })),
      ...pieces(act.text ?? "").map((piece) => chunk(act.finish === "refusal" ? { refusal: piece } : { content: piece })),
      ...(act.calls ?? []).flatMap((call, index) => [
        chunk({ tool_calls: [{ index, id: reply.id("call_"), type: "function", function: { name: call.name, arguments: "" } }] }),
        ...pieces(JSON.stringify(call.arguments)).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]),
      chunk({}, finishReason(act)),
      ...(isJsonObject(options) && options.include_usage === true ? [`data: ${JSON.stringify({ ...head, choices: [], usage: usageOf(act) })}\n\n`] : []),
      "data: [DONE]\n\n",
    ];
  },
  refusal: (status, message) => ({ error: { message, type: status === 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error", param: null, code: status === 401 ? "invalid_api_key" : status === 429 ? "rate_limit_exceeded" : null } }),
  errorEvent: (message) => `data: ${JSON.stringify({ error: { message, type: "server_error", param: null, code: null } })}\n\n`,
};

const KEYS = [
  "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "max_completion_tokens", "max_tokens", "stream", "stream_options", "stop",
  "temperature", "top_p", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "n", "response_format",
  "reasoning_effort", "verbosity", "metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "service_tier",
  "store", "modalities", "audio", "prediction", "web_search_options", "functions", "function_call", "moderation",
];

function checkTools(body: JsonObject, checker: Checker): void {
  const tools = objects(body.tools);
  checker.expect(body.tools === undefined || tools.length > 0, "tools", "empty array. Expected an array with minimum length 1");
  checker.expect(body.tool_choice === undefined || tools.length > 0, "tool_choice", "'tool_choice' is only allowed when 'tools' are specified");
  checker.expect(body.parallel_tool_calls === undefined || tools.length > 0, "parallel_tool_calls", "only allowed when 'tools' are specified");
  const names = new Set<string>();
  tools.forEach((tool, at) => {
    const definition = isJsonObject(tool.function) ? tool.function : isJsonObject(tool.custom) ? tool.custom : {};
    const name = String(definition.name);
    checker.expect(/^[a-zA-Z0-9_-]{1,64}$/.test(name), `tools[${at}].function.name`, "string does not match pattern '^[a-zA-Z0-9_-]+$'");
    checker.expect(!names.has(name), `tools[${at}].function.name`, "duplicate tool name");
    names.add(name);
    const parameters = definition.parameters;
    if (isJsonObject(parameters)) {
      checker.expect(parameters.type === "object", `tools[${at}].function.parameters`, "schema must be a JSON Schema of 'type: \"object\"'");
      for (const key of ["anyOf", "oneOf", "allOf", "enum", "not"]) checker.expect(parameters[key] === undefined, `tools[${at}].function.parameters`, `schema must not have '${key}' at the top level`);
    }
  });
}

function checkMessages(messages: readonly JsonObject[], checker: Checker): void {
  checker.expect(messages.length > 0, "messages", "empty array");
  let open: string[] = [];
  messages.forEach((message, at) => {
    const path = `messages[${at}]`;
    if (message.role === "tool") {
      const id = String(message.tool_call_id);
      checker.expect(open.includes(id), path, "messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
      open = open.filter((other) => other !== id);
      for (const part of objects(message.content)) checker.expect(part.type === "text", `${path}.content`, "tool messages take text only");
      checker.expect(message.content !== undefined && message.content !== null, `${path}.content`, "required");
      return;
    }
    checker.expect(open.length === 0, path, "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'");
    open = [];
    if (message.role === "assistant") {
      const calls = objects(message.tool_calls);
      open = calls.map(({ id }) => String(id));
      checkCalls(calls, path, checker);
      checker.expect(calls.length > 0 || textOf(message.content) !== "" || typeof message.refusal === "string", `${path}.content`, "content is required when there are no tool calls");
    }
    if (message.role === "user") checkUserContent(message.content, path, checker);
  });
  checker.expect(open.length === 0, "messages", "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'");
}

function checkCalls(calls: readonly JsonObject[], path: string, checker: Checker): void {
  for (const call of calls) {
    checker.expect(String(call.id).length <= 64 && String(call.id) !== "", `${path}.tool_calls`, "string too long");
    const definition = isJsonObject(call.function) ? call.function : undefined;
    if (definition !== undefined) checker.expect(typeof definition.arguments === "string" && definition.arguments !== "", `${path}.tool_calls`, "arguments must be a string of JSON");
  }
}

const PARTS = ["text", "image_url", "input_audio", "file"];

function checkUserContent(content: Json | undefined, path: string, checker: Checker): void {
  checker.expect(typeof content === "string" || (Array.isArray(content) && content.length > 0), `${path}.content`, "expected a string or a list of parts");
  for (const part of objects(content)) checker.expect(PARTS.includes(String(part.type)), `${path}.content`, `Invalid value: '${String(part.type)}'`);
}

function finishReason(act: Act): string {
  if (act.finish === "length") return "length";
  return act.calls !== undefined && act.calls.length > 0 ? "tool_calls" : "stop";
}

function usageOf({ usage }: Act): JsonObject {
  const { input, cached = 0, output, reasoning = 0 } = usage ?? { input: 10, output: 5 };
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output, prompt_tokens_details: { cached_tokens: cached }, completion_tokens_details: { reasoning_tokens: reasoning } };
}

