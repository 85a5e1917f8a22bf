import { z } from "zod";
import { defineOperation } from "./operation.ts";

const common = { tag: "Observation", auth: "open" as const };

const readiness = z.strictObject({
  status: z.enum(["ready", "not-ready"]),
  /** What is wrong, in one word each: `store`, `models`. */
  reasons: z.array(z.string()),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), message: z.string() })).optional(),
});

export const observeOperations = {
  metrics: defineOperation({
    ...common, id: "metrics", method: "GET", path: "/metrics", summary: "Metrics for Prometheus, text format 0.0.4", replyType: "text/plain; version=0.0.4; charset=utf-8",
    description: "Takes the management key, the bearer token of `metrics.token`, or nothing where `metrics.open` is on.",
    failures: { 401: "neither key nor token", 404: "metrics are switched off" },
  }),
  live: defineOperation({ ...common, id: "healthLive", method: "GET", path: "/health/live", summary: "The program answers", reply: z.strictObject({ status: z.literal("ok") }) }),
  ready: defineOperation({ ...common, id: "healthReady", method: "GET", path: "/health/ready", summary: "Whether requests can be served; details only with the management key", reply: readiness, failures: { 503: "they cannot; the body says why" } }),
};
