import type { Account } from "./account.ts";

/**
 * When an account that takes part wants its token renewed by itself: ahead of its end by the lead of its kind, or at the
 * pace that its file asks for. Epoch ms; `undefined`: never.
 */
export function renewalTime(account: Account): number | undefined {
  const { kind, facts, settings, content } = account;
  const own = Number(content.refresh_interval_seconds ?? content.refresh_interval ?? content.refreshIntervalSeconds ?? 0) * 1000;
  const lead = own > 0 ? own : settings.renewLeadMs ?? facts.renewLeadMs ?? kind.renewLeadMs;
  if (lead === undefined || kind.renew === undefined || account.missingSetting !== undefined || !account.canRenew) return undefined;
  const byExpiry = facts.expiresAt === undefined ? undefined : facts.expiresAt - lead;
  const byAge = facts.renewedAt === undefined ? undefined : facts.renewedAt + lead;
  const due = own > 0 ? Math.min(byExpiry ?? Number.POSITIVE_INFINITY, byAge ?? 0) : byExpiry ?? byAge ?? 0;
  return Math.max(due, account.quietUntilAt, account.renewAgainFrom);
}
