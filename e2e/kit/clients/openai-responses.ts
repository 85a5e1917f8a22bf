import OpenAI from "openai";
import type { Response as OpenAIResponse, ResponseInputItem } from "openai/resources/responses/responses";
import type { Client, Facts, Setting } from "./client.ts";

/** The official `openai` package over Responses, stateless, as coding tools use it. */
export const openaiResponses: Client = {
  name: "openai (responses)",
  dialect: "openai-responses",
  open(origin, apiKey, setting) {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 });
    const input: ResponseInputItem[] = [];
    return {
      user(text, image) {
        input.push({
          role: "user",
          content: [
            { type: "input_text", text },
            ...(image === undefined ? [] : [{ type: "input_image" as const, image_url: `data:${image.mimeType};base64,${image.base64}`, detail: "auto" as const }]),
          ],
        });
      },
      toolResult(callId, _name, text) {
        input.push({ type: "function_call_output", call_id: callId, output: text });
      },
      async ask(options = {}) {
        const body = { ...parameters(setting), input: [...input] };
        const requestOptions = options.signal === undefined ? {} : { signal: options.signal };
        const response = options.stream === true
          ? await client.responses.stream(body, requestOptions).finalResponse()
          : await client.responses.create({ ...body, stream: false }, requestOptions);
        if (response.status === "failed") throw new Error(response.error?.message ?? "failed");
        for (const item of response.output) input.push(item as ResponseInputItem);
        return factsOf(response as OpenAIResponse);
      },
    };
  },
};

function parameters(setting: Setting): { model: string } & Record<string, never> {
  return {
    model: setting.model,
    store: false,
    include: ["reasoning.encrypted_content"],
    ...(setting.system !== undefined && { instructions: setting.system }),
    ...(setting.maxTokens !== undefined && { max_output_tokens: setting.maxTokens }),
    ...(setting.think === true && { reasoning: { effort: "medium", summary: "auto" } }),
    ...(setting.tools !== undefined && { tools: setting.tools.map(({ name, description, schema }) => ({ type: "function", name, description, parameters: schema, strict: false })) }),
    ...(setting.forceTool === true && { tool_choice: "required" }),
    ...(setting.schema !== undefined && { text: { format: { type: "json_schema", name: "answer", schema: setting.schema, strict: true } } }),
  } as never;
}

export function factsOf(response: OpenAIResponse): Facts {
  let text = "";
  let refused = false;
  const reasoning: string[] = [];
  const calls: { id: string; name: string; arguments: unknown }[] = [];
  for (const item of response.output) {
    if (item.type === "message") {
      for (const part of item.content) {
        if (part.type === "output_text") text += part.text;
        else {
          text += part.refusal;
          refused = true;
        }
      }
    } else if (item.type === "reasoning") {
      const shown = item.summary.length > 0 ? item.summary : (item.content ?? []);
      if (shown.length > 0) reasoning.push(shown.map((part) => part.text).join("\n\n"));
    } else if (item.type === "function_call") {
      calls.push({ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) });
    } else if (item.type === "custom_tool_call") {
      calls.push({ id: item.call_id, name: item.name, arguments: item.input });
    }
  }
  const usage = response.usage;
  return {
    text,
    reasoning: reasoning.filter((part) => part !== "").join("\n\n"),
    calls,
    finish: finishOf(response, calls.length > 0, refused),
    usage: {
      input: usage?.input_tokens ?? 0,
      cached: usage?.input_tokens_details.cached_tokens ?? 0,
      output: usage?.output_tokens ?? 0,
      reasoning: usage?.output_tokens_details.reasoning_tokens ?? 0,
    },
  };
}

function finishOf(response: OpenAIResponse, hasCalls: boolean, refused: boolean): Facts["finish"] {
  if (response.status === "incomplete") return response.incomplete_details?.reason === "max_output_tokens" ? "length" : "refusal";
  if (refused) return "refusal";
  return hasCalls ? "tools" : "end";
}
