import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Act, ReplyContext, SealBook, SimulatedDialect } from "../simulation.ts";
import { Checker, objects, pieces, textOf } from "./check.ts";

/** OpenAI's Responses, first party, stateless. Facts: openai 6.49 types and error texts seen in the field (read 2026-11). */
export const simulatedOpenaiResponses: SimulatedDialect = {
  id: "openai-responses",
  read(path, _query, _headers, body) {
    if (!path.endsWith("/responses")) return undefined;
    const items = itemsOf(body.input);
    const last = items.findLastIndex((item) => isAssistantSide(item));
    const turn = items.slice(last + 1);
    const users = turn.filter(({ role }) => role === "user");
    return {
      model: String(body.model),
      streamed: body.stream === true,
      prompt: users.map(({ content }) => textOf(content)).join("\n"),
      system: [body.instructions ?? "", ...items.filter(({ role }) => role === "system" || role === "developer").map(({ content }) => textOf(content))].filter((text) => text !== "").join("\n"),
      results: turn.filter(({ type }) => type === "function_call_output").map(({ call_id, output }) => ({ callId: String(call_id), text: textOf(output) })),
      toolNames: objects(body.tools).map(({ name }) => String(name)),
      images: users.flatMap(({ content }) => objects(content)).filter(({ type }) => type === "input_image").length,
      wantsReasoning: isJsonObject(body.reasoning) && body.reasoning.effort !== "none",
      body,
    };
  },
  check(body, _question, seals) {
    const checker = new Checker();
    checker.onlyKeys(body, KEYS, "");
    checkTools(body, checker);
    checkItems(body, itemsOf(body.input), checker, seals);
    if (typeof body.max_output_tokens === "number") checker.expect(body.max_output_tokens >= 16, "max_output_tokens", "Expected a value >= 16");
    return checker.violations;
  },
  whole(act, reply) {
    return response(act, reply, itemsFor(act, reply), act.finish === "length" ? "incomplete" : "completed");
  },
  events(act, reply) {
    const items = itemsFor(act, reply);
    const id = reply.id("resp_");
    let sequence = 0;
    const event = (type: string, value: JsonObject): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...value })}\n\n`;
    const begun = { ...response(act, reply, [], "in_progress"), id, usage: null };
    const events = [event("response.created", { response: begun }), event("response.in_progress", { response: begun })];
    items.forEach((item, output_index) => events.push(...itemEvents(item, output_index, event)));
    const status = act.finish === "length" ? "incomplete" : "completed";
    events.push(event(`response.${status}`, { response: { ...response(act, reply, items, status), id } }));
    return events;
  },
  refusal: (status, message) => ({ error: { message, type: status === 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error", param: null, code: status === 401 ? "invalid_api_key" : status === 429 ? "rate_limit_exceeded" : null } }),
  errorEvent: (message) => `event: error\ndata: ${JSON.stringify({ type: "error", code: "server_error", message, param: null, sequence_number: 99 })}\n\n`,
};

const KEYS = [
  "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "max_output_tokens", "max_tool_calls", "stream", "stream_options", "store",
  "include", "reasoning", "text", "temperature", "top_p", "top_logprobs", "truncation", "metadata", "user", "safety_identifier", "prompt_cache_key",
  "prompt_cache_retention", "prompt_cache_options", "service_tier", "previous_response_id", "conversation", "background", "prompt", "context_management", "moderation",
  // In no published type, yet Codex sends it to OpenAI with every request (seen with Codex 0.169, 2026-11).
  "client_metadata",
];

function itemsOf(input: Json | undefined): readonly JsonObject[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : objects(input);
}

function isAssistantSide({ type, role }: JsonObject): boolean {
  return role === "assistant" || type === "reasoning" || type === "function_call" || type === "custom_tool_call";
}

function checkTools(body: JsonObject, checker: Checker): void {
  const tools = objects(body.tools);
  checker.expect(body.tool_choice === undefined || body.tool_choice === "auto" || body.tool_choice === "none" || tools.length > 0, "tool_choice", "only allowed when 'tools' are specified");
  tools.forEach((tool, at) => {
    if (tool.type !== "function") return;
    checker.expect(/^[a-zA-Z0-9_-]{1,64}$/.test(String(tool.name)), `tools[${at}].name`, "string does not match pattern '^[a-zA-Z0-9_-]+$'");
    checker.expect(isJsonObject(tool.parameters) && tool.parameters.type === "object", `tools[${at}].parameters`, "schema must be a JSON Schema of 'type: \"object\"'");
    // Functions are strict unless told otherwise, and a strict schema must be closed.
    if (tool.strict !== false && isJsonObject(tool.parameters)) checker.expect(tool.parameters.additionalProperties === false, `tools[${at}].parameters`, "'additionalProperties' is required to be supplied and to be false");
  });
}

/** Prefixes of item ids; the server refuses an id without its type's. */
const ID_PREFIX: Readonly<Record<string, string>> = { message: "msg_", reasoning: "rs_", function_call: "fc_", custom_tool_call: "ctc_" };

function checkItems(body: JsonObject, items: readonly JsonObject[], checker: Checker, seals: SealBook): void {
  checker.expect(items.length > 0 && body.input !== "", "input", "Missing required parameter: 'input'.");
  const calls = new Set<string>();
  const answered = new Set<string>();
  items.forEach((item, at) => {
    const path = `input[${at}]`;
    const type = String(item.type ?? "message");
    if (typeof item.id === "string") {
      checker.expect(item.id.startsWith(ID_PREFIX[type] ?? ""), `${path}.id`, `Invalid '${path}.id': expected an ID that begins with '${ID_PREFIX[type]}'`);
      checker.expect(body.store !== false || type !== "reasoning" || item.encrypted_content !== undefined, `${path}.id`, `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`);
    }
    if (type === "message") checkMessage(item, path, checker);
    if (type === "reasoning") checkReasoning(item, items[at + 1], { path, checker, seals });
    if (type === "function_call") {
      calls.add(String(item.call_id));
      checker.expect(String(item.call_id).length <= 64 && item.call_id !== "", `${path}.call_id`, "string too long");
      checker.expect(typeof item.arguments === "string", `${path}.arguments`, "required");
    }
    if (type === "function_call_output") {
      checker.expect(calls.has(String(item.call_id)), path, `No tool call found for function call output with call_id ${String(item.call_id)}.`);
      answered.add(String(item.call_id));
    }
  });
  for (const id of calls) checker.expect(answered.has(id), "input", `No tool output found for function call ${id}.`);
}

function checkMessage(item: JsonObject, path: string, checker: Checker): void {
  const wanted = item.role === "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"];
  for (const part of objects(item.content)) checker.expect(wanted.includes(String(part.type)), `${path}.content`, `Invalid value: '${String(part.type)}'. Supported values are: ${wanted.join(", ")}`);
  checker.expect(typeof item.content === "string" || Array.isArray(item.content), `${path}.content`, "required");
}

function checkReasoning(item: JsonObject, next: JsonObject | undefined, { path, checker, seals }: { path: string; checker: Checker; seals: SealBook }): void {
  checker.expect(Array.isArray(item.summary), `${path}.summary`, "Missing required parameter");
  checker.expect(seals.knows(item.encrypted_content), `${path}.encrypted_content`, "The encrypted content could not be verified.");
  checker.expect(!Array.isArray(item.content) || item.content.length === 0, `${path}.content`, "array too long. Expected an array with maximum length 0");
  checker.expect(next !== undefined && isAssistantSide(next) && next.type !== "reasoning", path, "Item of type 'reasoning' was provided without its required following item.");
}

function itemsFor(act: Act, reply: ReplyContext): readonly JsonObject[] {
  const items: JsonObject[] = [];
  if (act.reasoning !== undefined) items.push({ id: reply.id("rs_"), type: "reasoning", summary: [{ type: "summary_text", text: act.reasoning }], encrypted_content: reply.seals.issue(act.reasoning, "gAAAA") });
  if (act.text !== undefined) {
    const part = act.finish === "refusal" ? { type: "refusal", refusal: act.text } : { type: "output_text", text: act.text, annotations: [], logprobs: [] };
    items.push({ id: reply.id("msg_"), type: "message", role: "assistant", status: "completed", content: [part] });
  }
  for (const call of act.calls ?? []) items.push({ id: reply.id("fc_"), type: "function_call", call_id: reply.id("call_"), name: call.name, arguments: JSON.stringify(call.arguments), status: "completed" });
  return items;
}

function response(act: Act, reply: ReplyContext, output: readonly JsonObject[], status: string): JsonObject {
  const { input, cached = 0, output: out, reasoning = 0 } = act.usage ?? { input: 10, output: 5 };
  return {
    id: reply.id("resp_"), object: "response", created_at: 1_795_000_000, status, error: null, incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    instructions: null, metadata: {}, model: reply.model, output, parallel_tool_calls: true, temperature: 1, tool_choice: "auto", tools: [], top_p: 1,
    usage: { input_tokens: input, input_tokens_details: { cached_tokens: cached }, output_tokens: out, output_tokens_details: { reasoning_tokens: reasoning }, total_tokens: input + out },
  };
}

type EventWriter = (type: string, value: JsonObject) => string;

function itemEvents(item: JsonObject, output_index: number, event: EventWriter): readonly string[] {
  const at = { output_index, item_id: item.id };
  switch (item.type) {
    case "reasoning": {
      const text = textOf(item.summary);
      const where = { ...at, summary_index: 0 };
      return [
        event("response.output_item.added", { output_index, item: { ...item, summary: [], encrypted_content: "gAAAAnotfinal" } }),
        event("response.reasoning_summary_part.added", { ...where, part: { type: "summary_text", text: "" } }),
        ...pieces(text).map((delta) => event("response.reasoning_summary_text.delta", { ...where, delta })),
        event("response.reasoning_summary_text.done", { ...where, text }),
        event("response.reasoning_summary_part.done", { ...where, part: { type: "summary_text", text } }),
        event("response.output_item.done", { output_index, item }),
      ];
    }
    case "message":
      return messageEvents(item, at, event);
    default: {
      const text = String(item.arguments);
      return [
        event("response.output_item.added", { output_index, item: { ...item, arguments: "", status: "in_progress" } }),
        ...pieces(text).map((delta) => event("response.function_call_arguments.delta", { ...at, delta })),
        event("response.function_call_arguments.done", { ...at, arguments: text, name: item.name }),
        event("response.output_item.done", { output_index, item }),
      ];
    }
  }
}

function messageEvents(item: JsonObject, at: JsonObject, event: EventWriter): readonly string[] {
  const part = objects(item.content)[0] ?? {};
  const where = { ...at, content_index: 0 };
  const refused = part.type === "refusal";
  const text = String(refused ? part.refusal : part.text);
  const kind = refused ? "refusal" : "output_text";
  const logprobs = refused ? {} : { logprobs: [] };
  return [
    event("response.output_item.added", { output_index: at.output_index, item: { ...item, status: "in_progress", content: [] } }),
    event("response.content_part.added", { ...where, part: refused ? { type: "refusal", refusal: "" } : { ...part, text: "" } }),
    ...pieces(text).map((delta) => event(`response.${kind}.delta`, { ...where, delta, ...logprobs })),
    event(`response.${kind}.done`, { ...where, ...(refused ? { refusal: text } : { text }), ...logprobs }),
    event("response.content_part.done", { ...where, part }),
    event("response.output_item.done", { output_index: at.output_index, item }),
  ];
}
