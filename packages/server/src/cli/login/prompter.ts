import { createInterface, type Interface } from "node:readline";

/** Asks a person, or whatever writes to standard input, line by line. Questions go to standard error. */
export class Prompter {
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  readonly #lines: string[] = [];
  #input: Interface | undefined;
  #isEnded = false;

  /** Whether a person sits there. */
  get isPerson(): boolean {
    return process.stdin.isTTY === true && process.stderr.isTTY === true;
  }

  /** @returns `undefined` when the input has ended, or the signal fired first */
  async ask(question: string, signal?: AbortSignal): Promise<string | undefined> {
    if (signal?.aborted === true) return undefined;
    process.stderr.write(question);
    this.#open();
    const line = this.#lines.shift();
    if (line !== undefined || this.#isEnded) return line;
    return new Promise((resolve) => {
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        process.stderr.write("\n");
        resolve(undefined);
      };
      const take = (text: string | undefined): void => {
        signal?.removeEventListener("abort", stop);
        resolve(text);
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiting.push(take);
    });
  }

  /** The same without showing on a terminal what is typed. */
  async askSecret(question: string): Promise<string | undefined> {
    if (!this.isPerson) return this.ask(question);
    process.stderr.write(question);
    const lines = createInterface({ input: process.stdin, terminal: true });
    lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    const value = await new Promise<string | undefined>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(undefined));
    });
    lines.close();
    process.stderr.write("\n");
    return value;
  }

  close(): void {
    this.#input?.close();
  }

  #open(): void {
    if (this.#input !== undefined) return;
    // Not as a terminal, so that Ctrl-C stays a signal.
    this.#input = createInterface({ input: process.stdin, terminal: false });
    this.#input.on("line", (line) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#lines.push(line);
      else waiting(line);
    });
    this.#input.on("close", () => {
      this.#isEnded = true;
      for (const waiting of this.#waiting.splice(0)) waiting(undefined);
    });
  }
}
