// Lines of `logs/main.log`, in the form that viewers made for CLIProxyAPI read.
import { shortRequestId, type LogFields, type LogLevel } from "@dragoman/gateway";
import { lineTime } from "./local-time.ts";

const NO_REQUEST = "--------";
const LEVEL_WIDTH = 5;

/** `[2025-12-23 20:14:04] [a1b2c3d4] [info ] [attempt.failed] key=value`; where the original names a place in its code stands the event. */
export function fileLine(level: LogLevel, event: string, fields: LogFields): string {
  const { requestId, ...rest } = fields;
  const id = typeof requestId === "string" ? shortRequestId(requestId) : NO_REQUEST;
  const access = event === "request.completed" || event === "request.refused" ? accessOf(rest) : undefined;
  const shown = access === undefined ? { level, words: [], fields: rest } : access;
  const words = [...shown.words, ...Object.entries(shown.fields).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${valueOf(value)}`)];
  return `[${lineTime(Date.now())}] [${id}] [${(shown.level ?? level).padEnd(LEVEL_WIDTH)}] [${event}] ${words.join(" ")}`.trimEnd();
}

interface Access {
  readonly level: LogLevel | undefined;
  readonly words: readonly string[];
  readonly fields: LogFields;
}

/** `200 |  23.559s |  127.0.0.1 | POST    "/v1/chat/completions"`, and what else is known behind it. */
function accessOf({ status, durationMs, clientAddress, method, path, ...fields }: LogFields): Access {
  const code = Number(status);
  const columns = [String(code), durationText(Number(durationMs ?? 0)).padStart(8), String(clientAddress ?? "-").padStart(10), `${String(method ?? "-").padEnd(7)} ${JSON.stringify(path ?? "-")}`];
  return { level: code >= 500 ? "error" : undefined, words: [columns.join(" | ")], fields };
}

function durationText(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${(ms / 1000).toFixed(3)}s`;
}

/** One line stays one line, and no value can look like another field. */
function valueOf(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return /^[^\s"=\p{C}]+$/u.test(text) ? text : JSON.stringify(text);
}
