import { GoogleGenAI, type Content, type GenerateContentResponse, type Part } from "@google/genai";
import type { Client, Facts, Setting } from "./client.ts";

/** The official `@google/genai`. */
export const gemini: Client = {
  name: "@google/genai",
  dialect: "gemini-generate-content",
  open(origin, apiKey, setting) {
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: origin } });
    const contents: Content[] = [];
    const push = (part: Part): void => {
      const last = contents.at(-1);
      if (last?.role === "user") (last.parts ??= []).push(part);
      else contents.push({ role: "user", parts: [part] });
    };
    return {
      user(text, image) {
        push({ text });
        if (image !== undefined) push({ inlineData: { mimeType: image.mimeType, data: image.base64 } });
      },
      toolResult(callId, name, text) {
        push({ functionResponse: { id: callId, name, response: { output: text } } });
      },
      async ask(options = {}) {
        const request = { model: setting.model, contents, config: { ...config(setting), ...(options.signal !== undefined && { abortSignal: options.signal }) } };
        const chunks: GenerateContentResponse[] = [];
        if (options.stream === true) for await (const chunk of await client.models.generateContentStream(request)) chunks.push(chunk);
        else chunks.push(await client.models.generateContent(request));
        contents.push({ role: "model", parts: joinTexts(chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])) });
        return factsOf(chunks);
      },
    };
  },
};

function config(setting: Setting): Record<string, unknown> {
  return {
    ...(setting.system !== undefined && { systemInstruction: setting.system }),
    ...(setting.maxTokens !== undefined && { maxOutputTokens: setting.maxTokens }),
    ...(setting.think === true && { thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 } }),
    ...(setting.stop !== undefined && { stopSequences: [...setting.stop] }),
    ...(setting.tools !== undefined && { tools: [{ functionDeclarations: setting.tools.map(({ name, description, schema }) => ({ name, description, parametersJsonSchema: schema })) }] }),
    ...(setting.forceTool === true && { toolConfig: { functionCallingConfig: { mode: "ANY" } } }),
    ...(setting.schema !== undefined && { responseMimeType: "application/json", responseJsonSchema: setting.schema }),
  };
}

/** Chunks cut text anywhere; a client that stores a turn puts it together again. Signed parts stay as they are. */
function joinTexts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isPlain = part.text !== undefined && part.thoughtSignature === undefined;
    if (isPlain && last?.text !== undefined && last.thoughtSignature === undefined && last.thought === part.thought) last.text += part.text;
    else joined.push({ ...part });
  }
  return joined.filter((part) => part.text !== "" || part.thoughtSignature !== undefined);
}

const FINISH: Readonly<Record<string, Facts["finish"]>> = { STOP: "end", MAX_TOKENS: "length", SAFETY: "refusal", PROHIBITED_CONTENT: "refusal", RECITATION: "refusal" };

export function factsOf(chunks: readonly GenerateContentResponse[]): Facts {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const usage = chunks.findLast((chunk) => chunk.usageMetadata !== undefined)?.usageMetadata;
  const calls = parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [{ id: functionCall.id ?? "", name: functionCall.name ?? "", arguments: functionCall.args ?? {} }]));
  const finish = FINISH[chunks.findLast((chunk) => chunk.candidates?.[0]?.finishReason !== undefined)?.candidates?.[0]?.finishReason ?? ""] ?? "other";
  return {
    text: parts.map((part) => (part.thought === true ? "" : (part.text ?? ""))).join(""),
    reasoning: parts.map((part) => (part.thought === true ? (part.text ?? "") : "")).join(""),
    calls,
    finish: finish === "end" && calls.length > 0 ? "tools" : finish,
    usage: {
      input: (usage?.promptTokenCount ?? 0) + (usage?.toolUsePromptTokenCount ?? 0),
      cached: usage?.cachedContentTokenCount ?? 0,
      output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
      reasoning: usage?.thoughtsTokenCount ?? 0,
    },
  };
}
