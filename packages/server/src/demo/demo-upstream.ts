import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { argumentsFor } from "./sample-arguments.ts";

/** What a demo model says, in order; each text is streamed word by word. */
interface DemoReply {
  readonly reasoning?: string;
  readonly text?: string;
  readonly call?: { readonly name: string; readonly arguments: JsonObject };
}

interface DemoQuestion {
  readonly model: string;
  /** Text of the last user message. */
  readonly prompt: string;
  /** Text of the last tool result, when that is what the model is answering to. */
  readonly toolResult: string | undefined;
  readonly tools: readonly { readonly name: string; readonly schema: Json | undefined }[];
}

const PROSE = [
  "A dragoman was the interpreter of travellers in the Levant: part guide, part go-between, part keeper of the purse.",
  "He spoke to the pasha in Ottoman, to the merchant in Italian and to the sailor in whatever the sailor had.",
  "What made him good was not the number of his tongues but that nothing was lost between them.",
].join(" ");

/** The demo models. They are scripted, know nothing, and say so. */
const MODELS: Readonly<Record<string, (question: DemoQuestion) => DemoReply>> = {
  "demo-echo": ({ prompt }) => ({ text: prompt === "" ? "(you said nothing)" : prompt }),
  "demo-prose": () => ({ text: PROSE }),
  "demo-thinker": ({ prompt }) => ({
    reasoning: `I am a scripted demo, so I only pretend to think. The question has ${prompt.length} characters. That is enough to answer.`,
    text: `You wrote ${prompt.split(/\s+/).filter(Boolean).length} words. (A demo model: it counts, it does not understand.)`,
  }),
  "demo-tools": ({ tools, toolResult, prompt }) => {
    if (toolResult !== undefined) return { text: `The tool answered: ${toolResult}` };
    const tool = tools.find(({ name }) => prompt.includes(name)) ?? tools[0];
    if (tool === undefined) return { text: "I call the tools that I am given, but this request has none." };
    return { text: `I will call ${tool.name}.`, call: { name: tool.name, arguments: argumentsFor(tool.schema) } };
  },
};

export const DEMO_MODELS: readonly string[] = Object.keys(MODELS);

/** Milliseconds between two words. */
const WORD_PAUSE_MS = 25;

/** Answers POST …/chat/completions as a small OpenAI-compatible server would; nothing leaves the process. */
export async function demoUpstream(body: string): Promise<Response> {
  const request = JSON.parse(body) as JsonObject;
  const model = String(request.model);
  const script = MODELS[model];
  if (script === undefined) return Response.json({ error: { message: `There is no demo model ${model}.`, type: "invalid_request_error", code: "model_not_found", param: "model" } }, { status: 404 });
  const reply = script(questionOf(model, request));
  const usage = usageOf(body, reply);
  const head = { id: `chatcmpl-demo-${crypto.randomUUID().slice(0, 8)}`, created: Math.floor(Date.now() / 1000), model };
  return request.stream === true ? streamReply(head, reply, usage) : Response.json(wholeReply(head, reply, usage));
}

interface ReplyHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

function wholeReply(head: ReplyHead, reply: DemoReply, usage: JsonObject): JsonObject {
  const message = {
    role: "assistant",
    content: reply.text ?? null,
    ...(reply.reasoning !== undefined && { reasoning_content: reply.reasoning }),
    ...(reply.call !== undefined && { tool_calls: [{ id: callId(), type: "function", function: { name: reply.call.name, arguments: JSON.stringify(reply.call.arguments) } }] }),
  };
  return { ...head, object: "chat.completion", choices: [{ index: 0, message, finish_reason: finishReason(reply), logprobs: null }], usage };
}

function streamReply(head: ReplyHead, reply: DemoReply, usage: JsonObject): Response {
  const encoder = new TextEncoder();
  const chunk = (choices: Json, extra: JsonObject = {}): Uint8Array =>
    encoder.encode(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...extra })}\n\n`);
  const deltas = [...deltasOf(reply)];
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const delta = deltas[next++];
      if (delta !== undefined) {
        if (next > 1) await Bun.sleep(WORD_PAUSE_MS);
        controller.enqueue(chunk([{ index: 0, delta, finish_reason: null }]));
        return;
      }
      controller.enqueue(chunk([{ index: 0, delta: {}, finish_reason: finishReason(reply) }]));
      controller.enqueue(chunk([], { usage }));
      controller.enqueue(encoder.encode("data: [DONE]\n\n"));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function* deltasOf(reply: DemoReply): Generator<JsonObject> {
  yield { role: "assistant", content: "" };
  for (const word of wordsOf(reply.reasoning)) yield { reasoning_content: word };
  for (const word of wordsOf(reply.text)) yield { content: word };
  if (reply.call === undefined) return;
  yield { tool_calls: [{ index: 0, id: callId(), type: "function", function: { name: reply.call.name, arguments: "" } }] };
  yield { tool_calls: [{ index: 0, function: { arguments: JSON.stringify(reply.call.arguments) } }] };
}

function wordsOf(text: string | undefined): readonly string[] {
  return text?.match(/\S+\s*/g) ?? [];
}

function finishReason(reply: DemoReply): string {
  return reply.call === undefined ? "stop" : "tool_calls";
}

function callId(): string {
  return `call_demo_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** Words stand for tokens here; the numbers are real counts of something. */
function usageOf(body: string, reply: DemoReply): JsonObject {
  const prompt = Math.max(1, Math.ceil(body.length / 4));
  const reasoning = wordsOf(reply.reasoning).length;
  const completion = wordsOf(reply.text).length + reasoning + (reply.call === undefined ? 0 : 8);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion, prompt_tokens_details: { cached_tokens: 0 }, completion_tokens_details: { reasoning_tokens: reasoning } };
}

function questionOf(model: string, request: JsonObject): DemoQuestion {
  const messages = (Array.isArray(request.messages) ? request.messages : []).filter(isJsonObject);
  const last = messages.at(-1);
  const lastUser = messages.findLast(({ role }) => role === "user");
  const tools = (Array.isArray(request.tools) ? request.tools : []).filter(isJsonObject).map((tool) => (isJsonObject(tool.function) ? tool.function : tool));
  const choice = isJsonObject(request.tool_choice) && isJsonObject(request.tool_choice.function) ? request.tool_choice.function.name : undefined;
  return {
    model,
    prompt: textOf(lastUser?.content),
    toolResult: last?.role === "tool" ? textOf(last.content) : undefined,
    tools: tools.filter(({ name }) => choice === undefined || name === choice).map(({ name, parameters }) => ({ name: String(name), schema: parameters })),
  };
}

function textOf(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: Json) => (isJsonObject(part) && typeof part.text === "string" ? part.text : "")).join(" ").trim();
}
