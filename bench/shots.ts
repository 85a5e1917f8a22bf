import type { Shot } from "./load.ts";

const CHAT = { "content-type": "application/json", authorization: "Bearer client-key-0" };
const history = Array.from({ length: 6 }, (_, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content: `Message ${at}: ${"some words about nothing in particular ".repeat(4)}` }));
const chatBody = { model: "bench", messages: [...history, { role: "user", content: "And now?" }] };
const anthropicBody = { model: "bench", max_tokens: 1000, messages: [...history, { role: "user", content: "And now?" }] };

/** What a coding agent sends in the middle of its work: its instructions, its tools, and what was said and done so far; some 50 kB. */
const agentBody = {
  model: "bench",
  messages: [
    { role: "system", content: "You are a coding agent. Read before you write, and say what you did. ".repeat(170) },
    ...Array.from({ length: 12 }, (_, at) => [
      { role: "assistant", content: null, tool_calls: [{ id: `call_${at}`, type: "function", function: { name: "read_file", arguments: JSON.stringify({ path: `src/part-${at}/index.ts`, offset: 0 }) } }] },
      { role: "tool", tool_call_id: `call_${at}`, content: `export function part${at}(input: string): number {\n  return input.length * ${at};\n}\n`.repeat(14) },
    ]).flat(),
    { role: "user", content: "Now make the tests pass." },
  ],
  tools: Array.from({ length: 16 }, (_, at) => ({
    type: "function",
    function: {
      name: `tool_${at}`,
      description: "Does one thing to a file of the project and tells what came of it. ".repeat(12),
      parameters: { type: "object", properties: Object.fromEntries(["path", "pattern", "offset", "limit"].map((name) => [name, { type: "string", description: `The ${name}, as it is given.` }])), required: ["path"] },
    },
  })),
  stream: true,
  stream_options: { include_usage: true },
};

/** The requests that subjects are measured with, by kind. */
export const shots: Readonly<Record<"json" | "jsonTranslated" | "stream" | "streamTranslated" | "agent", (origin: string) => Shot>> = {
  json: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify(chatBody), proof: "total_tokens" }),
  jsonTranslated: (origin) => ({ url: `${origin}/v1/messages`, headers: CHAT, body: JSON.stringify(anthropicBody), proof: "output_tokens" }),
  stream: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify({ ...chatBody, stream: true, stream_options: { include_usage: true } }), proof: "[DONE]" }),
  agent: (origin) => ({ url: `${origin}/v1/chat/completions`, headers: CHAT, body: JSON.stringify(agentBody), proof: "[DONE]" }),
  streamTranslated: (origin) => ({ url: `${origin}/v1/messages`, headers: CHAT, body: JSON.stringify({ ...anthropicBody, stream: true }), proof: "message_stop" }),
};
