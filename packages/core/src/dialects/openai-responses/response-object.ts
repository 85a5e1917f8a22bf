import type { Json, JsonObject, MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";

/** What a response says about its request when the request did not: the vendor's defaults. */
const DEFAULTS: JsonObject = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  user: null,
};

/** Said back only when they were asked. */
const ON_REQUEST = ["prompt", "prompt_cache_retention", "prompt_cache_options", "conversation"];

function echoed(exchange: Exchange): MutableJsonObject {
  const asked = exchange.request.wire ?? {};
  const echo: MutableJsonObject = { ...DEFAULTS };
  for (const key of [...Object.keys(DEFAULTS), ...ON_REQUEST]) {
    const value: Json | undefined = asked[key];
    if (value !== undefined && value !== null) echo[key] = value;
  }
  if (typeof echo.conversation === "string") echo.conversation = { id: echo.conversation };
  return echo;
}

export interface ResponseState {
  readonly status: "in_progress" | "completed" | "incomplete" | "failed";
  readonly incompleteReason?: string | undefined;
  readonly error?: JsonObject | undefined;
  readonly usage?: JsonObject | undefined;
}

/** The response object, which stands in four or five events: what does not change is written once. */
export class ResponseObject {
  readonly #model: string;
  #id = "";
  #createdAt = 0;
  #echo: MutableJsonObject;
  #echoText: string;

  constructor(exchange: Exchange) {
    this.#model = exchange.replyModel;
    this.#echo = echoed(exchange);
    this.#echoText = "";
  }

  begin(id: string, createdAt: number, serviceTier: string | undefined): void {
    this.#id = id;
    this.#createdAt = createdAt;
    if (serviceTier !== undefined) this.#echo.service_tier = serviceTier;
  }

  /** What an upstream of this dialect said itself goes before what we would say. */
  merge(fields: JsonObject): void {
    this.#echo = { ...this.#echo, ...fields };
    this.#echoText = "";
  }

  #head(state: ResponseState): JsonObject {
    return {
      id: this.#id,
      object: "response",
      created_at: this.#createdAt,
      status: state.status,
      error: state.error ?? null,
      incomplete_details: state.incompleteReason === undefined ? null : { reason: state.incompleteReason },
      model: this.#model,
    };
  }

  toJson(state: ResponseState, output: readonly JsonObject[]): JsonObject {
    return { ...this.#head(state), ...this.#echo, output, usage: state.usage ?? null };
  }

  toText(state: ResponseState, outputTexts: readonly string[]): string {
    if (this.#echoText === "") this.#echoText = JSON.stringify(this.#echo).slice(1, -1);
    const head = JSON.stringify(this.#head(state)).slice(0, -1);
    return `${head},${this.#echoText},"output":[${outputTexts.join(",")}],"usage":${JSON.stringify(state.usage ?? null)}}`;
  }
}

/** A response that failed before anything is known of it. */
export function failedResponse(id: string, error: JsonObject): JsonObject {
  return { id, object: "response", created_at: 0, status: "failed", error, incomplete_details: null, model: "", ...DEFAULTS, output: [], usage: null };
}
