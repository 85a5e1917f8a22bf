import Anthropic from "@anthropic-ai/sdk";
import type { ContentBlockParam, Message, MessageParam } from "@anthropic-ai/sdk/resources/messages";
import type { Client, Facts, Setting } from "./client.ts";

/** Anthropic demands a limit; this one is above every thinking budget that a session asks for. */
const MAX_TOKENS = 16_000;

/** The official `@anthropic-ai/sdk`. */
export const anthropicMessages: Client = {
  name: "@anthropic-ai/sdk",
  dialect: "anthropic-messages",
  open(origin, apiKey, setting) {
    const client = new Anthropic({ baseURL: origin, apiKey, maxRetries: 0 });
    const messages: MessageParam[] = [];
    const push = (block: ContentBlockParam): void => {
      const last = messages.at(-1);
      if (last?.role === "user" && Array.isArray(last.content)) last.content.push(block);
      else messages.push({ role: "user", content: [block] });
    };
    return {
      user(text, image) {
        push({ type: "text", text });
        if (image !== undefined) push({ type: "image", source: { type: "base64", media_type: image.mimeType as "image/png", data: image.base64 } });
      },
      toolResult(callId, _name, text) {
        push({ type: "tool_result", tool_use_id: callId, content: text });
      },
      async ask(options = {}) {
        const body = { ...parameters(setting), messages };
        const requestOptions = options.signal === undefined ? {} : { signal: options.signal };
        const message = options.stream === true
          ? await client.messages.stream(body, requestOptions).finalMessage()
          : await client.messages.create({ ...body, stream: false }, requestOptions);
        messages.push({ role: "assistant", content: message.content as ContentBlockParam[] });
        return factsOf(message);
      },
    };
  },
};

function parameters(setting: Setting): { model: string; max_tokens: number } & Record<string, never> {
  return {
    model: setting.model,
    max_tokens: setting.maxTokens ?? MAX_TOKENS,
    ...(setting.system !== undefined && { system: setting.system }),
    ...(setting.think === true && { thinking: { type: "enabled", budget_tokens: 8192 } }),
    ...(setting.stop !== undefined && { stop_sequences: [...setting.stop] }),
    ...(setting.tools !== undefined && { tools: setting.tools.map(({ name, description, schema }) => ({ name, description, input_schema: schema })) }),
    ...(setting.forceTool === true && { tool_choice: { type: "any" } }),
    ...(setting.schema !== undefined && { output_config: { format: { type: "json_schema", schema: setting.schema } } }),
  } as never;
}

const FINISH: Readonly<Record<string, Facts["finish"]>> = {
  end_turn: "end", stop_sequence: "end", max_tokens: "length", model_context_window_exceeded: "length", tool_use: "tools", refusal: "refusal",
};

export function factsOf(message: Message): Facts {
  const usage = message.usage;
  const blocks = message.content;
  return {
    text: blocks.map((block) => (block.type === "text" ? block.text : "")).join(""),
    reasoning: blocks.flatMap((block) => (block.type === "thinking" && block.thinking !== "" ? [block.thinking] : [])).join("\n\n"),
    calls: blocks.flatMap((block) => (block.type === "tool_use" ? [{ id: block.id, name: block.name, arguments: block.input }] : [])),
    finish: FINISH[message.stop_reason ?? ""] ?? "other",
    usage: {
      input: (usage.input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      cached: usage.cache_read_input_tokens ?? 0,
      output: usage.output_tokens ?? 0,
      reasoning: (usage as { output_tokens_details?: { thinking_tokens?: number } }).output_tokens_details?.thinking_tokens ?? 0,
    },
  };
}
