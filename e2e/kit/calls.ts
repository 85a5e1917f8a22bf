import { CLIENT_KEY } from "./running.ts";

export const DIALECTS = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate-content"] as const;
export type DialectId = (typeof DIALECTS)[number];

/** A plain HTTP call, where an SDK would hide what is on the wire. */
export interface CallOptions {
  readonly model: string;
  readonly stream?: boolean;
  readonly prompt?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Further members of the body. */
  readonly body?: Record<string, unknown>;
}

interface Caller {
  readonly keyHeader: (key: string) => Record<string, string>;
  readonly path: (model: string, stream: boolean) => string;
  readonly body: (model: string, prompt: string, stream: boolean) => Record<string, unknown>;
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const CALLERS: Readonly<Record<DialectId, Caller>> = {
  "openai-chat": {
    keyHeader: bearer,
    path: () => "/v1/chat/completions",
    body: (model, prompt, stream) => ({ model, stream, messages: [{ role: "user", content: prompt }] }),
  },
  "openai-responses": {
    keyHeader: bearer,
    path: () => "/v1/responses",
    body: (model, prompt, stream) => ({ model, stream, store: false, input: prompt }),
  },
  "anthropic-messages": {
    keyHeader: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
    path: () => "/v1/messages",
    body: (model, prompt, stream) => ({ model, stream, max_tokens: 1000, messages: [{ role: "user", content: prompt }] }),
  },
  "gemini-generate-content": {
    keyHeader: (key) => ({ "x-goog-api-key": key }),
    path: (model, stream) => `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: (_model, prompt) => ({ contents: [{ role: "user", parts: [{ text: prompt }] }] }),
  },
};

export function ask(origin: string, dialect: DialectId, options: CallOptions): Promise<Response> {
  const { model, stream = false, prompt = "hello", key = CLIENT_KEY } = options;
  const caller = CALLERS[dialect];
  return fetch(origin + caller.path(model, stream), {
    method: "POST",
    headers: { "content-type": "application/json", ...caller.keyHeader(key), ...options.headers },
    body: JSON.stringify({ ...caller.body(model, prompt, stream), ...options.body }),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
}

type Tree = Record<string, never> | undefined;

/** The value at a path of names and numbers; `undefined` where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Tree)?.[name as string], value);
}

/** How each dialect's envelope of an error names its parts. */
export interface ToldError {
  readonly message: string;
  /** The dialect's word for the kind: `type`, or Gemini's `status`. */
  readonly type: string;
  readonly code: unknown;
}

/** Reads an error body as a client of the dialect would; what is no such envelope gives empty words. */
export function toldError(dialect: DialectId, body: unknown): ToldError {
  const isOfDialect = dialect !== "anthropic-messages" || at(body, "type") === "error";
  const error = isOfDialect ? at(body, "error") : undefined;
  return {
    message: String(at(error, "message") ?? ""),
    type: String(at(error, dialect === "gemini-generate-content" ? "status" : "type") ?? ""),
    code: at(error, "code"),
  };
}

/** The text of a whole answer. */
export function wholeText(dialect: DialectId, body: unknown): string {
  const TEXTS: Readonly<Record<DialectId, () => unknown>> = {
    "openai-chat": () => at(body, "choices", 0, "message", "content"),
    "openai-responses": () => list(at(body, "output")).flatMap((item) => list(at(item, "content"))).map((part) => at(part, "text")).join(""),
    "anthropic-messages": () => list(at(body, "content")).map((block) => at(block, "text") ?? "").join(""),
    "gemini-generate-content": () => list(at(body, "candidates", 0, "content", "parts")).map((part) => at(part, "text") ?? "").join(""),
  };
  return String(TEXTS[dialect]() ?? "");
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** One event of a stream, as the wire has it. */
export interface WireEvent {
  readonly event?: string;
  readonly data: string;
  /** `data` parsed; `undefined` for `[DONE]`. */
  readonly value: unknown;
}

/** The events of a stream's text, and the comments between them. @throws when something is neither */
export function readEvents(text: string): { readonly events: readonly WireEvent[]; readonly comments: readonly string[] } {
  const events: WireEvent[] = [];
  const comments: string[] = [];
  for (const block of text.split("\n\n")) {
    if (block === "") continue;
    const lines = block.split("\n");
    if (lines.every((line) => line.startsWith(":"))) {
      comments.push(block);
      continue;
    }
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7);
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
    if (data === "") throw new Error(`no data in ${JSON.stringify(block)}`);
    events.push({ ...(event !== undefined && { event }), data, value: data === "[DONE]" ? undefined : JSON.parse(data) });
  }
  return { events, comments };
}

/** The text that a stream's deltas make. */
export function streamText(dialect: DialectId, events: readonly WireEvent[]): string {
  const DELTAS: Readonly<Record<DialectId, (value: unknown) => unknown>> = {
    "openai-chat": (value) => at(value, "choices", 0, "delta", "content"),
    "openai-responses": (value) => (at(value, "type") === "response.output_text.delta" ? at(value, "delta") : ""),
    "anthropic-messages": (value) => (at(value, "delta", "type") === "text_delta" ? at(value, "delta", "text") : ""),
    "gemini-generate-content": (value) => list(at(value, "candidates", 0, "content", "parts")).map((part) => (at(part, "thought") === true ? "" : (at(part, "text") ?? ""))).join(""),
  };
  return events.map(({ value }) => DELTAS[dialect](value) ?? "").join("");
}

/** Whether a stream came to the end that its dialect promises of a whole answer. */
export function isWhole(dialect: DialectId, events: readonly WireEvent[]): boolean {
  const ENDS: Readonly<Record<DialectId, () => boolean>> = {
    "openai-chat": () => events.at(-1)?.data === "[DONE]" && events.some(({ value }) => typeof at(value, "choices", 0, "finish_reason") === "string"),
    "openai-responses": () => ["response.completed", "response.incomplete"].includes(String(at(events.at(-1)?.value, "type"))),
    "anthropic-messages": () => at(events.at(-1)?.value, "type") === "message_stop",
    "gemini-generate-content": () => typeof at(events.at(-1)?.value, "candidates", 0, "finishReason") === "string",
  };
  return ENDS[dialect]();
}
