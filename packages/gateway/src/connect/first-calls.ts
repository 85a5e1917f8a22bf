import type { JsonObject } from "@dragoman/core";

/** A very small request, by which somebody finds out whether a model answers. */
export interface FirstCall {
  /** Behind the gateway's address. */
  readonly path: string;
  readonly body: JsonObject;
}

const QUESTION = "Answer with one word: hello.";
/** Room for a model that thinks before it speaks. */
const MAX_TOKENS = 256;

const gemini: JsonObject = { contents: [{ role: "user", parts: [{ text: QUESTION }] }], generationConfig: { maxOutputTokens: MAX_TOKENS } };

/** One row for each dialect that clients speak, by its id. */
export const FIRST_CALLS: Readonly<Record<string, (model: string) => FirstCall>> = {
  "anthropic-messages": (model) => ({ path: "/v1/messages", body: { model, max_tokens: MAX_TOKENS, messages: [{ role: "user", content: QUESTION }] } }),
  "openai-chat": (model) => ({ path: "/v1/chat/completions", body: { model, max_tokens: MAX_TOKENS, messages: [{ role: "user", content: QUESTION }] } }),
  "openai-responses": (model) => ({ path: "/v1/responses", body: { model, max_output_tokens: MAX_TOKENS, input: QUESTION, store: false } }),
  "gemini-generate-content": (model) => ({ path: `/v1beta/models/${encodeURIComponent(model)}:generateContent`, body: gemini }),
  "gemini-code-assist": (model) => ({ path: "/v1internal:generateContent", body: { model, project: "", request: gemini } }),
};
