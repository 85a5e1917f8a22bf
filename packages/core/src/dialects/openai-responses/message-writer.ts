import { isJsonObject, type Citation, type Delta, type Json, type JsonObject, type MutableJsonObject, type Part, type Wire } from "../../canonical/index.ts";
import { encodeCitation } from "./annotations.ts";
import { fromOwnWire } from "./dialect-id.ts";
import { deltaFrame, type DeltaFrame } from "./frame-writer.ts";
import { itemId, type OutputItemWriter, type OutputScope } from "./item-writer.ts";
import type { ItemStatus } from "./wire.ts";

const NO_LOGPROBS = ',"logprobs":[]';

function headOf(wire: Wire | undefined): JsonObject | undefined {
  const value = fromOwnWire(wire);
  return isJsonObject(value) && value.type === "message" ? value : undefined;
}

/** A message item. Texts and refusals that follow each other share it, unless they came from different items. */
export class MessageWriter implements OutputItemWriter {
  readonly #scope: OutputScope;
  readonly #head: JsonObject | undefined;
  readonly #content: JsonObject[] = [];
  readonly #id: string;
  #index = -1;
  #place = "";
  #text = "";
  #refusal = false;
  #open = false;
  #frame: DeltaFrame = { head: "" };
  #annotations: JsonObject[] = [];
  #logprobs: Json[] = [];

  constructor(scope: OutputScope, first: Part) {
    this.#scope = scope;
    this.#head = headOf(first.wire);
    this.#id = itemId(typeof this.#head?.id === "string" ? this.#head.id : undefined, "msg_", scope.exchange);
  }

  takes(part: Part): boolean {
    return (part.kind === "text" || part.kind === "refusal") && headOf(part.wire)?.id === this.#head?.id;
  }

  start(part: Part): void {
    this.#refusal = part.kind === "refusal" && this.#scope.exchange.client.refusalAs !== "text";
    this.#open = false;
    this.#text = "";
    this.#annotations = [];
    this.#logprobs = [];
    if ((part.kind === "text" || part.kind === "refusal") && part.text !== "") this.#grow(part.text, part.kind === "text" ? part.logprobs : undefined);
    if (part.kind === "text") for (const citation of part.citations ?? []) this.#cite(citation);
  }

  delta(delta: Delta): void {
    if (delta.type === "text") this.#grow(delta.text, delta.logprobs);
    else if (delta.type === "citation") this.#cite(delta.citation);
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    const { frames } = this.#scope;
    const text = JSON.stringify(this.#text);
    const part: JsonObject = this.#refusal
      ? { type: "refusal", refusal: this.#text }
      : { type: "output_text", text: this.#text, annotations: this.#annotations, logprobs: this.#logprobs };
    if (this.#refusal) frames.event("response.refusal.done", `${this.#place},"refusal":${text}`);
    else frames.event("response.output_text.done", `${this.#place},"text":${text},"logprobs":${JSON.stringify(this.#logprobs)}`);
    frames.event("response.content_part.done", `${this.#place},"part":${JSON.stringify(part)}`);
    this.#content.push(part);
  }

  close(status: ItemStatus): void {
    this.end();
    if (this.#index >= 0) this.#scope.done(this.#item(status, this.#content), this.#index);
  }

  #item(status: ItemStatus, content: readonly JsonObject[]): JsonObject {
    const item: MutableJsonObject = { id: this.#id, type: "message", role: "assistant", status, content };
    if (this.#head?.phase !== undefined) item.phase = this.#head.phase;
    return item;
  }

  #begin(): void {
    this.#open = true;
    if (this.#index < 0) this.#index = this.#scope.add(this.#item("in_progress", []));
    this.#place = `"item_id":${JSON.stringify(this.#id)},"output_index":${this.#index},"content_index":${this.#content.length}`;
    this.#frame = deltaFrame(this.#refusal ? "response.refusal.delta" : "response.output_text.delta", this.#place);
    const part = this.#refusal ? '{"type":"refusal","refusal":""}' : '{"type":"output_text","text":"","annotations":[],"logprobs":[]}';
    this.#scope.frames.event("response.content_part.added", `${this.#place},"part":${part}`);
  }

  #grow(text: string, logprobs: Json | undefined): void {
    if (text === "" && logprobs === undefined) return;
    if (!this.#open) this.#begin();
    this.#text += text;
    if (this.#refusal) {
      this.#scope.frames.delta(this.#frame, text, "");
    } else if (Array.isArray(logprobs)) {
      this.#logprobs.push(...(logprobs as readonly Json[]));
      this.#scope.frames.delta(this.#frame, text, `,"logprobs":${JSON.stringify(logprobs)}`);
    } else {
      this.#scope.frames.delta(this.#frame, text, NO_LOGPROBS);
    }
  }

  #cite(citation: Citation): void {
    const annotation = encodeCitation(citation);
    if (annotation === undefined || this.#refusal) {
      this.#scope.exchange.report({ code: "citation", path: "output", action: "dropped", detail: citation.type });
      return;
    }
    if (!this.#open) this.#begin();
    const members = `${this.#place},"annotation_index":${this.#annotations.length},"annotation":${JSON.stringify(annotation)}`;
    this.#annotations.push(annotation);
    this.#scope.frames.event("response.output_text.annotation.added", members);
  }
}
