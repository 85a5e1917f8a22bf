import type { GatewayErrorShape } from "./error-shape.ts";
import type { EmitEvent, GenerateEvent } from "./event.ts";
import type { Finish } from "./finish.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Part } from "./message.ts";
import { PartBuilder } from "./part-builder.ts";
import type { Candidate, GenerateResponse } from "./response.ts";
import { mergeUsage, type Usage } from "./usage.ts";

/** Collects events into the answer they stand for. The only other place where the two shapes meet is `unfold`. */
export class ResponseFold {
  #start: Extract<GenerateEvent, { type: "response-start" }> | undefined;
  readonly #candidates = new Map<number, { parts: Part[]; open: PartBuilder | undefined; finish: Finish | undefined; logprobs?: Json; grounding?: Json }>();
  #usage: Usage | undefined;
  #residue: Record<string, JsonObject> | undefined;
  #error: GatewayErrorShape | undefined;
  #ended = false;

  push(event: GenerateEvent): void {
    switch (event.type) {
      case "response-start":
        this.#start = event;
        return;
      case "part-start":
        this.#lane(event.candidate).open = new PartBuilder(event.part);
        return;
      case "part-delta":
        this.#lane(event.candidate).open?.add(event.delta);
        return;
      case "part-end": {
        const lane = this.#lane(event.candidate);
        lane.parts.push(event.part);
        lane.open = undefined;
        return;
      }
      case "usage":
        this.#usage = mergeUsage(this.#usage, event.usage);
        return;
      case "finish": {
        const lane = this.#lane(event.candidate);
        lane.finish = event.finish;
        if (event.logprobs !== undefined) lane.logprobs = event.logprobs;
        if (event.grounding !== undefined) lane.grounding = event.grounding;
        return;
      }
      case "residue":
        this.#residue = { ...this.#residue, [event.dialect]: { ...this.#residue?.[event.dialect], ...event.value } };
        return;
      case "error":
        this.#error = event.error;
        return;
      case "response-end":
        this.#ended = true;
    }
  }

  /** The error that ended the stream, if one did. */
  get error(): GatewayErrorShape | undefined {
    return this.#error;
  }

  /** True once the stream ended as it should. */
  get ended(): boolean {
    return this.#ended;
  }

  get usage(): Usage | undefined {
    return this.#usage;
  }

  /** What has come so far; whole once `ended`. */
  response(): GenerateResponse {
    const start = this.#start;
    const candidates = [...this.#candidates].sort(([a], [b]) => a - b).map(([index, lane]): Candidate => ({
      index,
      parts: lane.open === undefined ? lane.parts : [...lane.parts, lane.open.build()],
      finish: lane.finish ?? { reason: "other" },
      ...(lane.logprobs !== undefined && { logprobs: lane.logprobs }),
      ...(lane.grounding !== undefined && { grounding: lane.grounding }),
    }));
    return {
      id: start?.id ?? "",
      model: start?.model ?? "",
      ...(start?.createdAt !== undefined && { createdAt: start.createdAt }),
      ...(start?.serviceTier !== undefined && { serviceTier: start.serviceTier }),
      candidates,
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(this.#residue !== undefined && { residue: this.#residue }),
    };
  }

  #lane(candidate: number): { parts: Part[]; open: PartBuilder | undefined; finish: Finish | undefined; logprobs?: Json; grounding?: Json } {
    let lane = this.#candidates.get(candidate);
    if (lane === undefined) {
      lane = { parts: [], open: undefined, finish: undefined };
      this.#candidates.set(candidate, lane);
    }
    return lane;
  }
}

/** Tells a whole answer as a stream: each part starts empty, grows by one delta of each kind, and ends. */
export function unfold(response: GenerateResponse, emit: EmitEvent): void {
  emit({
    type: "response-start",
    id: response.id,
    model: response.model,
    ...(response.createdAt !== undefined && { createdAt: response.createdAt }),
    ...(response.serviceTier !== undefined && { serviceTier: response.serviceTier }),
  });
  for (const candidate of response.candidates) {
    candidate.parts.forEach((part, index) => unfoldPart(part, candidate.index, index, emit));
  }
  for (const [dialect, value] of Object.entries(response.residue ?? {})) emit({ type: "residue", dialect, value });
  if (response.usage !== undefined) emit({ type: "usage", usage: response.usage });
  for (const { index, finish, logprobs, grounding } of response.candidates) {
    emit({ type: "finish", candidate: index, finish, ...(logprobs !== undefined && { logprobs }), ...(grounding !== undefined && { grounding }) });
  }
  emit({ type: "response-end" });
}

 
function unfoldPart(part: Part, candidate: number, index: number, emit: EmitEvent): void {
  const delta = (delta: Extract<GenerateEvent, { type: "part-delta" }>["delta"]): void => emit({ type: "part-delta", candidate, index, delta });
  switch (part.kind) {
    case "text": {
      const { citations, seal, logprobs, ...rest } = part;
      emit({ type: "part-start", candidate, index, part: { ...rest, text: "" } });
      if (part.text !== "" || logprobs !== undefined) delta({ type: "text", text: part.text, ...(logprobs !== undefined && { logprobs }) });
      for (const citation of citations ?? []) delta({ type: "citation", citation });
      if (seal !== undefined) delta({ type: "seal", seal });
      break;
    }
    case "refusal":
      emit({ type: "part-start", candidate, index, part: { ...part, text: "" } });
      if (part.text !== "") delta({ type: "text", text: part.text });
      break;
    case "reasoning": {
      const { summary, seal, ...rest } = part;
      emit({ type: "part-start", candidate, index, part: { ...rest, text: "" } });
      if (summary !== undefined) summary.forEach((text, summaryIndex) => delta({ type: "summary", text, summaryIndex }));
      else if (part.text !== "") delta({ type: "text", text: part.text });
      if (seal !== undefined) delta({ type: "seal", seal });
      break;
    }
    case "tool-call": {
      const { seal, arguments: _parsed, ...rest } = part;
      emit({ type: "part-start", candidate, index, part: { ...rest, argumentsText: "" } });
      if (part.argumentsText !== "") delta({ type: "arguments", text: part.argumentsText });
      if (seal !== undefined) delta({ type: "seal", seal });
      break;
    }
    default:
      emit({ type: "part-start", candidate, index, part });
  }
  emit({ type: "part-end", candidate, index, part });
}
