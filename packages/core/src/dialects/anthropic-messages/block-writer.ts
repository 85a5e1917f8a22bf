import type { JsonObject } from "../../canonical/index.ts";
import { blockStop, DELTA_TAIL, deltaHead, namedEvent } from "./stream-text.ts";

/** Writes content blocks one after the other, counted from 0. What every delta of a block repeats is made once. */
export class BlockWriter {
  readonly #write: (text: string) => void;
  readonly #beforeOpen: () => void;
  /** Of the block that is open, or was last. */
  #index = -1;
  #isOpen = false;
  #deltaHead = "";

  /** @param beforeOpen called before each block; `message_start` must have been written */
  constructor(write: (text: string) => void, beforeOpen: () => void) {
    this.#write = write;
    this.#beforeOpen = beforeOpen;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(block: JsonObject, deltaType: string, member: string): void {
    this.#beforeOpen();
    this.#index += 1;
    this.#isOpen = true;
    this.#deltaHead = deltaHead(this.#index, deltaType, member);
    this.#write(namedEvent("content_block_start", { index: this.#index, content_block: block }));
  }

  openText(): void {
    if (!this.#isOpen) this.open({ type: "text", text: "" }, "text_delta", "text");
  }

  openThinking(): void {
    if (!this.#isOpen) this.open({ type: "thinking", thinking: "", signature: "" }, "thinking_delta", "thinking");
  }

  piece(text: string): void {
    if (text !== "") this.#write(this.#deltaHead + JSON.stringify(text) + DELTA_TAIL);
  }

  cite(citation: JsonObject): void {
    this.#write(namedEvent("content_block_delta", { index: this.#index, delta: { type: "citations_delta", citation } }));
  }

  /** The signature is the last thing that a thinking block gets. */
  sign(signature: string): void {
    if (signature !== "") this.#write(deltaHead(this.#index, "signature_delta", "signature") + JSON.stringify(signature) + DELTA_TAIL);
    this.close();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#write(blockStop(this.#index));
  }

  /** A block that comes complete at its start. */
  whole(block: JsonObject): void {
    this.open(block, "text_delta", "text");
    this.close();
  }
}
