import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { send } from "../../api/client.ts";
import { readServerEvents } from "../../api/server-events.ts";
import { buildRequest, type Draft } from "./build-request.ts";
import { EMPTY_REPLY, readReply, type ReplyState } from "./read-reply.ts";

export interface RawEvent {
  /** Since the request was sent, ms. */
  readonly atMs: number;
  readonly event: string;
  readonly data: string;
}

export interface Run {
  readonly state: "idle" | "running" | "done" | "failed" | "stopped";
  readonly reply: ReplyState;
  readonly events: readonly RawEvent[];
  /** `action code path`; absent when the server did not say. */
  readonly losses?: readonly string[];
  readonly requestId?: string;
  readonly firstEventMs?: number;
  readonly durationMs?: number;
}

const IDLE: Run = { state: "idle", reply: EMPTY_REPLY, events: [] };

export interface Runner {
  readonly run: Run;
  start(draft: Draft): void;
  stop(): void;
  reset(): void;
}

/** One request at a time. What comes is shown once a frame, however fast it comes. */
export function useRun(): Runner {
  const [run, setRun] = useState<Run>(IDLE);
  const sending = useRef<AbortController>(undefined);
  const stop = useCallback(() => sending.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback((draft: Draft) => {
    sending.current?.abort();
    const controller = new AbortController();
    sending.current = controller;
    void carryOut(draft, controller.signal, (next) => {
      if (sending.current === controller) setRun(next);
    });
  }, []);
  const reset = useCallback(() => {
    sending.current?.abort();
    sending.current = undefined;
    setRun(IDLE);
  }, []);
  return { run, start, stop, reset };
}

async function carryOut(draft: Draft, signal: AbortSignal, show: (run: Run) => void): Promise<void> {
  const began = performance.now();
  const since = (): number => performance.now() - began;
  let run: Run = { ...IDLE, state: "running" };
  const painter = paintOnceAFrame(() => show(run));
  const take = (event: string, data: string): void => {
    const atMs = since();
    run = { ...run, reply: readReply(run.reply, draft.dialect, parsed(data)), events: [...run.events, { atMs, event, data }], ...(run.firstEventMs === undefined && { firstEventMs: atMs }) };
    painter.ask();
  };
  show(run);
  try {
    const response = await send("playground", { body: { method: "POST", ...buildRequest(draft) } }, { signal });
    run = { ...run, ...factsOf(response.headers) };
    if (/event-stream/.test(response.headers.get("content-type") ?? "") && response.body !== null) for await (const { event, data } of readServerEvents(response.body)) take(event, data);
    else take("message", await response.text());
    run = { ...run, state: run.reply.error === undefined ? "done" : "failed", durationMs: since() };
  } catch (error) {
    run = { ...run, ...(signal.aborted ? { state: "stopped" as const } : failureOf(run, error)), durationMs: since() };
  }
  painter.cancel();
  show(run);
}

function failureOf(run: Run, error: unknown): Pick<Run, "state" | "reply" | "events"> {
  const message = error instanceof Error ? error.message : String(error);
  const events = error instanceof ApiError && error.body !== undefined ? [{ atMs: 0, event: `HTTP ${error.status}`, data: typeof error.body === "string" ? error.body : JSON.stringify(error.body) }] : [];
  return { state: "failed", reply: { ...run.reply, error: message }, events: [...run.events, ...events] };
}

function factsOf(headers: Headers): Pick<Run, "losses" | "requestId"> {
  const losses = headers.get("x-dragoman-losses");
  const requestId = headers.get("x-dragoman-request-id");
  return { ...(losses !== null && { losses: losses === "none" ? [] : losses.split("; ") }), ...(requestId !== null && requestId !== "" && { requestId }) };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function paintOnceAFrame(paint: () => void): { ask(): void; cancel(): void } {
  let frame: number | undefined;
  return {
    ask() {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        paint();
      });
    },
    cancel() {
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
