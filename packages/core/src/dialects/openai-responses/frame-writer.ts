/** Writes events with dense sequence numbers, each with an `event:` line equal to its type. */
export class FrameWriter {
  readonly #write: (text: string) => void;
  #sequence = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** `members`: the other members as JSON text without braces. */
  event(type: string, members: string): void {
    this.#write(`event: ${type}\ndata: {"type":"${type}","sequence_number":${this.#sequence++},${members}}\n\n`);
  }

  /** A delta whose unchanging pieces were prepared by `deltaFrame`. */
  delta(frame: DeltaFrame, text: string, extra: string): void {
    this.#write(`${frame.head}${JSON.stringify(text)}${extra},"sequence_number":${this.#sequence++}}\n\n`);
  }
}

export interface DeltaFrame {
  readonly head: string;
}

export function deltaFrame(type: string, members: string): DeltaFrame {
  return { head: `event: ${type}\ndata: {"type":"${type}",${members},"delta":` };
}
