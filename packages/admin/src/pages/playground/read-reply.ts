import type { PlaygroundDialect } from "./build-request.ts";

/** What the page shows of a reply; the raw events stand beside it. */
export interface ReplyState {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly input: string }[];
  readonly finish?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly error?: string;
}

export const EMPTY_REPLY: ReplyState = { text: "", reasoning: "", toolCalls: [] };

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** Adds one event of a stream, or a whole reply, to what is there. Unknown events change nothing. */
export function readReply(state: ReplyState, dialect: PlaygroundDialect, data: unknown): ReplyState {
  const event = fields(data);
  const failure = errorOf(event);
  return failure === undefined ? READERS[dialect](state, event) : { ...state, error: failure };
}

function errorOf(event: Fields): string | undefined {
  const error = event.type === "response.failed" ? fields(event.response).error : event.error;
  if (error === undefined || error === null) return event.type === "error" ? text(event.message) || "error" : undefined;
  return typeof error === "string" ? error : text(fields(error).message) || JSON.stringify(error);
}

type Reader = (state: ReplyState, event: Fields) => ReplyState;

const usage = (input: unknown, output: unknown): Partial<ReplyState> => ({ ...(number(input) !== undefined && { inputTokens: number(input) as number }), ...(number(output) !== undefined && { outputTokens: number(output) as number }) });
const more = (state: ReplyState, added: Partial<Pick<ReplyState, "text" | "reasoning">>): ReplyState => ({ ...state, text: state.text + (added.text ?? ""), reasoning: state.reasoning + (added.reasoning ?? "") });

/** Arguments of one call come in pieces; a piece without a name belongs to the call that is there. */
function withCall(state: ReplyState, id: string, name: string, input: string): ReplyState {
  const known = state.toolCalls.some((call) => call.id === id);
  return { ...state, toolCalls: known ? state.toolCalls.map((call) => (call.id === id ? { id, name: call.name || name, input: call.input + input } : call)) : [...state.toolCalls, { id, name, input }] };
}

const readChat: Reader = (state, event) => {
  const choice = list(event.choices)[0] ?? {};
  const part = fields(choice.delta ?? choice.message);
  let next = more(state, { text: text(part.content), reasoning: text(part.reasoning_content ?? part.reasoning) });
  for (const [place, call] of list(part.tool_calls).entries()) next = withCall(next, `call-${number(call.index) ?? place}`, text(fields(call.function).name), text(fields(call.function).arguments));
  const counted = fields(event.usage);
  return { ...next, ...(text(choice.finish_reason) !== "" && { finish: text(choice.finish_reason) }), ...usage(counted.prompt_tokens, counted.completion_tokens) };
};

const readMessages: Reader = (state, event) => {
  const block = fields(event.content_block);
  const delta = fields(event.delta);
  const id = `block-${String(event.index)}`;
  switch (event.type) {
    case "message": {
      const counted = fields(event.usage);
      const whole = list(event.content).reduce((so, part, place) => (part.type === "tool_use" ? withCall(so, `block-${place}`, text(part.name), JSON.stringify(part.input)) : more(so, { text: text(part.text), reasoning: text(part.thinking) })), state);
      return { ...whole, finish: text(event.stop_reason), ...usage(counted.input_tokens, counted.output_tokens) };
    }
    case "message_start": return { ...state, ...usage(fields(fields(event.message).usage).input_tokens, undefined) };
    case "content_block_start": return block.type === "tool_use" ? withCall(state, id, text(block.name), "") : more(state, { text: text(block.text), reasoning: text(block.thinking) });
    case "content_block_delta": return delta.type === "input_json_delta" ? withCall(state, id, "", text(delta.partial_json)) : more(state, { text: text(delta.text), reasoning: text(delta.thinking) });
    case "message_delta": return { ...state, finish: text(delta.stop_reason), ...usage(fields(event.usage).input_tokens, fields(event.usage).output_tokens) };
    default: return state;
  }
};

const readResponses: Reader = (state, event) => {
  switch (event.type) {
    case "response.output_text.delta": case "response.refusal.delta": return more(state, { text: text(event.delta) });
    case "response.reasoning_summary_text.delta": case "response.reasoning_text.delta": return more(state, { reasoning: text(event.delta) });
    case "response.output_item.added": return fields(event.item).type === "function_call" ? withCall(state, `item-${String(event.output_index)}`, text(fields(event.item).name), "") : state;
    case "response.function_call_arguments.delta": return withCall(state, `item-${String(event.output_index)}`, "", text(event.delta));
    case "response.completed": case "response.incomplete": return { ...state, ...ending(fields(event.response)) };
    default: return event.object === "response" ? { ...list(event.output).reduce(withOutput, state), ...ending(event) } : state;
  }
};

const ending = (response: Fields): Partial<ReplyState> => ({ finish: text(fields(response.incomplete_details).reason) || text(response.status), ...usage(fields(response.usage).input_tokens, fields(response.usage).output_tokens) });

function withOutput(state: ReplyState, item: Fields, place: number): ReplyState {
  if (item.type === "function_call") return withCall(state, `item-${place}`, text(item.name), text(item.arguments));
  const said = list(item.content).map((part) => text(part.text)).join("");
  return item.type === "reasoning" ? more(state, { reasoning: list(item.summary).map((part) => text(part.text)).join("\n") }) : more(state, { text: said });
}

const readGemini: Reader = (state, event) => {
  const candidate = list(event.candidates)[0] ?? {};
  const counted = fields(event.usageMetadata);
  const next = list(fields(candidate.content).parts).reduce((so, part) => {
    const called = fields(part.functionCall);
    if (part.functionCall !== undefined) return withCall(so, `call-${so.toolCalls.length}`, text(called.name), JSON.stringify(called.args ?? {}));
    return more(so, part.thought === true ? { reasoning: text(part.text) } : { text: text(part.text) });
  }, state);
  return { ...next, ...(text(candidate.finishReason) !== "" && { finish: text(candidate.finishReason) }), ...usage(counted.promptTokenCount, counted.candidatesTokenCount) };
};

const READERS: Readonly<Record<PlaygroundDialect, Reader>> = { "openai-chat": readChat, "openai-responses": readResponses, "anthropic-messages": readMessages, "gemini-generate-content": readGemini };
