import { useCallback, useEffect, useRef, useState } from "react";
import type { LiveRequest } from "../../../../gateway/src/management/contract/live.ts";
import { addressOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import type { Reply } from "../../api/operations.ts";

/** More than these are not shown: the page is for what happens now. */
const KEPT = 300;
/** Changes are drawn together, at most that often. */
const DRAW_MS = 150;

export interface LiveRequests {
  readonly requests: readonly LiveRequest[];
  readonly query: ReturnType<typeof useRead<"listLive">>;
  readonly connected: boolean;
  readonly paused: boolean;
  /** Requests that came since the pause. */
  readonly waiting: number;
  pause(paused: boolean): void;
}

type Known = ReadonlyMap<string, LiveRequest>;

/** The list as it was, and every change as the server tells it. While paused, changes are kept back. */
export function useLiveRequests(): LiveRequests {
  const query = useRead("listLive");
  const [known, setKnown] = useState<Known>(new Map());
  const [waiting, setWaiting] = useState(0);
  const [paused, setPaused] = useState(false);
  const [connected, setConnected] = useState(false);
  const pending = useRef(new Map<string, LiveRequest>());
  const pausedNow = useRef(false);
  const flush = useCallback(() => {
    if (pausedNow.current) return setWaiting(pending.current.size);
    if (pending.current.size === 0) return undefined;
    const changes = pending.current;
    pending.current = new Map();
    return setKnown((current) => merge(current, changes.values()));
  }, []);
  useEffect(() => {
    if (query.data !== undefined) setKnown((current) => merge(current, query.data.requests));
  }, [query.data]);
  const { refetch } = query;
  useEffect(() => {
    const events = new EventSource(addressOf("liveEvents"));
    events.addEventListener("request", (event) => {
      const request = JSON.parse((event as MessageEvent<string>).data) as LiveRequest;
      pending.current.set(request.requestId, request);
    });
    events.addEventListener("open", () => {
      setConnected(true);
      // What happened while nobody listened is in the list.
      void refetch();
    });
    events.addEventListener("error", () => setConnected(false));
    const timer = setInterval(flush, DRAW_MS);
    return () => {
      clearInterval(timer);
      events.close();
    };
  }, [flush, refetch]);
  return {
    requests: [...known.values()].sort((left, right) => right.startedAt - left.startedAt),
    query,
    connected,
    paused,
    waiting,
    pause(next) {
      pausedNow.current = next;
      setPaused(next);
      setWaiting(0);
      flush();
    },
  };
}

/** The server ends no request twice: what has ended is not opened again by an older message. */
function merge(current: Known, changes: Iterable<LiveRequest>): Known {
  const next = new Map(current);
  for (const request of changes) {
    if (next.get(request.requestId)?.endedAt !== undefined && request.endedAt === undefined) continue;
    next.set(request.requestId, request);
  }
  if (next.size <= KEPT) return next;
  return new Map([...next].sort(([, left], [, right]) => right.startedAt - left.startedAt).slice(0, KEPT));
}

export type CaptureState = Reply<"listLive">["capture"];
