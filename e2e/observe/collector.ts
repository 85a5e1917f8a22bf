import { listen, type Listening } from "../kit/running.ts";

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly service: string;
}

/** A collector that takes OTLP/HTTP JSON to the letter, and answers 400 to anything else. */
export interface Collector extends Listening {
  readonly spans: CollectedSpan[];
  readonly requests: { readonly path: string; readonly headers: Headers; readonly spans: number }[];
  readonly faults: string[];
  /** What it answers next, in order; 200 when empty. */
  readonly answers: Response[];
  /** Resolves when so many spans have come. */
  until(count: number): Promise<void>;
}

export function startCollector(): Collector {
  const spans: CollectedSpan[] = [];
  const requests: Collector["requests"] = [];
  const faults: string[] = [];
  const answers: Response[] = [];
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const listening = listen(async (request) => {
    const text = await request.text();
    const answer = answers.shift();
    try {
      if (request.method !== "POST" || request.headers.get("content-type") !== "application/json") throw new Error(`${request.method} with ${request.headers.get("content-type")}`);
      const read = readExport(JSON.parse(text));
      requests.push({ path: new URL(request.url).pathname, headers: request.headers, spans: read.length });
      if (answer !== undefined && !answer.ok) return answer;
      spans.push(...read);
    } catch (error) {
      faults.push(String(error));
      return new Response("bad request", { status: 400 });
    }
    for (const { count, done } of waiting) if (spans.length >= count) done();
    return answer ?? Response.json({ partialSuccess: {} });
  });
  return { ...listening, spans, requests, faults, answers, until: (count) => (spans.length >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done }))) };
}

type Tree = Record<string, unknown>;

function members(value: unknown, required: readonly string[], optional: readonly string[] = []): Tree {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`no object: ${JSON.stringify(value)}`);
  for (const name of required) if (!(name in value)) throw new Error(`${name} is missing in ${JSON.stringify(value)}`);
  for (const name of Object.keys(value)) if (!required.includes(name) && !optional.includes(name)) throw new Error(`${name} is none of ${required.join()}`);
  return value as Tree;
}

function items(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw new Error("no list, or an empty one");
  return value;
}

function readExport(body: unknown): CollectedSpan[] {
  return items(members(body, ["resourceSpans"]).resourceSpans).flatMap((each) => {
    const { resource, scopeSpans } = members(each, ["resource", "scopeSpans"]);
    const service = String(readAttributes(members(resource, ["attributes"]).attributes)["service.name"]);
    return items(scopeSpans).flatMap((scoped) => {
      const { scope, spans } = members(scoped, ["scope", "spans"]);
      members(scope, ["name", "version"]);
      return items(spans).map((span) => readSpan(span, service));
    });
  });
}

function readSpan(value: unknown, service: string): CollectedSpan {
  const span = members(value, ["traceId", "spanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes", "status"], ["parentSpanId"]);
  const hex = (name: string, length: number): string => {
    const text = String(span[name]);
    if (!new RegExp(`^[0-9a-f]{${length}}$`).test(text) || /^0+$/.test(text)) throw new Error(`${name} is ${text}`);
    return text;
  };
  const nanos = (name: string): number => {
    if (typeof span[name] !== "string" || !/^\d{19}$/.test(span[name])) throw new Error(`${name} is ${String(span[name])}`);
    return Number(BigInt(span[name]) / 1_000_000n);
  };
  const status = members(span.status, [], ["code", "message"]);
  const [startMs, endMs] = [nanos("startTimeUnixNano"), nanos("endTimeUnixNano")];
  if (endMs < startMs) throw new Error("it ends before it begins");
  if (typeof span.kind !== "number" || typeof span.name !== "string" || span.name === "") throw new Error("kind or name");
  return {
    traceId: hex("traceId", 32), spanId: hex("spanId", 16), ...(span.parentSpanId !== undefined && { parentSpanId: hex("parentSpanId", 16) }),
    name: span.name, kind: span.kind, startMs, endMs, attributes: readAttributes(span.attributes), service, ...(status.code === 2 && { error: String(status.message) }),
  };
}

function readAttributes(value: unknown): Record<string, unknown> {
  if (!Array.isArray(value)) throw new Error("attributes are no list");
  const attributes: Record<string, unknown> = {};
  for (const each of value) {
    const { key, value: typed } = members(each, ["key", "value"]);
    if (typeof key !== "string" || key in attributes) throw new Error(`key ${String(key)}`);
    attributes[key] = readValue(typed);
  }
  return attributes;
}

function readValue(value: unknown): unknown {
  const [[kind, inner] = [], ...more] = Object.entries(members(value, [], ["stringValue", "intValue", "doubleValue", "boolValue", "arrayValue"]));
  if (more.length > 0) throw new Error("two values");
  if (kind === "stringValue" && typeof inner === "string") return inner;
  if (kind === "boolValue" && typeof inner === "boolean") return inner;
  if (kind === "doubleValue" && typeof inner === "number") return inner;
  if (kind === "intValue" && typeof inner === "string" && /^-?\d+$/.test(inner)) return Number(inner);
  if (kind === "arrayValue") return items(members(inner, ["values"]).values).map(readValue);
  throw new Error(`no value: ${JSON.stringify(value)}`);
}
