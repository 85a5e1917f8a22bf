// The forms of a conversation in each dialect, written as a client of it would.
import type { JsonObject } from "@dragoman/core";
import type { Conversation, Step } from "./conversations.ts";

const PNG = "iVBORw0KGgo=";
const SCHEMA = { type: "object", properties: { a: { description: "anything" } } };

function withoutUndefined(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function chatMessage(step: Step): JsonObject {
  switch (step.kind) {
    case "system":
      return { role: "system", content: step.text };
    case "user":
      return { role: "user", content: step.image ? [{ type: "text", text: step.text }, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }] : step.text };
    case "assistant":
      return { role: "assistant", content: step.text === "" && step.calls.length > 0 ? null : step.text, ...(step.calls.length > 0 && { tool_calls: step.calls.map((call) => ({ id: call.id, type: "function", function: { name: call.name, arguments: JSON.stringify(call.arguments) } })) }) };
    case "result":
      return { role: "tool", tool_call_id: step.call.id, content: step.text };
  }
}

function chat({ instructions, steps, tools, settings }: Conversation): JsonObject {
  return withoutUndefined({
    model: "model-1",
    messages: [...instructions.map((text) => ({ role: "system", content: text })), ...steps.map(chatMessage)],
    tools: tools.length === 0 ? undefined : tools.map((name) => ({ type: "function", function: { name, description: "does it", parameters: SCHEMA } })),
    tool_choice: settings.choice, temperature: settings.temperature, top_p: settings.topP, max_completion_tokens: settings.limit, stop: settings.stops, reasoning_effort: settings.effort,
  });
}

function responsesItems(step: Step): readonly JsonObject[] {
  switch (step.kind) {
    case "system":
      return [{ type: "message", role: "developer", content: [{ type: "input_text", text: step.text }] }];
    case "user":
      return [{ type: "message", role: "user", content: [{ type: "input_text", text: step.text }, ...(step.image ? [{ type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "auto" }] : [])] }];
    case "assistant": {
      const message = { type: "message", role: "assistant", content: [{ type: "output_text", text: step.text, annotations: [] }] };
      return [...(step.text === "" ? [] : [message]), ...step.calls.map((call) => ({ type: "function_call", call_id: call.id, name: call.name, arguments: JSON.stringify(call.arguments) }))];
    }
    case "result":
      return [{ type: "function_call_output", call_id: step.call.id, output: step.text }];
  }
}

function responses({ instructions, steps, tools, settings }: Conversation): JsonObject {
  return withoutUndefined({
    model: "model-1", input: steps.flatMap(responsesItems), instructions: instructions.length === 0 ? undefined : instructions.join("\n"), store: false,
    tools: tools.length === 0 ? undefined : tools.map((name) => ({ type: "function", name, description: "does it", parameters: SCHEMA, strict: false })),
    tool_choice: settings.choice, temperature: settings.temperature, top_p: settings.topP, max_output_tokens: settings.limit, reasoning: settings.effort === undefined ? undefined : { effort: settings.effort },
  });
}

/** Results stand in user messages here, so steps of one side are gathered. */
function bySide<T extends JsonObject>(steps: readonly Step[], blocks: (step: Step) => readonly T[], assistant: string): readonly { readonly role: string; readonly parts: readonly T[] }[] {
  const sides: { role: string; parts: T[] }[] = [];
  for (const step of steps) {
    const role = step.kind === "assistant" ? assistant : "user";
    const last = sides.at(-1);
    if (last?.role === role) last.parts.push(...blocks(step));
    else sides.push({ role, parts: [...blocks(step)] });
  }
  return sides.filter(({ parts }) => parts.length > 0);
}

function anthropicBlocks(step: Step): readonly JsonObject[] {
  switch (step.kind) {
    case "system":
      return [{ type: "text", text: step.text }];
    case "user":
      return [{ type: "text", text: step.text }, ...(step.image ? [{ type: "image", source: { type: "base64", media_type: "image/png", data: PNG } }] : [])];
    case "assistant":
      return [...(step.text === "" ? [] : [{ type: "text", text: step.text }]), ...step.calls.map((call) => ({ type: "tool_use", id: call.id, name: call.name, input: call.arguments }))];
    case "result":
      return [{ type: "tool_result", tool_use_id: step.call.id, content: step.text, ...(step.failed && { is_error: true }) }];
  }
}

const ANTHROPIC_CHOICES = { auto: "auto", none: "none", required: "any" };

function anthropic({ instructions, steps, tools, settings }: Conversation): JsonObject {
  return withoutUndefined({
    model: "model-1", max_tokens: settings.limit ?? 4000, system: instructions.length === 0 ? undefined : instructions.map((text) => ({ type: "text", text })),
    messages: bySide(steps, anthropicBlocks, "assistant").map(({ role, parts }) => ({ role, content: parts })),
    tools: tools.length === 0 ? undefined : tools.map((name) => ({ name, description: "does it", input_schema: SCHEMA })),
    tool_choice: settings.choice === undefined ? undefined : { type: ANTHROPIC_CHOICES[settings.choice] },
    temperature: settings.temperature === undefined ? undefined : Math.min(1, settings.temperature), stop_sequences: settings.stops,
    thinking: settings.effort === undefined ? undefined : { type: "adaptive" }, output_config: settings.effort === undefined ? undefined : { effort: settings.effort },
  });
}

function geminiParts(step: Step): readonly JsonObject[] {
  switch (step.kind) {
    case "system":
      return [{ text: step.text }];
    case "user":
      return [{ text: step.text }, ...(step.image ? [{ inlineData: { mimeType: "image/png", data: PNG } }] : [])];
    case "assistant":
      return [...(step.text === "" ? [] : [{ text: step.text }]), ...step.calls.map((call) => ({ functionCall: { id: call.id, name: call.name, args: call.arguments } }))];
    case "result":
      return [{ functionResponse: { id: step.call.id, name: step.call.name, response: step.failed ? { error: step.text } : { output: step.text } } }];
  }
}

const GEMINI_CHOICES = { auto: "AUTO", none: "NONE", required: "ANY" };

function gemini({ instructions, steps, tools, settings }: Conversation): JsonObject {
  const generationConfig = withoutUndefined({
    temperature: settings.temperature, topP: settings.topP, maxOutputTokens: settings.limit, stopSequences: settings.stops?.slice(0, 5),
    thinkingConfig: settings.effort === undefined ? undefined : { thinkingLevel: settings.effort.toUpperCase(), includeThoughts: true },
  });
  return withoutUndefined({
    contents: bySide(steps, geminiParts, "model").map(({ role, parts }) => ({ role, parts })),
    systemInstruction: instructions.length === 0 ? undefined : { parts: instructions.map((text) => ({ text })) },
    tools: tools.length === 0 ? undefined : [{ functionDeclarations: tools.map((name) => ({ name, description: "does it", parametersJsonSchema: SCHEMA })) }],
    toolConfig: settings.choice === undefined ? undefined : { functionCallingConfig: { mode: GEMINI_CHOICES[settings.choice] } },
    generationConfig: Object.keys(generationConfig).length === 0 ? undefined : generationConfig,
  });
}

/** The request of a client of each dialect for one conversation. */
export const RENDERINGS: Readonly<Record<string, (conversation: Conversation) => JsonObject>> = {
  "openai-chat": chat,
  "openai-responses": responses,
  "anthropic-messages": anthropic,
  "gemini-generate-content": gemini,
};

export const RENDERED: readonly string[] = Object.keys(RENDERINGS);
