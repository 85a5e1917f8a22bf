import type { Delta, JsonObject, Part, ReasoningPart, Seal } from "../../canonical/index.ts";
import { VENDOR } from "./dialect-id.ts";
import { deltaFrame, type DeltaFrame } from "./frame-writer.ts";
import { itemId, type OutputItemWriter, type OutputScope } from "./item-writer.ts";
import type { ItemStatus } from "./wire.ts";

/** One reasoning item. Raw thoughts too are shown as a summary, the only form that clients display; a trait gives them as they are. */
export class ReasoningWriter implements OutputItemWriter {
  readonly #scope: OutputScope;
  readonly #id: string;
  readonly #raw: boolean;
  readonly #texts: string[] = [];
  #index = -1;
  /** Number of the summary part in the canonical stream; on the wire they are dense. */
  #summaryIndex = -1;
  #place = "";
  #text = "";
  #open = false;
  #frame: DeltaFrame = { head: "" };
  #seal: Seal | undefined;

  constructor(scope: OutputScope, part: ReasoningPart) {
    this.#scope = scope;
    this.#id = itemId(part.itemId, "rs_", scope.exchange);
    this.#raw = part.textKind === "raw" && scope.exchange.client.rawAsReasoningText === true;
  }

  takes(): boolean {
    return false;
  }

  start(part: Part): void {
    if (part.kind !== "reasoning") return;
    this.#seal = part.seal;
    if (part.summary !== undefined) part.summary.forEach((text, index) => this.#grow(text, index));
    else this.#grow(part.text, 0);
  }

  delta(delta: Delta): void {
    if (delta.type === "summary") this.#grow(delta.text, delta.summaryIndex);
    else if (delta.type === "text") this.#grow(delta.text, 0);
    else if (delta.type === "seal") this.#seal = delta.seal;
  }

  end(): void {
    this.#endText();
  }

  close(_status: ItemStatus): void {
    this.#endText();
    if (this.#index < 0 && this.#seal === undefined) return;
    this.#add();
    const sealed = this.#seal === undefined ? undefined : this.#scope.exchange.sealer.close(this.#seal, VENDOR);
    this.#scope.done(this.#item(sealed), this.#index);
  }

  #item(sealed: string | undefined): JsonObject {
    const base = { id: this.#id, type: "reasoning" };
    const said = this.#raw
      ? { summary: [], content: this.#texts.map((text) => ({ type: "reasoning_text", text })) }
      : { summary: this.#texts.map((text) => ({ type: "summary_text", text })) };
    return { ...base, ...said, ...(sealed !== undefined && { encrypted_content: sealed }) };
  }

  #add(): void {
    if (this.#index < 0) this.#index = this.#scope.add({ id: this.#id, type: "reasoning", summary: [] });
  }

  #grow(text: string, summaryIndex: number): void {
    if (text === "") return;
    if (this.#open && summaryIndex !== this.#summaryIndex && !this.#raw) this.#endText();
    if (!this.#open) this.#begin(summaryIndex);
    this.#text += text;
    this.#scope.frames.delta(this.#frame, text, "");
  }

  #begin(summaryIndex: number): void {
    this.#add();
    this.#open = true;
    this.#summaryIndex = summaryIndex;
    this.#text = "";
    const number = this.#raw ? "content_index" : "summary_index";
    this.#place = `"item_id":${JSON.stringify(this.#id)},"output_index":${this.#index},"${number}":${this.#texts.length}`;
    this.#frame = deltaFrame(this.#raw ? "response.reasoning_text.delta" : "response.reasoning_summary_text.delta", this.#place);
    const type = this.#raw ? "response.content_part.added" : "response.reasoning_summary_part.added";
    this.#scope.frames.event(type, `${this.#place},"part":{"type":"${this.#raw ? "reasoning_text" : "summary_text"}","text":""}`);
  }

  #endText(): void {
    if (!this.#open) return;
    this.#open = false;
    const { frames } = this.#scope;
    const text = JSON.stringify(this.#text);
    const part = `"part":{"type":"${this.#raw ? "reasoning_text" : "summary_text"}","text":${text}}`;
    frames.event(this.#raw ? "response.reasoning_text.done" : "response.reasoning_summary_text.done", `${this.#place},"text":${text}`);
    frames.event(this.#raw ? "response.content_part.done" : "response.reasoning_summary_part.done", `${this.#place},${part}`);
    this.#texts.push(this.#text);
  }
}
