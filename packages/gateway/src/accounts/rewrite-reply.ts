import { SseReader, sseFrame, type Frame } from "@dragoman/core";

/** Looks at the events of one stream, in order; keeps what it needs of earlier ones. */
export interface EventRewriter {
  /** @returns the data that goes on in place of it; `undefined`: the event is left out */
  event(frame: Frame): string | undefined;
}

/** A good reply whose events go through a rewriter, one by one as they come. Whole replies pass as they are. */
export function rewriteEvents(response: Response, rewriter: EventRewriter): Response {
  if (response.body === null || !(response.headers.get("content-type") ?? "").includes("text/event-stream")) return response;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let out = "";
  const reader = new SseReader((frame) => {
    const data = rewriter.event(frame);
    if (data !== undefined) out += sseFrame(data, frame.event);
  });
  const flush = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (out === "") return;
    controller.enqueue(encoder.encode(out));
    out = "";
  };
  const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      reader.push(decoder.decode(chunk, { stream: true }));
      flush(controller);
    },
    flush(controller) {
      reader.end();
      flush(controller);
    },
  }));
  return new Response(body, { status: response.status, headers: response.headers });
}
