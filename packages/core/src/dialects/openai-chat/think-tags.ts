const OPEN = "<think>";
const CLOSE = "</think>";

type State = "start" | "inside" | "after" | "outside";

export interface ThinkSink {
  reasoning(text: string): void;
  text(text: string): void;
}

/**
 * Tells thoughts from text where a server writes both into the content, with the thoughts first and between
 * `<think>` and `</think>` (open models behind vLLM, Ollama and the like). Tags are looked for at the very start only.
 */
export class ThinkTagSplitter {
  #state: State = "start";
  #held = "";

  push(piece: string, sink: ThinkSink): void {
    if (this.#state === "outside") {
      sink.text(piece);
      return;
    }
    this.#held += piece;
    if (this.#is("start")) this.#findOpen();
    if (this.#is("inside")) this.#findClose(sink);
    if (this.#is("after")) this.#skipBlank();
    if (this.#is("outside")) this.#release(sink);
  }

  #is(state: State): boolean {
    return this.#state === state;
  }

  /** What was held back in hope of a tag. */
  end(sink: ThinkSink): void {
    if (this.#state === "inside") sink.reasoning(this.#held);
    else if (this.#held !== "" && this.#state !== "after") sink.text(this.#held);
    this.#held = "";
    this.#state = "outside";
  }

  #findOpen(): void {
    const text = this.#held.trimStart();
    if (text.startsWith(OPEN)) {
      this.#held = text.slice(OPEN.length);
      this.#state = "inside";
    } else if (!OPEN.startsWith(text)) {
      this.#state = "outside";
    }
  }

  #findClose(sink: ThinkSink): void {
    const at = this.#held.indexOf(CLOSE);
    if (at >= 0) {
      sink.reasoning(this.#held.slice(0, at));
      this.#held = this.#held.slice(at + CLOSE.length);
      this.#state = "after";
      return;
    }
    const safe = this.#held.length - heldLength(this.#held);
    if (safe > 0) sink.reasoning(this.#held.slice(0, safe));
    this.#held = this.#held.slice(safe);
  }

  /** The blank line between thoughts and answer belongs to neither. */
  #skipBlank(): void {
    this.#held = this.#held.trimStart();
    if (this.#held !== "") this.#state = "outside";
  }

  #release(sink: ThinkSink): void {
    const text = this.#held;
    this.#held = "";
    if (text !== "") sink.text(text);
  }
}

/** Length of the longest tail that the closing tag begins with. */
function heldLength(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (CLOSE.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
