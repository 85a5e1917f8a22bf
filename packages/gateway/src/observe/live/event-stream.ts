import type { LiveEntry } from "./live-entry.ts";
import type { LiveMonitor } from "./monitor.ts";

const encoder = new TextEncoder();
/** Changes of one request within this time are told as one. */
const COALESCE_MS = 100;
const COMMENT_AFTER_MS = 15_000;

/**
 * Requests as they change, as server-sent events. A reader that is slow is told less often, never of something old: what
 * waits is which requests have changed, not how. Ends when its reader leaves.
 */
export function liveEventStream(monitor: LiveMonitor, view: (entries: readonly LiveEntry[]) => Promise<readonly unknown[]>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const changed = new Set<LiveEntry>();
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let comment: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const say = (text: string): void => {
    if (ended) return;
    controller.enqueue(encoder.encode(text));
    clearTimeout(comment);
    comment = setTimeout(sayComment, COMMENT_AFTER_MS);
  };
  const sayComment = (): void => {
    if ((controller.desiredSize ?? 0) > 0) say(": still here\n\n");
    else comment = setTimeout(sayComment, COMMENT_AFTER_MS);
  };
  const soon = (): void => {
    flushing ??= setTimeout(() => void flush(), COALESCE_MS);
  };
  const flush = async (): Promise<void> => {
    // A reader that has not taken the last ones yet asks for more by itself.
    if (!ended && changed.size > 0 && (controller.desiredSize ?? 0) > 0) {
      const entries = [...changed];
      changed.clear();
      const views = await view(entries);
      say(views.map((each) => `event: request\ndata: ${JSON.stringify(each)}\n\n`).join(""));
    }
    flushing = undefined;
    if (changed.size > 0 && (controller.desiredSize ?? 0) > 0) soon();
  };
  const stopListening = monitor.listen({
    changed: (entry) => {
      changed.add(entry);
      soon();
    },
    ended: () => hangUp(),
  });
  const end = (): void => {
    if (ended) return;
    ended = true;
    stopListening();
    clearTimeout(flushing);
    clearTimeout(comment);
    signal.removeEventListener("abort", hangUp);
  };
  const hangUp = (): void => {
    end();
    controller.close();
  };
  return new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
      if (signal.aborted) return hangUp();
      signal.addEventListener("abort", hangUp, { once: true });
      say(": watching\n\n");
    },
    pull() {
      if (changed.size > 0) soon();
    },
    cancel: end,
  });
}
