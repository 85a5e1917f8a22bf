import { OFFERS } from "./catalogue.ts";
import { eventStream } from "./live.ts";

const WORDS = "A dragoman was an **interpreter** and guide between courts that had no language in common:\n\n- he carried the words,\n- he knew the customs,\n- and he wrote down what was agreed.\n\n```ts\nconst reply = await ask(\"dragoman\");\n```\n".match(/\S+\s*/g) ?? [];
const HEADERS = { "x-dragoman-losses": "dropped unsupported-parameter logit_bias; moved system-message messages[0]", "x-dragoman-request-id": "5b2a91cf" };

interface Asked {
  readonly path: string;
  readonly body?: unknown;
}

/** The same answer in whatever dialect the path belongs to. */
export function answerPlayground({ path, body }: Asked): Response {
  const asked = (typeof body === "object" && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const model = path.startsWith("/v1beta/") ? decodeURIComponent(path.split("/models/")[1]?.split(":")[0] ?? "") : String(asked.model ?? "");
  if (!OFFERS.some(({ id }) => id === model)) return Response.json({ error: { message: `No upstream serves the model ${model}.`, type: "invalid_request_error", code: "model_not_found" } }, { status: 404 });
  const frames = path.startsWith("/v1beta/") ? gemini() : path === "/v1/messages" ? messages(model) : path === "/v1/responses" ? responses(model) : chat(model);
  return eventStream(frames, HEADERS, 15);
}

const frame = (data: unknown, event?: string): string => `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

function chat(model: string): readonly string[] {
  const chunk = (delta: object, finish: string | null = null): string => frame({ id: "chatcmpl-1", object: "chat.completion.chunk", model, choices: [{ index: 0, delta, finish_reason: finish }] });
  return [chunk({ role: "assistant", content: "" }), ...WORDS.map((content) => chunk({ content })), chunk({}, "stop"), frame({ id: "chatcmpl-1", object: "chat.completion.chunk", model, choices: [], usage: { prompt_tokens: 24, completion_tokens: 61, total_tokens: 85 } }), "data: [DONE]\n\n"];
}

function messages(model: string): readonly string[] {
  const event = (type: string, rest: object): string => frame({ type, ...rest }, type);
  return [
    event("message_start", { message: { id: "msg_1", type: "message", role: "assistant", model, content: [], usage: { input_tokens: 24, output_tokens: 1 } } }),
    event("content_block_start", { index: 0, content_block: { type: "thinking", thinking: "" } }),
    event("content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: "The question is about a word with a history." } }),
    event("content_block_stop", { index: 0 }),
    event("content_block_start", { index: 1, content_block: { type: "text", text: "" } }),
    ...WORDS.map((text) => event("content_block_delta", { index: 1, delta: { type: "text_delta", text } })),
    event("content_block_stop", { index: 1 }),
    event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 61 } }), event("message_stop", {}),
  ];
}

function responses(model: string): readonly string[] {
  const event = (type: string, rest: object): string => frame({ type, ...rest }, type);
  return [
    event("response.created", { response: { id: "resp_1", object: "response", status: "in_progress", model, output: [] } }),
    ...WORDS.map((delta) => event("response.output_text.delta", { item_id: "item_1", output_index: 0, content_index: 0, delta })),
    event("response.completed", { response: { id: "resp_1", object: "response", status: "completed", model, usage: { input_tokens: 24, output_tokens: 61, total_tokens: 85 } } }),
  ];
}

function gemini(): readonly string[] {
  const piece = (text: string, rest: object = {}): string => frame({ candidates: [{ content: { role: "model", parts: [{ text }] }, ...rest }] });
  return [...WORDS.map((text) => piece(text)), frame({ candidates: [{ content: { role: "model", parts: [{ text: "" }] }, finishReason: "STOP" }], usageMetadata: { promptTokenCount: 24, candidatesTokenCount: 61, totalTokenCount: 85 } })];
}
