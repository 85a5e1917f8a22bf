// W3C Trace Context, level 1 (www.w3.org/TR/trace-context, read 2026-11).
import type { Ids } from "../../ports.ts";

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span that a child hangs on. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const HEADER = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOBODY = /^0+$/;
const HEX = "0123456789abcdef";

/** `undefined` when it is none: a client's broken header begins a new trace. */
export function parseTraceparent(header: string | null): TraceContext | undefined {
  const [, version, traceId = "", spanId = "", flags = "", more] = HEADER.exec(header?.trim() ?? "") ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (NOBODY.test(traceId) || NOBODY.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** Hex digits out of random letters and digits; never all zero. */
export function newHexId(ids: Ids, length: number): string {
  const random = ids.random(length);
  let id = "";
  for (let at = 0; at < length; at++) id += HEX[random.charCodeAt(at) & 15] ?? "0";
  return NOBODY.test(id) ? `${id.slice(1)}1` : id;
}
