export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogLine {
  /** As it was written. */
  readonly text: string;
  /** Epoch ms. */
  readonly at?: number;
  readonly level?: Level;
  /** `request.completed`; of foreign lines all there is. */
  readonly event: string;
  /** What follows the event in a line of text. */
  readonly message?: string;
  readonly requestId?: string;
  /** Without those that have a place of their own. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const BRACKETS = /^\[(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^\]]*)\](?:\s*\[([0-9a-zA-Z-]{4,64}|-+)\])?\s*\[(\w+)\s*\]\s*(.*)$/s;

/** Reads a line of the program's log: JSON, or `[time] [request id] [level] [event] message`; anything else is its own message. */
export function parseLogLine(text: string): LogLine {
  if (text.startsWith("{")) {
    const parsed = parseJson(text);
    if (parsed !== undefined) return fromJson(text, parsed);
  }
  const match = BRACKETS.exec(text);
  if (match === null) return { text, event: text, fields: {} };
  const [, time = "", requestId, level, rest = ""] = match;
  const named = /^\[([\w.-]+)\]\s*(.*)$/s.exec(rest);
  return { text, event: named?.[1] ?? rest, ...(named?.[2] !== undefined && { message: named[2] }), fields: {}, ...timeOf(time), ...levelOf(level), ...(requestId !== undefined && !requestId.startsWith("-") && { requestId }) };
}

function fromJson(text: string, { time, level, event, requestId, ...fields }: Readonly<Record<string, unknown>>): LogLine {
  return { text, event: String(event ?? ""), fields, ...timeOf(time), ...levelOf(level), ...(typeof requestId === "string" && { requestId }) };
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function timeOf(time: unknown): { readonly at: number } | undefined {
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : { at };
}

function levelOf(level: unknown): { readonly level: Level } | undefined {
  const word = String(level).trim().toLowerCase();
  const known = LEVELS.find((name) => word.startsWith(name) || (name === "error" && /^(fatal|panic)/.test(word)));
  return known === undefined ? undefined : { level: known };
}
