// Spans as JSON for OTLP over HTTP (opentelemetry.io/docs/specs/otlp, opentelemetry-proto 1.x JSON mapping, read 2026-11):
// ids are hex, 64-bit numbers are text, enums are numbers.

export type AttributeValue = string | number | boolean | readonly string[];

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: "server" | "client";
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Members that are `undefined` are left out. */
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  /** Absent: it went well. */
  readonly error?: string;
}

const KINDS = { server: 2, client: 3 } as const;
const STATUS_ERROR = 2;

export interface Scope {
  readonly serviceName: string;
  readonly version: string;
}

/** An `ExportTraceServiceRequest`. */
export function otlpJson(spans: readonly Span[], { serviceName, version }: Scope): string {
  const resource = { attributes: attributesOf({ "service.name": serviceName, "service.version": version }) };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "dragoman", version }, spans: spans.map(spanOf) }] }] });
}

function spanOf({ traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, error }: Span): object {
  return {
    traceId, spanId, ...(parentSpanId !== undefined && { parentSpanId }), name, kind: KINDS[kind],
    startTimeUnixNano: nanos(startedAt), endTimeUnixNano: nanos(Math.max(startedAt, endedAt)),
    attributes: attributesOf(attributes),
    status: error === undefined ? {} : { code: STATUS_ERROR, message: error },
  };
}

function attributesOf(attributes: Span["attributes"]): object[] {
  return Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: valueOf(value) }]));
}

function valueOf(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((each) => ({ stringValue: each })) } };
}

const nanos = (ms: number): string => `${Math.round(ms)}000000`;
