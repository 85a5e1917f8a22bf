import { GatewayError, isGatewayError } from "@dragoman/core";
import type { ReplyInput } from "./reply.ts";

type Body = Pick<ReplyInput, "response" | "abort" | "call" | "capture">;

/**
 * Reads a reply's body as text and gives up when nothing comes for too long.
 * @throws GatewayError `upstream_timeout`, `client_closed`, or `stream_interrupted` when the connection broke
 */
export async function readWhole(input: Body): Promise<string> {
  const watch = new SilenceWatch(input);
  try {
    // A body of known length comes at once; others may be kept alive with white space for as long as the model thinks.
    if (!input.response.headers.has("content-length")) return await readPieces(input, watch);
    const text = await input.response.text();
    input.capture?.upstreamChunk(text);
    return text;
  } catch (thrown) {
    throw reasonOf(thrown, input.abort.signal);
  } finally {
    watch.stop();
  }
}

async function readPieces({ response, capture }: Body, watch: SilenceWatch): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  if (response.body !== null) {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      watch.heard();
      capture?.upstreamChunk(chunk);
      text += decoder.decode(chunk, { stream: true });
    }
  }
  return text + decoder.decode();
}

/** Hangs up on an upstream that says nothing for `idleTimeoutMs`. Activity only moves a timestamp. */
export class SilenceWatch {
  readonly #input: Pick<ReplyInput, "abort" | "call">;
  #heardAt: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(input: Pick<ReplyInput, "abort" | "call">) {
    this.#input = input;
    this.#heardAt = this.#now();
    this.#timer = this.#wait(this.#limit());
  }

  heard(): void {
    this.#heardAt = this.#now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(durationMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const left = this.#heardAt + this.#limit() - this.#now();
      if (left > 0) this.#timer = this.#wait(left);
      else this.#input.abort.abort(new GatewayError("upstream_timeout", { source: "upstream", message: "The provider fell silent." }));
    }, durationMs);
  }

  #limit(): number {
    return this.#input.call.settings.idleTimeoutMs;
  }

  #now(): number {
    return this.#input.call.engine.ports.clock.now();
  }
}

/** Why reading failed: what the one who hung up said, else that the connection broke. */
export function reasonOf(thrown: unknown, signal: AbortSignal): GatewayError {
  const reason: unknown = signal.aborted ? signal.reason : thrown;
  return isGatewayError(reason) ? reason : new GatewayError("stream_interrupted", { source: "upstream", cause: thrown });
}
