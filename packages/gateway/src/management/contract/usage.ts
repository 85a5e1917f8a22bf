import { z } from "zod";
import { HOURLY_DAYS, USAGE_DIMENSIONS } from "../../usage/query.ts";
import { BASE, defineOperation, time } from "./operation.ts";

/** Lists are comma-separated: `model=a,b`. */
const list = z.string().min(1).transform((text) => text.split(",").map((part) => part.trim()).filter((part) => part !== "")).optional();
const filter = { from: z.coerce.number().int().nonnegative().optional(), to: z.coerce.number().int().nonnegative().optional(), user: list, key: list, principal: list, provider: list, credential: list, model: list, dialect: list };

/** Sums as in `UsageSums`, money as decimal dollars. */
export const usageSums = z.strictObject({
  attempts: z.number(), requests: z.number(), succeeded: z.number(), failed: z.number(), cancelled: z.number(),
  inputTokens: z.number(), cacheReadTokens: z.number(), cacheWriteTokens: z.number(), outputTokens: z.number(), reasoningTokens: z.number(), totalTokens: z.number(),
  costUsd: z.number(), unpriced: z.number(), estimated: z.number(), averageFirstEventMs: z.number().optional(), averageDurationMs: z.number().optional(),
});
export type UsageSumsView = z.infer<typeof usageSums>;

/** `label` says each dimension's value as people know it: the user's name, the key's name or prefix, the credential's label. */
export const usageRow = z.strictObject({ ...usageSums.shape, dimensions: z.record(z.string(), z.union([z.string(), z.number()])), labels: z.record(z.string(), z.string()) });
export type UsageRow = z.infer<typeof usageRow>;

export const attemptView = z.strictObject({
  requestId: z.string(), attempt: z.number(), startedAt: time, durationMs: z.number(), firstEventMs: z.number().optional(),
  principal: z.string(), keyId: z.number().optional(), keyName: z.string().optional(), userId: z.number().optional(), username: z.string().optional(), clientAddress: z.string().optional(),
  endpoint: z.string(), clientDialect: z.string(), upstreamDialect: z.string(), provider: z.string(), credential: z.string(), credentialIndex: z.string(),
  modelAsked: z.string(), modelUpstream: z.string(), modelAnswered: z.string().optional(), streamed: z.boolean(), passthrough: z.boolean(),
  outcome: z.enum(["succeeded", "failed", "cancelled"]), status: z.number(), failure: z.string().optional(), errorCode: z.string().optional(), finishReason: z.string().optional(), reasoningEffort: z.string().optional(),
  inputTokens: z.number().optional(), cacheReadTokens: z.number().optional(), cacheWriteTokens: z.number().optional(), outputTokens: z.number().optional(), reasoningTokens: z.number().optional(), totalTokens: z.number().optional(), estimated: z.boolean(),
  costUsd: z.number().optional(), losses: z.array(z.string()),
});
export type AttemptView = z.infer<typeof attemptView>;

/** Something that wants the operator's eye. */
export const attention = z.strictObject({ level: z.enum(["info", "warning", "error"]), kind: z.string(), message: z.string(), /** Page of the web interface. */ link: z.string().optional(), at: time.optional() });

const common = { tag: "Usage", auth: "management" as const };
const groupBy = z.string().transform((text) => text.split(",").filter((part) => part !== "")).pipe(z.array(z.enum(USAGE_DIMENSIONS))).default([])
  .describe(`Dimensions, comma-separated; none: totals. \`hour\` with a filter is answered over at most ${HOURLY_DAYS[0]} days, with another dimension ${HOURLY_DAYS[1]}, with more ${HOURLY_DAYS[2]}; rows of longer spans have a \`day\` in its place.`);

export const usageOperations = {
  usageSummary: defineOperation({ ...common, id: "usageSummary", method: "GET", path: `${BASE}/usage/summary`, summary: "Sums of usage by any dimensions", query: z.strictObject({ ...filter, groupBy }), reply: z.strictObject({ rows: z.array(usageRow), totals: usageSums }) }),
  usageRecords: defineOperation({ ...common, id: "usageRecords", method: "GET", path: `${BASE}/usage/records`, summary: "Attempts one by one, newest first", query: z.strictObject({ ...filter, outcome: list, limit: z.coerce.number().int().min(1).max(1000).default(100), cursor: z.string().optional() }), reply: z.strictObject({ records: z.array(attemptView), nextCursor: z.string().optional() }) }),
  usageCsv: defineOperation({ ...common, id: "usageCsv", method: "GET", path: `${BASE}/usage/summary.csv`, summary: "The same sums as CSV", query: z.strictObject({ ...filter, groupBy }), replyType: "text/csv" }),
  usageRecordsCsv: defineOperation({ ...common, id: "usageRecordsCsv", method: "GET", path: `${BASE}/usage/records.csv`, summary: "All attempts that match, as CSV", query: z.strictObject({ ...filter, outcome: list }), replyType: "text/csv" }),
  overview: defineOperation({
    ...common, id: "overview", method: "GET", path: `${BASE}/overview`, summary: "The state of the house at a glance",
    query: z.strictObject({ range: z.enum(["1h", "24h", "7d", "30d"]).default("24h") }),
    reply: z.strictObject({
      from: time, to: time, totals: usageSums, before: usageSums.describe("The same span before this one."),
      /** Steps of equal length over the whole span; empty steps are there as well. */
      series: z.array(z.strictObject({ at: time, requests: z.number(), failed: z.number(), inputTokens: z.number(), cacheReadTokens: z.number(), outputTokens: z.number(), reasoningTokens: z.number(), costUsd: z.number(), averageFirstEventMs: z.number().optional() })),
      topModels: z.array(usageRow), topUsers: z.array(usageRow), attention: z.array(attention), live: z.strictObject({ openRequests: z.number() }),
    }),
  }),
};
