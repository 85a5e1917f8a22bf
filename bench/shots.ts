import type { Shot } from "./load.ts";

const CHAT = { "content-type": "application/json", authorization: "Bearer client-key-0" };
const history = Array.from({ length: 6 }, (_, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content: `Message ${at}: ${"some words about nothing in particular ".repeat(4)}` }));
const chatBody = { model: "bench", messages: [...history, { role: "user", content: "And now?" }] };
const anthropicBody = { model: "bench", max_tokens: 1000, messages: [...history, { role: "user", content: "And now?" }] };

/** The requests that subjects are measured with, by kind. */
export const shots: Readonly<Record<"json" | "jsonTranslated" | "stream" | "streamTranslated", (origin: string) => Shot>> = {
  json: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify(chatBody), proof: "total_tokens" }),
  jsonTranslated: (origin) => ({ url: `${origin}/v1/messages`, headers: CHAT, body: JSON.stringify(anthropicBody), proof: "output_tokens" }),
  stream: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify({ ...chatBody, stream: true, stream_options: { include_usage: true } }), proof: "[DONE]" }),
  streamTranslated: (origin) => ({ url: `${origin}/v1/messages`, headers: CHAT, body: JSON.stringify({ ...anthropicBody, stream: true }), proof: "message_stop" }),
};
