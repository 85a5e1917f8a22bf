import type { AccountWorld } from "./account-world.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the model said; empty for errors. */
  readonly text: string;
  readonly raw: string;
}

type Members = Readonly<Record<string, unknown>>;

/** The same question by clients of three dialects. `members` go over it. */
export interface Asking {
  chat(model: string, members?: Members): Promise<Answer>;
  messages(model: string, members?: Members): Promise<Answer>;
  responses(model: string, members?: Members): Promise<Answer>;
}

const ASKED = [{ role: "user", content: "Hello" }];

export function asking(world: AccountWorld): Asking {
  const ask = async (path: string, body: Members, texts: (event: Record<string, unknown>) => unknown): Promise<Answer> => {
    const reply = await world.ask(path, body, { "anthropic-version": "2023-06-01" });
    const raw = await reply.text();
    const events = body.stream === true ? eventsIn(raw) : [JSON.parse(raw) as Record<string, unknown>];
    return { status: reply.status, headers: reply.headers, raw, text: events.map((event) => texts(event) ?? "").join("") };
  };
  return {
    chat: (model, members) => ask("/v1/chat/completions", { model, messages: ASKED, ...members }, chatText),
    messages: (model, members) => ask("/v1/messages", { model, max_tokens: 100, messages: ASKED, ...members }, messageText),
    responses: (model, members) => ask("/v1/responses", { model, input: "Hello", ...members }, responseText),
  };
}

function eventsIn(raw: string): Record<string, unknown>[] {
  return raw.split("\n").flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6)) as Record<string, unknown>] : []));
}

interface ChatReply { readonly choices?: readonly { readonly message?: { readonly content?: string }; readonly delta?: { readonly content?: string } }[] }
interface MessageReply { readonly content?: readonly { readonly text?: string }[]; readonly delta?: { readonly text?: string } }
interface ResponseReply { readonly type?: string; readonly delta?: string; readonly output?: readonly { readonly content?: readonly { readonly text?: string }[] }[] }

const chatText = (event: Record<string, unknown>): unknown => (event as ChatReply).choices?.map(({ message, delta }) => message?.content ?? delta?.content ?? "").join("");
const messageText = (event: Record<string, unknown>): unknown => (event as MessageReply).content?.map(({ text }) => text ?? "").join("") ?? (event as MessageReply).delta?.text;
function responseText(event: Record<string, unknown>): unknown {
  const { type, delta, output } = event as ResponseReply;
  if (type === "response.output_text.delta") return delta;
  return output?.flatMap(({ content }) => content ?? []).map(({ text }) => text ?? "").join("");
}
