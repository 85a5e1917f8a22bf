export const DIALECTS = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate-content"] as const;
export type PlaygroundDialect = (typeof DIALECTS)[number];
export const EFFORTS = ["minimal", "low", "medium", "high"] as const;
export type Effort = (typeof EFFORTS)[number];

export interface Turn {
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface Draft {
  readonly dialect: PlaygroundDialect;
  readonly model: string;
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly stream: boolean;
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly effort: Effort | undefined;
  /** JSON in the dialect's own form; empty for none. */
  readonly tools: string;
}

export interface WireCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Anthropic's API wants a limit; this is proposed when none is given. */
const USUAL_LIMIT = 4096;

/** The request as a client of the dialect would send it. @throws SyntaxError when the tools are not JSON */
export function buildRequest(draft: Draft): WireCall {
  return BUILDERS[draft.dialect](draft, draft.tools.trim() === "" ? undefined : (JSON.parse(draft.tools) as unknown));
}

type Builder = (draft: Draft, tools: unknown) => WireCall;

const chat: Builder = ({ model, system, turns, stream, temperature, maxTokens, effort }, tools) => ({
  path: "/v1/chat/completions",
  body: present({
    model, messages: [...(system === "" ? [] : [{ role: "system", content: system }]), ...turns.map(({ role, text }) => ({ role, content: text }))],
    ...(stream && { stream, stream_options: { include_usage: true } }), temperature, max_completion_tokens: maxTokens, reasoning_effort: effort, tools,
  }),
});

const responses: Builder = ({ model, system, turns, stream, temperature, maxTokens, effort }, tools) => ({
  path: "/v1/responses",
  body: present({
    model, instructions: system === "" ? undefined : system, input: turns.map(({ role, text }) => ({ role, content: text })),
    ...(stream && { stream }), temperature, max_output_tokens: maxTokens, reasoning: effort === undefined ? undefined : { effort, summary: "auto" }, tools, store: false,
  }),
});

const messages: Builder = ({ model, system, turns, stream, temperature, maxTokens, effort }, tools) => ({
  path: "/v1/messages",
  body: present({
    model, max_tokens: maxTokens ?? USUAL_LIMIT, system: system === "" ? undefined : system, messages: turns.map(({ role, text }) => ({ role, content: text })),
    ...(stream && { stream }), temperature, ...(effort !== undefined && { thinking: { type: "adaptive" }, output_config: { effort: effort === "minimal" ? "low" : effort } }), tools,
  }),
});

const gemini: Builder = ({ model, system, turns, stream, temperature, maxTokens, effort }, tools) => {
  const config = present({ temperature, maxOutputTokens: maxTokens, thinkingConfig: effort === undefined ? undefined : { thinkingLevel: effort.toUpperCase(), includeThoughts: true } });
  return {
    path: `/v1beta/models/${encodeURIComponent(model)}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: present({
      systemInstruction: system === "" ? undefined : { parts: [{ text: system }] }, contents: turns.map(({ role, text }) => ({ role: role === "user" ? "user" : "model", parts: [{ text }] })),
      generationConfig: Object.keys(config).length === 0 ? undefined : config, tools,
    }),
  };
};

const BUILDERS: Readonly<Record<PlaygroundDialect, Builder>> = { "openai-chat": chat, "openai-responses": responses, "anthropic-messages": messages, "gemini-generate-content": gemini };

const present = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const KEY_HEADERS: Readonly<Record<PlaygroundDialect, readonly string[]>> = {
  "openai-chat": ["authorization: Bearer $DRAGOMAN_KEY"],
  "openai-responses": ["authorization: Bearer $DRAGOMAN_KEY"],
  "anthropic-messages": ["x-api-key: $DRAGOMAN_KEY", "anthropic-version: 2023-06-01"],
  "gemini-generate-content": ["x-goog-api-key: $DRAGOMAN_KEY"],
};

/** The same request for a shell; the key is left to the environment. */
export function toCurl(origin: string, dialect: PlaygroundDialect, { path, body }: WireCall): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const headers = [...KEY_HEADERS[dialect], "content-type: application/json"].map((header) => `  -H ${header.includes("$") ? `"${header}"` : quoted(header)} \\\n`);
  return `curl ${body.stream === true || path.includes("stream") ? "-N " : ""}${quoted(origin + path)} \\\n${headers.join("")}  -d ${quoted(JSON.stringify(body, null, 2))}`;
}
