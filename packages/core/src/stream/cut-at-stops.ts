import type { EmitEvent, GenerateEvent } from "../canonical/index.ts";

/**
 * Ends the visible text at the first stop sequence, for upstreams that have no such parameter. Text that might be the
 * beginning of one is held back until it is clear. After the cut the answer finishes with `stop-sequence`, and what
 * the upstream still says is ignored (`onCut` lets the caller hang up).
 */
export function cutAtStops(stops: readonly string[], emit: EmitEvent, onCut: () => void): EmitEvent {
  const longest = Math.max(...stops.map((stop) => stop.length));
  const held = new Map<number, string>();
  let cut = false;

  const flush = (candidate: number, index: number): void => {
    const text = held.get(candidate) ?? "";
    held.delete(candidate);
    if (text !== "") emit({ type: "part-delta", candidate, index, delta: { type: "text", text } });
  };

  const onText = (event: Extract<GenerateEvent, { type: "part-delta" }>, text: string): void => {
    const { candidate, index } = event;
    const whole = (held.get(candidate) ?? "") + text;
    const found = firstStop(whole, stops);
    if (found !== undefined) {
      held.set(candidate, whole.slice(0, found.at));
      flush(candidate, index);
      cut = true;
      emit({ type: "part-end", candidate, index, part: { kind: "text", text: (sent.get(candidate) ?? "") + whole.slice(0, found.at) } });
      emit({ type: "finish", candidate, finish: { reason: "stop-sequence", sequence: found.stop } });
      emit({ type: "response-end" });
      onCut();
      return;
    }
    const safe = whole.length - heldLength(whole, stops, longest);
    held.set(candidate, whole.slice(safe));
    if (safe > 0) {
      sent.set(candidate, (sent.get(candidate) ?? "") + whole.slice(0, safe));
      emit({ ...event, delta: { type: "text", text: whole.slice(0, safe) } });
    }
  };

  const sent = new Map<number, string>();
  const textParts = new Set<string>();
  return (event) => {
    if (cut) return;
    if (event.type === "part-start" && event.part.kind === "text") {
      textParts.add(`${event.candidate}:${event.index}`);
      sent.set(event.candidate, "");
    }
    if (event.type === "part-delta" && event.delta.type === "text" && textParts.has(`${event.candidate}:${event.index}`)) {
      onText(event, event.delta.text);
      return;
    }
    if (event.type === "part-end") flush(event.candidate, event.index);
    emit(event);
  };
}

function firstStop(text: string, stops: readonly string[]): { at: number; stop: string } | undefined {
  let best: { at: number; stop: string } | undefined;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (best === undefined || at < best.at)) best = { at, stop };
  }
  return best;
}

/** Length of the longest tail of `text` that a stop sequence begins with. */
function heldLength(text: string, stops: readonly string[], longest: number): number {
  for (let length = Math.min(longest - 1, text.length); length > 0; length--) {
    const tail = text.slice(text.length - length);
    if (stops.some((stop) => stop.startsWith(tail))) return length;
  }
  return 0;
}
