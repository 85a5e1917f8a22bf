import { toGatewayError } from "@dragoman/core";
import { captureReply } from "../observe/captured-call.ts";
import type { Call } from "../pipeline/call.ts";
import { tellStory } from "../pipeline/tell-story.ts";
import { replyError } from "./reply-error.ts";

const encoder = new TextEncoder();
/** White space before a JSON document means nothing, and tells everybody on the way that the connection lives. */
const SIGN_OF_LIFE = encoder.encode("\n");

/**
 * Sends a blank line from time to time while a whole reply is awaited. With the first one the status is 200 for good:
 * an error that comes later is only told in the body.
 */
export async function keepWaiting(call: Call, reply: Promise<Response>, intervalMs: number): Promise<Response> {
  const late = Symbol("late");
  const first = await Promise.race([reply, pause(intervalMs, late, reply)]);
  if (first !== late) return first as Response;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const sign = (): void => {
        controller.enqueue(SIGN_OF_LIFE);
        timer = setTimeout(sign, intervalMs);
      };
      sign();
      void finish(call, reply).then((bytes) => {
        clearTimeout(timer);
        controller.enqueue(bytes);
        controller.close();
        // A client that left has closed the stream already.
      }).catch(() => clearTimeout(timer));
    },
    cancel: () => clearTimeout(timer),
  });
  return new Response(body, { headers: { "content-type": "application/json", "x-request-id": call.requestId } });
}

/** Ends with the reply, too, so that no timer outlives it. */
function pause<T>(durationMs: number, value: T, reply: Promise<unknown>): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(value), durationMs);
    const stop = (): void => clearTimeout(timer);
    void reply.then(stop, stop);
  });
}

async function finish(call: Call, reply: Promise<Response>): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await reply).arrayBuffer());
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const told = replyError(error, call.dialect, call.requestId);
    tellStory(call, { status: told.status, losses: call.losses, error });
    await captureReply(call, told);
    return new Uint8Array(await told.arrayBuffer());
  }
}
