import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { GroupedUsage, UsageDimension, UsageFilter, UsageSums } from "../../usage/query.ts";
import { HOUR_MS } from "./sample-attempts.ts";

/** The plain meaning of a filter. */
export function matches(record: AttemptRecord, filter: UsageFilter): boolean {
  const among = <T>(list: readonly T[] | undefined, value: T | undefined): boolean => list === undefined || (value !== undefined && list.includes(value));
  return record.startedAt >= (filter.from ?? 0) && record.startedAt < (filter.to ?? Infinity)
    && among(filter.userIds, record.userId) && among(filter.keyIds, record.keyId) && among(filter.principals, record.principal) && among(filter.providers, record.provider)
    && among(filter.credentials, record.credentialIndex) && among(filter.models, record.modelAsked) && among(filter.dialects, record.clientDialect);
}

/** The plain meaning of sums, worked out one record after the other. */
export function sumsOf(records: readonly AttemptRecord[]): UsageSums {
  const sum = (value: (record: AttemptRecord) => number | undefined, of = records): number => of.reduce((total, record) => total + (value(record) ?? 0), 0);
  const count = (is: (record: AttemptRecord) => boolean): number => records.filter(is).length;
  const good = records.filter(({ outcome }) => outcome === "succeeded");
  const begun = good.filter(({ firstEventMs }) => firstEventMs !== undefined);
  const tokens = {
    inputTokens: sum(({ usage }) => (usage?.inputFresh ?? 0) + (usage?.toolPrompt ?? 0)), cacheReadTokens: sum(({ usage }) => usage?.cacheRead), cacheWriteTokens: sum(({ usage }) => usage?.cacheWrite),
    outputTokens: sum(({ usage }) => usage?.outputVisible), reasoningTokens: sum(({ usage }) => usage?.reasoning),
  };
  const all = ({ usage }: AttemptRecord): number => [usage?.inputFresh, usage?.toolPrompt, usage?.cacheRead, usage?.cacheWrite, usage?.outputVisible, usage?.reasoning].reduce<number>((total, part) => total + (part ?? 0), 0);
  return {
    attempts: records.length, requests: count(({ attempt }) => attempt === 1), succeeded: good.length, failed: count(({ outcome }) => outcome === "failed"), cancelled: count(({ outcome }) => outcome === "cancelled"),
    ...tokens, totalTokens: sum(all), costNanoUsd: sum(({ costNanoUsd }) => costNanoUsd),
    unpriced: count((record) => record.costNanoUsd === undefined && all(record) > 0), estimated: count(({ usage }) => usage?.estimated === true),
    ...(begun.length > 0 && { averageFirstEventMs: sum(({ firstEventMs }) => firstEventMs, begun) / begun.length }),
    ...(good.length > 0 && { averageDurationMs: sum(({ durationMs }) => durationMs, good) / good.length }),
  };
}

/** The rows that a query must give, in no order. */
export function groupsOf(records: readonly AttemptRecord[], dimensions: readonly UsageDimension[]): readonly GroupedUsage[] {
  const groups = new Map<string, { readonly dimensions: Partial<GroupedUsage>; readonly records: AttemptRecord[] }>();
  for (const record of records) {
    const values = Object.assign({}, ...dimensions.map((dimension) => valueOf(record, dimension))) as Partial<GroupedUsage>;
    const name = JSON.stringify(values);
    const group = groups.get(name) ?? { dimensions: values, records: [] };
    group.records.push(record);
    groups.set(name, group);
  }
  if (dimensions.length === 0 && groups.size === 0) return [sumsOf([])];
  return [...groups.values()].map((group) => ({ ...group.dimensions, ...sumsOf(group.records) }));
}

function valueOf(record: AttemptRecord, dimension: UsageDimension): Partial<GroupedUsage> {
  switch (dimension) {
    case "hour": return { hour: Math.floor(record.startedAt / HOUR_MS) * HOUR_MS };
    case "day": return { day: new Date(record.startedAt).toISOString().slice(0, 10) };
    case "user": return record.userId === undefined ? {} : { user: record.userId };
    case "key": return record.keyId === undefined ? {} : { key: record.keyId };
    case "principal": return { principal: record.principal };
    case "endpoint": return { endpoint: record.endpoint };
    case "dialect": return { dialect: record.clientDialect };
    case "provider": return { provider: record.provider };
    case "credential": return { credential: record.credentialIndex, credentialLabel: record.credential };
    case "model": return { model: record.modelAsked };
    case "upstreamModel": return { upstreamModel: record.modelUpstream };
  }
}

/** The same rows in a fixed order, with members in a fixed order. */
export function inOrder(rows: readonly GroupedUsage[]): readonly GroupedUsage[] {
  const tidy = (row: GroupedUsage): GroupedUsage => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))) as unknown as GroupedUsage;
  return rows.map(tidy).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
