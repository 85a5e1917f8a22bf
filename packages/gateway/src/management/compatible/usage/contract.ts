import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";

const tokens = z.object({ input_tokens: z.number(), output_tokens: z.number(), reasoning_tokens: z.number(), cached_tokens: z.number(), total_tokens: z.number() });
const detail = z.object({ timestamp: z.string(), source: z.string(), auth_index: z.string(), latency_ms: z.number(), failed: z.boolean(), tokens });
const sums = { total_requests: z.number(), total_tokens: z.number() };
const counts = z.record(z.string(), z.number());

/** The statistics of CLIProxyAPI. Days and hours are those of the server's clock; hours fold all days together. */
export const usageSnapshot = z.object({
  total_requests: z.number(), success_count: z.number(), failure_count: z.number(), total_tokens: z.number(),
  requests_by_day: counts, requests_by_hour: counts, tokens_by_day: counts, tokens_by_hour: counts,
  apis: z.record(z.string(), z.object({ ...sums, models: z.record(z.string(), z.object({ ...sums, details: z.array(detail) })) })),
});
export type UsageSnapshot = z.infer<typeof usageSnapshot>;
export type UsageDetail = z.infer<typeof detail>;
export type TokenCounts = z.infer<typeof tokens>;

const amount = z.number().catch(0).default(0);
/** What others wrote: whatever is missing is none. */
export const importedDetail = z.object({
  timestamp: z.string(),
  source: z.string().catch("").default(""),
  auth_index: z.string().catch("").default(""),
  latency_ms: amount,
  failed: z.boolean().catch(false).default(false),
  tokens: z.object({ input_tokens: amount, output_tokens: amount, reasoning_tokens: amount, cached_tokens: amount, total_tokens: amount }).prefault({}),
});
export type ImportedDetail = z.infer<typeof importedDetail>;

export const usageImport = z.object({
  version: z.number().optional(),
  usage: z.object({ apis: z.record(z.string(), z.object({ models: z.record(z.string(), z.object({ details: z.array(z.unknown()).nullish() })).nullish() })).nullish() }).prefault({}),
});

const common = { tag: "Usage (CLIProxyAPI)", auth: "management" as const };

export const compatibleUsageOperations = {
  usage: defineOperation({ ...common, id: "compatibleUsage", method: "GET", path: `${BASE}/usage`, summary: "Statistics of all attempts, in the shape of CLIProxyAPI", reply: z.object({ usage: usageSnapshot, failed_requests: z.number() }) }),
  exportUsage: defineOperation({ ...common, id: "exportUsage", method: "GET", path: `${BASE}/usage/export`, summary: "The statistics as a file that can be imported", reply: z.object({ version: z.literal(1), exported_at: z.string(), usage: usageSnapshot }), failures: { 400: "there is no store" } }),
  importUsage: defineOperation({
    ...common, id: "importUsage", method: "POST", path: `${BASE}/usage/import`, summary: "Add the attempts of an export; those that are there already are skipped",
    body: z.unknown(), invalidBody: "invalid json", audit: "usage.imported",
    reply: z.object({ added: z.number(), skipped: z.number(), total_requests: z.number(), failed_requests: z.number() }),
    failures: { 400: "the body is no export, its version is unknown, or there is no store" },
  }),
  usageQueue: defineOperation({ ...common, id: "usageQueue", method: "GET", path: `${BASE}/usage-queue`, summary: "Takes the oldest records of the queue away and returns them", query: z.object({ count: z.string().optional() }), reply: z.array(z.record(z.string(), z.unknown())), failures: { 400: "count is no positive whole number" } }),
};
