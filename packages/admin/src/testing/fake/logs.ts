import type { AttemptView } from "../../../../gateway/src/management/contract/usage.ts";
import { Refusal } from "./refusal.ts";

export interface Logs {
  /** `undefined`: none of this room's. */
  handle(method: string, path: string, query: URLSearchParams): unknown;
}

/** The newest attempts as lines of the program's log; every reading adds the line of a request that just ended. */
export function makeLogs(attempts: () => readonly AttemptView[], clock: () => number): Logs {
  let lines = attempts().slice(0, 400).reverse().flatMap(linesOf);
  const errors = attempts().filter(({ outcome }) => outcome === "failed").slice(0, 6).map((one) => ({ name: `error-v1-messages-${new Date(one.startedAt).toISOString().slice(0, 19).replaceAll(":", "")}-${one.requestId}.log`, size: 5_120 + one.durationMs, modified: Math.floor(one.startedAt / 1000), text: `=== REQUEST ===\n${one.endpoint}\nmodel: ${one.modelAsked}\n\n=== RESPONSE ===\nstatus: ${one.status}\n{"error":{"type":"${one.errorCode ?? "error"}"}}\n` }));
  let read = 0;
  return {
    handle(method, path, query) {
      if (path === "/logs" && method === "GET") {
        const from = query.get("cursor") === null ? Math.max(0, lines.length - Number(query.get("limit") ?? lines.length)) : Number(query.get("cursor"));
        if (query.get("cursor") !== null) lines = [...lines, line(clock(), "info", "config.read", { path: "config.yaml", reading: (read += 1) })];
        const page = lines.slice(from);
        return { lines: page, "line-count": page.length, "latest-timestamp": Math.floor(clock() / 1000), "next-cursor": String(lines.length), "cursor-reset": from > lines.length };
      }
      if (path === "/logs" && method === "DELETE") {
        lines = [];
        return { success: true, message: "Logs cleared successfully", removed: 3 };
      }
      if (path === "/request-error-logs") return { files: errors.map(({ text: _text, ...file }) => file) };
      const name = /^\/request-error-logs\/(.+)$/.exec(path)?.[1];
      if (name !== undefined) return textOf(errors.find((file) => file.name === decodeURIComponent(name))?.text, "log file not found");
      const id = /^\/request-log-by-id\/(.+)$/.exec(path)?.[1];
      if (id !== undefined) return textOf(errors.find((file) => file.name.endsWith(`-${id}.log`))?.text, "log file not found for the given request ID");
      return undefined;
    },
  };
}

function textOf(text: string | undefined, otherwise: string): Response {
  if (text === undefined) throw new Refusal(404, otherwise);
  return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } });
}

function linesOf(one: AttemptView): readonly string[] {
  const ended = one.startedAt + one.durationMs;
  const level = one.outcome === "succeeded" ? "info" : one.outcome === "failed" ? "error" : "warn";
  return [line(ended, level, "request.completed", { requestId: one.requestId, status: one.status, durationMs: one.durationMs, path: one.endpoint.split(" ")[1], principal: one.principal, dialect: one.clientDialect, "gen_ai.request.model": one.modelAsked, "gen_ai.provider.name": one.provider, credential: one.credential, attempts: one.attempt, ...(one.errorCode !== undefined && { error: one.errorCode }) })];
}

const line = (at: number, level: string, event: string, fields: object): string => JSON.stringify({ time: new Date(at).toISOString(), level, event, ...fields });
