import type { Loss } from "@dragoman/core";
import type { Call } from "../../pipeline/call.ts";
import type { StoryEnd } from "../../pipeline/tell-story.ts";
import type { Ports } from "../../ports.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { BegunAttempt, CallObserver } from "../call-observer.ts";
import { SpanExporter, type ExporterSettings } from "./span-exporter.ts";
import { attemptSpan, requestSpan } from "./spans-of-call.ts";
import { formatTraceparent, newHexId, parseTraceparent } from "./trace-context.ts";

export interface TelemetrySettings extends ExporterSettings {
  /** Send the trace context on to upstreams. */
  readonly propagate: boolean;
}

/** A request's place in its trace. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Span ids of attempts by their numbers. */
  readonly attempts: Map<number, AttemptTrace>;
  readonly exporter: SpanExporter;
  readonly propagate: boolean;
}

export interface AttemptTrace {
  readonly spanId: string;
  readonly candidate: BegunAttempt["candidate"];
}

/** Requests whose traces are followed at once. */
const MAX_OPEN = 10_000;

/** A server span for each request and a client span for each attempt. A client that does not sample its trace is not sampled here. */
export class Telemetry implements CallObserver {
  readonly #ports: Pick<Ports, "fetch" | "clock" | "ids" | "logger">;
  readonly #open = new Map<string, Trace>();
  #settings: TelemetrySettings | undefined;
  #exporter: SpanExporter | undefined;

  constructor(ports: Pick<Ports, "fetch" | "clock" | "ids" | "logger">) {
    this.#ports = ports;
  }

  /** `undefined`: no traces. Spans for another collector are sent to it before they are forgotten. */
  configure(settings: TelemetrySettings | undefined): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    void this.#exporter?.close();
    this.#settings = settings;
    this.#exporter = settings === undefined ? undefined : new SpanExporter(settings, this.#ports);
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    await this.#exporter?.close();
    this.#exporter = undefined;
  }

  requestBegan({ requestId, headers }: Call): undefined {
    const exporter = this.#exporter;
    if (exporter === undefined || this.#open.size >= MAX_OPEN) return;
    const { ids } = this.#ports;
    const parent = parseTraceparent(headers.get("traceparent"));
    if (parent?.sampled === false) return;
    this.#open.set(requestId, {
      traceId: parent?.traceId ?? newHexId(ids, 32), spanId: newHexId(ids, 16), parentSpanId: parent?.spanId,
      attempts: new Map(), exporter, propagate: this.#settings?.propagate === true,
    });
  }

  attemptBegan({ requestId, story }: Call, { number, candidate }: BegunAttempt): void {
    const trace = this.#traceOf(requestId);
    if (trace === undefined) return;
    const spanId = newHexId(this.#ports.ids, 16);
    trace.attempts.set(number, { spanId, candidate });
    if (trace.propagate) story.traceparent = formatTraceparent({ traceId: trace.traceId, spanId, sampled: true });
  }

  attemptEnded(call: Call, record: AttemptRecord, _losses: readonly Loss[]): void {
    const trace = this.#traceOf(call.requestId);
    const attempt = trace?.attempts.get(record.attempt);
    if (trace === undefined || attempt === undefined) return;
    trace.attempts.delete(record.attempt);
    trace.exporter.add(attemptSpan({ call, trace, attempt, record }));
  }

  requestEnded(call: Call, end: StoryEnd): void {
    const trace = this.#traceOf(call.requestId);
    if (trace === undefined) return;
    this.#open.delete(call.requestId);
    trace.exporter.add(requestSpan({ call, trace, end, endedAt: this.#ports.clock.now() }));
  }

  /** While nobody exports, no name is looked up. */
  #traceOf(requestId: string): Trace | undefined {
    return this.#open.size === 0 ? undefined : this.#open.get(requestId);
  }
}
