import { z } from "zod";

/** Spans over which a budget is spent. `5h` counts the running clock hour and the four before it; the others are calendar spans in UTC, weeks from Monday. */
export const BUDGET_WINDOWS = ["5h", "day", "week", "month", "total"] as const;
export type BudgetWindow = (typeof BUDGET_WINDOWS)[number];

const positive = z.number().positive();

export const budgetSchema = z.strictObject({
  window: z.enum(BUDGET_WINDOWS),
  /** Input and output of all kinds together. */
  tokens: positive.int().optional(),
  usd: positive.optional(),
}).refine(({ tokens, usd }) => tokens !== undefined || usd !== undefined, { message: "a budget limits tokens, usd or both" });

/** What a key or a user may use. Absent: no limit. */
export const limitsSchema = z.strictObject({
  requestsPerMinute: positive.int().optional(),
  tokensPerMinute: positive.int().optional(),
  concurrentRequests: positive.int().optional(),
  budgets: z.array(budgetSchema).optional(),
});

export type Budget = z.infer<typeof budgetSchema>;
export type Limits = z.infer<typeof limitsSchema>;
