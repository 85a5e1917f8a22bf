import OpenAI from "openai";
import type { ChatCompletion, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { Client, Facts, Setting } from "./client.ts";

/** The official `openai` package over Chat Completions. */
export const openaiChat: Client = {
  name: "openai (chat)",
  dialect: "openai-chat",
  open(origin, apiKey, setting) {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 });
    const messages: ChatCompletionMessageParam[] = setting.system === undefined ? [] : [{ role: "system", content: setting.system }];
    return {
      user(text, image) {
        messages.push({
          role: "user",
          content: image === undefined ? text : [{ type: "text", text }, { type: "image_url", image_url: { url: `data:${image.mimeType};base64,${image.base64}` } }],
        });
      },
      toolResult(callId, _name, text) {
        messages.push({ role: "tool", tool_call_id: callId, content: text });
      },
      async ask(options = {}) {
        const body = { ...parameters(setting), messages };
        const requestOptions = options.signal === undefined ? {} : { signal: options.signal };
        let reasoning = "";
        let completion: ChatCompletion;
        if (options.stream === true) {
          const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }, requestOptions);
          // The helper keeps only the last piece of fields that it does not know, so thoughts are collected here.
          stream.on("chunk", (chunk) => {
            reasoning += (chunk.choices[0]?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? "";
          });
          completion = await stream.finalChatCompletion();
        } else {
          completion = await client.chat.completions.create({ ...body, stream: false }, requestOptions);
        }
        const message = completion.choices[0]?.message;
        if (message === undefined) throw new Error("no choice");
        if (options.stream === true && reasoning !== "") (message as { reasoning_content?: string }).reasoning_content = reasoning;
        messages.push(message as ChatCompletionMessageParam);
        return factsOf(completion);
      },
    };
  },
};

function parameters(setting: Setting): { model: string } & Record<string, never> {
  return {
    model: setting.model,
    ...(setting.maxTokens !== undefined && { max_completion_tokens: setting.maxTokens }),
    ...(setting.think === true && { reasoning_effort: "medium" }),
    ...(setting.stop !== undefined && { stop: [...setting.stop] }),
    ...(setting.tools !== undefined && { tools: setting.tools.map(({ name, description, schema }) => ({ type: "function", function: { name, description, parameters: schema } })) }),
    ...(setting.forceTool === true && { tool_choice: "required" }),
    ...(setting.schema !== undefined && { response_format: { type: "json_schema", json_schema: { name: "answer", schema: setting.schema, strict: true } } }),
  } as never;
}

const FINISH: Readonly<Record<string, Facts["finish"]>> = { stop: "end", length: "length", tool_calls: "tools", content_filter: "refusal" };

export function factsOf(completion: ChatCompletion): Facts {
  const choice = completion.choices[0];
  const message = choice?.message;
  const usage = completion.usage;
  return {
    text: message?.content ?? message?.refusal ?? "",
    reasoning: (message as { reasoning_content?: string } | undefined)?.reasoning_content ?? "",
    calls: (message?.tool_calls ?? []).map((call) => ({
      id: call.id,
      name: call.type === "function" ? call.function.name : call.custom.name,
      arguments: call.type === "function" ? JSON.parse(call.function.arguments) : call.custom.input,
    })),
    finish: FINISH[choice?.finish_reason ?? ""] ?? "other",
    usage: {
      input: usage?.prompt_tokens ?? 0,
      cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
      output: usage?.completion_tokens ?? 0,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    },
  };
}
