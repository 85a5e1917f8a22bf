import { z } from "zod";
import { BASE, defineOperation, time } from "./operation.ts";
import { attemptView } from "./usage.ts";

/** A request as it stands now. Of one that was refused before it was read nobody knows who sent it: its principal is `unknown`. */
export const liveRequest = z.strictObject({
  requestId: z.string(), startedAt: time, endedAt: time.optional(), state: z.enum(["running", "succeeded", "failed", "cancelled"]),
  principal: z.string(), username: z.string().optional(), keyName: z.string().optional(), endpoint: z.string(), clientDialect: z.string(), streamed: z.boolean().optional(),
  modelAsked: z.string().optional(), provider: z.string().optional(), credential: z.string().optional(), modelUpstream: z.string().optional(), upstreamDialect: z.string().optional(),
  attempts: z.number(), status: z.number().optional(), firstEventMs: z.number().optional(), durationMs: z.number().optional(), inputTokens: z.number().optional(), outputTokens: z.number().optional(), costUsd: z.number().optional(),
  losses: z.number(), captured: z.boolean(), error: z.string().optional(), errorCode: z.string().optional(),
});
export type LiveRequest = z.infer<typeof liveRequest>;

/** One body or stream; `truncated` when it was longer than is kept. Secrets are out. */
const captured = z.strictObject({ headers: z.record(z.string(), z.string()).optional(), text: z.string(), bytes: z.number(), truncated: z.boolean() });

export const liveDetail = z.strictObject({
  request: liveRequest,
  /** What routing decided, in order. */
  decisions: z.array(z.strictObject({ at: time, attempt: z.number().optional(), kind: z.string(), message: z.string() })),
  attempts: z.array(z.strictObject({
    record: attemptView.optional(),
    upstreamUrl: z.string().optional(), upstreamStatus: z.number().optional(),
    upstreamRequest: captured.optional(), upstreamResponse: captured.optional(),
    losses: z.array(z.strictObject({ code: z.string(), path: z.string(), action: z.string(), note: z.string().optional() })),
  })),
  clientRequest: captured.optional(), clientResponse: captured.optional(),
});
export type LiveDetail = z.infer<typeof liveDetail>;

export const captureState = z.strictObject({ enabled: z.boolean(), /** Switches itself off then. */ until: time.optional(), maxBytes: z.number(), maxRequests: z.number() });

const common = { tag: "Live", auth: "management" as const };
const requestParams = z.strictObject({ requestId: z.string().min(1).max(100) });

export const liveOperations = {
  listLive: defineOperation({ ...common, id: "listLive", method: "GET", path: `${BASE}/live`, summary: "Requests under way and the last ones, newest first", reply: z.strictObject({ requests: z.array(liveRequest), capture: captureState }) }),
  liveEvents: defineOperation({ ...common, id: "liveEvents", method: "GET", path: `${BASE}/live/events`, summary: "Requests as they change: events named `request`, each a whole request; a comment every 15 s", replyType: "text/event-stream" }),
  liveRequest: defineOperation({ ...common, id: "liveRequest", method: "GET", path: `${BASE}/live/{requestId}`, summary: "One request, both dialects, decisions and timings", params: requestParams, reply: liveDetail, failures: { 404: "it is not kept any more" } }),
  setCapture: defineOperation({ ...common, id: "setCapture", method: "PUT", path: `${BASE}/live/capture`, summary: "Keep the bodies of requests from now on, or no more", body: z.strictObject({ enabled: z.boolean(), minutes: z.number().int().min(1).max(1440).optional() }), reply: captureState, audit: "capture.switched" }),
  replay: defineOperation({ ...common, id: "replay", method: "POST", path: `${BASE}/live/{requestId}/replay`, summary: "Send a captured request again, if need be to another model; the reply is the model's own", params: requestParams, body: z.strictObject({ model: z.string().min(1).optional() }), replyType: "text/event-stream", audit: "request.replayed", failures: { 404: "it is not kept any more", 409: "its body was not captured" } }),
  playground: defineOperation({ ...common, id: "playground", method: "POST", path: `${BASE}/playground`, summary: "Send any request to the gateway's own front door, without a client key", body: z.strictObject({ method: z.enum(["GET", "POST"]).default("POST"), path: z.string().regex(/^\/v1/), body: z.json().optional() }), replyType: "text/event-stream" }),
};
