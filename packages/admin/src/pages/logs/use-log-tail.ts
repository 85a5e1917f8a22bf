import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { readBody, request } from "../../api/client.ts";
import { parseLogLine, type LogLine } from "./parse-log-line.ts";

const FIRST_LINES = 1000;
/** More than that is forgotten here, oldest first. */
const KEPT_LINES = 10_000;
const INTERVAL_MS = 2000;

interface LogPage {
  readonly lines?: readonly string[];
  readonly "next-cursor"?: string;
  readonly "cursor-reset"?: boolean;
}

export interface NumberedLine extends LogLine {
  readonly number: number;
}

export interface LogTail {
  readonly lines: readonly NumberedLine[];
  readonly state: "loading" | "reading" | "off" | "failed";
  readonly error?: unknown;
  /** Begins anew, as after the log was cleared. */
  restart(): void;
}

/** The end of the log, and what is added to it while `following`. Only what is new is fetched. */
export function useLogTail(following: boolean): LogTail {
  const [lines, setLines] = useState<readonly NumberedLine[]>([]);
  const [status, setStatus] = useState<Pick<LogTail, "state" | "error">>({ state: "loading" });
  const [round, setRound] = useState(0);
  const cursor = useRef<string>(undefined);
  const next = useRef(0);
  const restart = useCallback(() => {
    cursor.current = undefined;
    setRound((before) => before + 1);
  }, []);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const first = cursor.current === undefined;
      try {
        const page = await readPage(cursor.current, leaving.signal);
        cursor.current = page["next-cursor"] ?? cursor.current;
        const fresh = (page.lines ?? []).map((text) => ({ ...parseLogLine(text), number: (next.current += 1) }));
        if (first || page["cursor-reset"] === true) setLines(fresh);
        else if (fresh.length > 0) setLines((before) => [...before, ...fresh].slice(-KEPT_LINES));
        setStatus({ state: "reading" });
      } catch (error) {
        if (leaving.signal.aborted) return;
        setStatus({ state: error instanceof ApiError && error.status === 400 && /disabled/.test(error.message) ? "off" : "failed", error });
      }
      if (following && !leaving.signal.aborted) timer = setTimeout(() => void read(), INTERVAL_MS);
    };
    if (following || cursor.current === undefined) void read();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [following, round]);
  return { lines, ...status, restart };
}

async function readPage(cursor: string | undefined, signal: AbortSignal): Promise<LogPage> {
  const query = new URLSearchParams(cursor === undefined ? { limit: String(FIRST_LINES) } : { cursor, limit: String(KEPT_LINES) });
  return (await readBody(await request("GET", `/v0/management/logs?${query}`, { signal }))) as LogPage;
}
