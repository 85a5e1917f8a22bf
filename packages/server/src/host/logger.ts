import type { LogFields, Logger, LogLevel } from "@dragoman/gateway";
import { cyan, dim, green, red, yellow } from "../cli/terminal.ts";

/** Where finished lines go. */
export interface LogSink {
  write(line: string): void;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LoggerOptions {
  readonly level: () => LogLevel;
  /** People read a terminal, programs read JSON. */
  readonly pretty?: boolean;
  /** A form of its own, over `pretty`. */
  readonly format?: LineFormat;
  readonly sink: LogSink;
}

type LineFormat = (level: LogLevel, event: string, fields: LogFields) => string;

export function createLogger(options: LoggerOptions): Logger {
  const format = options.format ?? (options.pretty === true ? prettyLine : jsonLine);
  return {
    log(level, event, fields = {}) {
      if (RANK[level] >= RANK[options.level()]) options.sink.write(`${format(level, event, fields)}\n`);
    },
  };
}

export const stdoutSink: LogSink = { write: (line) => void process.stdout.write(line) };

function jsonLine(level: LogLevel, event: string, fields: LogFields): string {
  const rest = JSON.stringify(fields).slice(1);
  return `{"time":"${new Date().toISOString()}","level":"${level}","event":${JSON.stringify(event)}${rest === "}" ? rest : `,${rest}`}`;
}

const PAINT: Readonly<Record<LogLevel, (text: string) => string>> = { debug: dim, info: cyan, warn: yellow, error: red };

function prettyLine(level: LogLevel, event: string, fields: LogFields): string {
  const time = dim(new Date().toTimeString().slice(0, 8));
  if (event === "request.completed") return `${time} ${requestLine(fields)}`;
  const rest = Object.entries(fields).map(([name, value]) => `${dim(`${name}=`)}${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [time, PAINT[level](event), ...rest].join(" ");
}

/** `200 1.2s  openai-chat gpt-5 → anthropic claude-sonnet-5  120 in 45 out  (2 attempts: rate-limited)`. */
function requestLine(fields: LogFields): string {
  const status = Number(fields.status);
  const paint = status < 400 ? green : status < 500 ? yellow : red;
  const route = fields["gen_ai.provider.name"] === undefined
    ? `${String(fields.path)}`
    : `${String(fields.dialect)} ${String(fields["gen_ai.request.model"])} ${dim("→")} ${String(fields["gen_ai.provider.name"])} ${String(fields.upstreamModel)}${fields.passthrough === true ? dim(" (unchanged)") : ""}`;
  const tokens = fields["gen_ai.usage.input_tokens"] === undefined ? "" : dim(`  ${String(fields["gen_ai.usage.input_tokens"])} in ${String(fields["gen_ai.usage.output_tokens"])} out`);
  const failures = Array.isArray(fields.failures) ? yellow(`  failed before: ${fields.failures.join(", ")}`) : "";
  const error = fields.error === undefined ? "" : `  ${paint(String(fields.error))} ${String(fields.message)}`;
  const losses = Array.isArray(fields.losses) ? dim(`  ${fields.losses.length} ${fields.losses.length === 1 ? "loss" : "losses"}`) : "";
  return `${paint(String(status))} ${seconds(Number(fields.durationMs))}  ${route}${tokens}${losses}${failures}${error}`;
}

function seconds(durationMs: number): string {
  return durationMs < 1000 ? `${durationMs}ms` : `${(durationMs / 1000).toFixed(1)}s`;
}
