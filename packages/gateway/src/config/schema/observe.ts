import { z } from "zod";
import { count, flag, headers, httpUrl, live } from "./fields.ts";

/** What is seen of requests, and by whom. */
export const observeShape = {
  capture: z.strictObject({
    enabled: flag(false).meta(live("Keep the bodies of requests and replies in memory for the live view. It can be switched there, too.")),
    "max-bytes": count(262_144, 1024).meta(live("Bytes kept of each body.")),
    "max-requests": z.int().min(1).max(500).default(50).meta(live("Requests whose bodies are kept at once; all together never more than 64 MiB.")),
  }).prefault({}).meta(live("Bodies in the live view. They hold what users wrote.")),
  metrics: z.strictObject({
    enabled: flag(true).meta(live("Answer at `/metrics`.")),
    open: flag(false).meta(live("Let everybody read the metrics. Otherwise the management key or `token` is needed.")),
    token: z.string().default("").meta(live("Bearer token that opens `/metrics` and nothing else.", { secret: true })),
    "max-models": count(100, 1).meta(live("Distinct models told apart in labels; further ones are counted as `other`.")),
  }).prefault({}).meta(live("Metrics for Prometheus.")),
  telemetry: z.strictObject({
    endpoint: httpUrl.default("").meta(live("Address of an OpenTelemetry collector (OTLP over HTTP, JSON); `/v1/traces` is appended. Empty: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT`, else no traces.")),
    headers: headers.meta(live("Headers for the collector; else `OTEL_EXPORTER_OTLP_HEADERS`.")),
    "service-name": z.string().trim().default("").meta(live("`service.name` of the traces. Empty: `OTEL_SERVICE_NAME`, else `dragoman`.")),
    propagate: flag(false).meta(live("Send the trace context on to upstreams as `traceparent`.")),
  }).prefault({}).meta(live("Traces of requests, without bodies.")),
};
