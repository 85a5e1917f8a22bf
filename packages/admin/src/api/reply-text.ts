import { readServerEvents } from "./server-events.ts";

type Json = Record<string, unknown>;

/** What a model says in one piece of a reply, in whichever of the four dialects it comes. Empty when the piece says nothing. */
export function replyText(piece: unknown): string {
  const { choices, type, delta, candidates, output, content } = (piece ?? {}) as Json;
  if (Array.isArray(choices)) {
    const choice = choices[0] as { delta?: { content?: unknown }; message?: { content?: unknown } } | undefined;
    return textOf(choice?.delta?.content ?? choice?.message?.content);
  }
  if (type === "response.output_text.delta") return textOf(delta);
  if (type === "content_block_delta") return textOf((delta as Json | undefined)?.text);
  if (Array.isArray(candidates)) return textsOf((candidates[0] as { content?: { parts?: unknown } } | undefined)?.content?.parts);
  if (Array.isArray(output)) return output.map((item: Json) => textsOf(item.content)).join("");
  return type === "message" ? textsOf(content) : "";
}

function textsOf(parts: unknown): string {
  return Array.isArray(parts) ? parts.map((part: Json) => (part.thought === true ? "" : textOf(part.text))).join("") : "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export interface ReplySoFar {
  /** The bytes as they came. */
  readonly raw: string;
  readonly text: string;
}

/** Reads a reply, streamed or whole, and tells each step of it. */
export async function readReply(response: Response, tell: (so: ReplySoFar) => void): Promise<ReplySoFar> {
  let [raw, text] = ["", ""];
  if (response.body === null || !/event-stream/.test(response.headers.get("content-type") ?? "")) {
    raw = await response.text();
    text = replyText(parse(raw));
    tell({ raw, text });
    return { raw, text };
  }
  for await (const { event, data } of readServerEvents(response.body)) {
    raw += `${event === "message" ? "" : `event: ${event}\n`}data: ${data}\n\n`;
    text += replyText(parse(data));
    tell({ raw, text });
  }
  return { raw, text };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
