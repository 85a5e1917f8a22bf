import type { Call } from "../pipeline/call.ts";
import type { Capture, CapturedHead, CapturedRequest } from "./call-observer.ts";

/** All captures of one call, seen from one attempt. Made only where there are any: without, nothing is paid. */
export class CapturedCall {
  readonly #captures: readonly Capture[];
  readonly #attempt: number;

  constructor(captures: readonly Capture[], attempt: number) {
    this.#captures = captures;
    this.#attempt = attempt;
  }

  upstreamRequest(request: CapturedRequest): void {
    for (const capture of this.#captures) capture.upstreamRequest(this.#attempt, request);
  }

  upstreamHead(response: CapturedHead): void {
    for (const capture of this.#captures) capture.upstreamHead(this.#attempt, response);
  }

  upstreamChunk(chunk: string | Uint8Array): void {
    for (const capture of this.#captures) capture.upstreamChunk(this.#attempt, chunk);
  }

  clientHead(response: CapturedHead): void {
    for (const capture of this.#captures) capture.clientHead(response);
  }

  clientChunk(chunk: string | Uint8Array): void {
    for (const capture of this.#captures) capture.clientChunk(chunk);
  }

  clientEnd(): void {
    for (const capture of this.#captures) capture.clientEnd();
  }
}

/** `undefined` when nobody wants to see the bytes. */
export function capturedCall({ story }: Call, attempt: number): CapturedCall | undefined {
  return story.captures === undefined ? undefined : new CapturedCall(story.captures, attempt);
}

/** Tells the captures of a reply that is whole already. Its body stays unread. */
export async function captureReply(call: Call, reply: Response): Promise<void> {
  const capture = capturedCall(call, 0);
  if (capture === undefined) return;
  capture.clientHead(reply);
  capture.clientChunk(await reply.clone().text());
  capture.clientEnd();
}
