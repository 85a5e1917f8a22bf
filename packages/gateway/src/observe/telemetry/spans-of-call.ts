// Attribute names: OpenTelemetry semantic conventions for GenAI clients and HTTP (opentelemetry.io/docs/specs/semconv/gen-ai, read 2026-11).
import { inputTotal, outputTotal, type Usage } from "@dragoman/core";
import type { Call } from "../../pipeline/call.ts";
import type { StoryEnd } from "../../pipeline/tell-story.ts";
import { toUsd } from "../../prices/nano-usd.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { Span } from "./otlp-json.ts";
import type { AttemptTrace, Trace } from "./telemetry.ts";

export function requestSpan({ call, trace, end, endedAt }: { readonly call: Call; readonly trace: Trace; readonly end: StoryEnd; readonly endedAt: number }): Span {
  const { story } = call;
  const [method = "", route = ""] = call.endpoint.split(" ", 2);
  const isFault = end.status >= 500;
  return {
    traceId: trace.traceId, spanId: trace.spanId, ...(trace.parentSpanId !== undefined && { parentSpanId: trace.parentSpanId }),
    name: call.endpoint, kind: "server", startedAt: call.startedAt, endedAt,
    // A client's own mistakes are no errors of a server's span.
    ...(isFault && { error: end.error?.code ?? String(end.status) }),
    attributes: {
      "http.request.method": method, "http.route": route, "url.path": call.input.path, "http.response.status_code": end.status,
      "client.address": call.visitor.address,
      "gen_ai.operation.name": operationOf(call),
      "gen_ai.request.model": story.modelAsked,
      "gen_ai.provider.name": story.provider,
      "gen_ai.response.model": end.model,
      ...usageAttributes(end.usage), ...finishAttributes(end.finishReason),
      "error.type": end.error?.code,
      "dragoman.request.id": call.requestId, "dragoman.principal": call.principal.id, "dragoman.client.dialect": call.dialect.id,
      "dragoman.attempts": story.attempts, "dragoman.losses": end.losses.length,
    },
  };
}

export function attemptSpan({ call, trace, attempt, record }: { readonly call: Call; readonly trace: Trace; readonly attempt: AttemptTrace; readonly record: AttemptRecord }): Span {
  const { upstream } = attempt.candidate;
  const operation = operationOf(call);
  return {
    traceId: trace.traceId, spanId: attempt.spanId, parentSpanId: trace.spanId,
    name: `${operation} ${record.modelUpstream}`, kind: "client", startedAt: record.startedAt, endedAt: record.startedAt + record.durationMs,
    ...(record.outcome !== "succeeded" && { error: record.errorCode ?? record.outcome }),
    attributes: {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": upstream.provider.telemetryName ?? upstream.provider.id,
      "gen_ai.request.model": record.modelUpstream,
      "gen_ai.response.model": record.modelAnswered,
      ...usageAttributes(record.usage), ...finishAttributes(record.finishReason),
      ...serverAttributes(upstream.baseUrl),
      "http.response.status_code": record.status,
      "error.type": record.failure,
      "dragoman.request.id": record.requestId, "dragoman.attempt": record.attempt, "dragoman.upstream": record.provider, "dragoman.upstream.dialect": record.upstreamDialect,
      "dragoman.credential": record.credential, "dragoman.streamed": record.streamed, "dragoman.passthrough": record.passthrough,
      "dragoman.time_to_first_event_ms": record.firstEventMs, "dragoman.cost_usd": record.costNanoUsd === undefined ? undefined : toUsd(record.costNanoUsd),
    },
  };
}

function operationOf({ dialect, endpoint }: Call): string {
  return endpoint.endsWith("/embeddings") ? "embeddings" : (dialect.telemetryOperation ?? "chat");
}

function usageAttributes(usage: Usage | undefined): Span["attributes"] {
  if (usage === undefined) return {};
  return {
    "gen_ai.usage.input_tokens": inputTotal(usage), "gen_ai.usage.output_tokens": outputTotal(usage),
    "gen_ai.usage.cache_read.input_tokens": usage.cacheRead, "gen_ai.usage.cache_creation.input_tokens": usage.cacheWrite,
    "dragoman.usage.reasoning_tokens": usage.reasoning,
  };
}

function finishAttributes(reason: string | undefined): Span["attributes"] {
  return reason === undefined ? {} : { "gen_ai.response.finish_reasons": [reason] };
}

function serverAttributes(baseUrl: string): Span["attributes"] {
  if (!URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  return { "server.address": hostname, "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
