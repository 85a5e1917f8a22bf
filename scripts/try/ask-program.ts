/** How long a program may take to say where it listens. */
const PATIENCE_MS = 30_000;

export interface AskOptions {
  /** Where it listens; absent: what it says itself. */
  readonly address?: string;
  /** What else is to be tried before it is stopped. */
  whileRunning?(): Promise<void>;
  /** Asks it to stop; absent: a signal to the process. */
  stop?(): void;
}

/**
 * Waits until a started `dragoman serve` says that it listens, asks for its health, its models and the whole page, and stops it.
 * @throws when an answer is missing
 */
export async function askProgram(program: Bun.Subprocess<"ignore", "pipe", "ignore">, { address, whileRunning, stop }: AskOptions = {}): Promise<void> {
  try {
    const said = await addressIn(program.stdout);
    const origin = address ?? said;
    await ask(`${origin}/health`);
    await whileRunning?.();
    await ask(`${origin}/v1/models`);
    const page = await ask(`${origin}/admin/`);
    for (const [, asset = ""] of page.matchAll(/(?:src|href)="(\/admin\/assets\/[^"]+)"/g)) await ask(`${origin}${asset}`);
    if (!page.includes("/admin/assets/")) throw new Error("the page names no script");
  } finally {
    if (stop === undefined) program.kill();
    else stop();
    await program.exited;
  }
}

async function ask(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.text();
}

/** The first address that the program prints. @throws when it ends or is silent for too long */
async function addressIn(output: ReadableStream<Uint8Array>): Promise<string> {
  const reader = output.getReader();
  const decoder = new TextDecoder();
  const giveUp = setTimeout(() => void reader.cancel(), PATIENCE_MS);
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the program said no address: ${text}`);
      text += decoder.decode(value, { stream: true });
      const found = /https?:\/\/[\d.]+:\d+/.exec(text)?.[0];
      if (found !== undefined) return found;
    }
  } finally {
    clearTimeout(giveUp);
  }
}
