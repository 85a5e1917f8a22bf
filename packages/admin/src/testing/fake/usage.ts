import type { AttemptView, UsageRow, UsageSumsView } from "../../../../gateway/src/management/contract/usage.ts";

type UsageDimension = "hour" | "day" | "user" | "key" | "principal" | "endpoint" | "dialect" | "provider" | "credential" | "model" | "upstreamModel";

const HOUR = 3_600_000;
const PAGE = { records: 100 };

export interface UsageQueryFields {
  readonly from?: number;
  readonly to?: number;
  readonly user?: readonly string[];
  readonly key?: readonly string[];
  readonly principal?: readonly string[];
  readonly provider?: readonly string[];
  readonly credential?: readonly string[];
  readonly model?: readonly string[];
  readonly dialect?: readonly string[];
  readonly outcome?: readonly string[];
  readonly groupBy?: readonly UsageDimension[];
  readonly limit?: number;
  readonly cursor?: string;
}

export function makeUsage(attempts: () => readonly AttemptView[], now: () => number): Readonly<Record<string, unknown>> {
  const filtered = (query: UsageQueryFields): readonly AttemptView[] => attempts().filter((one) => matches(one, query));
  return {
    usageSummary: ({ query }: { query: UsageQueryFields }) => ({ rows: group(filtered(query), query.groupBy ?? []), totals: sum(filtered(query)) }),
    usageRecords: ({ query }: { query: UsageQueryFields }) => {
      const all = filtered(query);
      const from = Number(query.cursor ?? 0);
      const to = from + (query.limit ?? PAGE.records);
      return { records: all.slice(from, to), ...(to < all.length && { nextCursor: String(to) }) };
    },
    usageCsv: ({ query }: { query: UsageQueryFields }) => csv(group(filtered(query), query.groupBy ?? []).map(({ labels, dimensions: _dimensions, ...sums }) => ({ ...labels, ...sums }))),
    usageRecordsCsv: ({ query }: { query: UsageQueryFields }) => csv(filtered(query).map((one) => ({ ...one, losses: one.losses.join(" ") }))),
    overview: ({ query }: { query: { range: "1h" | "24h" | "7d" | "30d" } }) => overview(attempts(), query.range, now()),
  };
}

function overview(all: readonly AttemptView[], range: "1h" | "24h" | "7d" | "30d", to: number): unknown {
  const span = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 }[range] * HOUR;
  const step = { "1h": 1 / 30, "24h": 1, "7d": 6, "30d": 24 }[range] * HOUR;
  const within = (from: number, until: number): readonly AttemptView[] => all.filter(({ startedAt }) => startedAt >= from && startedAt < until);
  const from = to - span;
  const series = Array.from({ length: Math.round(span / step) }, (_, index) => {
    const at = Math.round(from + index * step);
    const { requests, failed, inputTokens, cacheReadTokens, outputTokens, reasoningTokens, costUsd, averageFirstEventMs } = sum(within(at, at + step));
    return { at, requests, failed, inputTokens, cacheReadTokens, outputTokens, reasoningTokens, costUsd, ...(averageFirstEventMs !== undefined && { averageFirstEventMs }) };
  });
  const top = (dimension: UsageDimension): readonly UsageRow[] => [...group(within(from, to), [dimension])].sort((one, other) => other.costUsd - one.costUsd).slice(0, 5);
  return {
    from, to, totals: sum(within(from, to)), before: sum(within(from - span, from)), series, topModels: top("model"), topUsers: top("user"),
    attention: [
      { level: "warning", kind: "cooldown", message: "gemini …Zz3u pauses until its quota resets", link: "/providers", at: to - 240_000 },
      { level: "warning", kind: "budget", message: "research has used 93% of its budget of this month", link: "/access", at: to - 3_600_000 },
    ],
    live: { openRequests: 2 },
  };
}

function matches(one: AttemptView, query: UsageQueryFields): boolean {
  const among = (allowed: readonly string[] | undefined, value: string | number | undefined): boolean => allowed === undefined || allowed.includes(String(value));
  return one.startedAt >= (query.from ?? 0) && one.startedAt < (query.to ?? Infinity)
    && among(query.user, one.userId) && among(query.key, one.keyId) && among(query.principal, one.principal) && among(query.provider, one.provider)
    && among(query.credential, one.credentialIndex) && among(query.model, one.modelAsked) && among(query.dialect, one.clientDialect) && among(query.outcome, one.outcome);
}

type Dimension = readonly [value: string | number, label?: string];
const DIMENSIONS: Readonly<Record<UsageDimension, (one: AttemptView) => Dimension | undefined>> = {
  hour: (one) => [Math.floor(one.startedAt / HOUR) * HOUR],
  day: (one) => [new Date(one.startedAt).toISOString().slice(0, 10)],
  user: (one) => one.userId === undefined ? undefined : [one.userId, one.username],
  key: (one) => one.keyId === undefined ? undefined : [one.keyId, one.keyName],
  principal: (one) => [one.principal],
  endpoint: (one) => [one.endpoint],
  dialect: (one) => [one.clientDialect],
  provider: (one) => [one.provider],
  credential: (one) => [one.credentialIndex, one.credential],
  model: (one) => [one.modelAsked],
  upstreamModel: (one) => [one.modelUpstream],
};

function group(attempts: readonly AttemptView[], by: readonly UsageDimension[]): readonly UsageRow[] {
  const rows = new Map<string, { dimensions: Record<string, string | number>; labels: Record<string, string>; attempts: AttemptView[] }>();
  for (const one of attempts) {
    const dimensions: Record<string, string | number> = {};
    const labels: Record<string, string> = {};
    for (const dimension of by) {
      const found = DIMENSIONS[dimension](one);
      if (found === undefined) continue;
      dimensions[dimension] = found[0];
      labels[dimension] = found[1] ?? String(found[0]);
    }
    const name = JSON.stringify(dimensions);
    const row = rows.get(name) ?? { dimensions, labels, attempts: [] };
    row.attempts.push(one);
    rows.set(name, row);
  }
  return [...rows.values()].map((row) => ({ ...sum(row.attempts), dimensions: row.dimensions, labels: row.labels }));
}

function sum(attempts: readonly AttemptView[]): UsageSumsView {
  const total = (value: (one: AttemptView) => number | undefined): number => attempts.reduce((so, one) => so + (value(one) ?? 0), 0);
  const good = attempts.filter(({ outcome }) => outcome === "succeeded");
  const mean = (value: (one: AttemptView) => number | undefined): number | undefined => good.length === 0 ? undefined : good.reduce((so, one) => so + (value(one) ?? 0), 0) / good.length;
  const averageFirstEventMs = mean(({ firstEventMs }) => firstEventMs);
  const averageDurationMs = mean(({ durationMs }) => durationMs);
  return {
    attempts: attempts.length, requests: attempts.filter(({ attempt }) => attempt === 1).length, succeeded: good.length,
    failed: attempts.filter(({ outcome }) => outcome === "failed").length, cancelled: attempts.filter(({ outcome }) => outcome === "cancelled").length,
    inputTokens: total((one) => one.inputTokens), cacheReadTokens: total((one) => one.cacheReadTokens), cacheWriteTokens: total((one) => one.cacheWriteTokens),
    outputTokens: total((one) => one.outputTokens), reasoningTokens: total((one) => one.reasoningTokens), totalTokens: total((one) => one.totalTokens),
    costUsd: total((one) => one.costUsd), unpriced: attempts.filter(({ totalTokens, costUsd }) => totalTokens !== undefined && costUsd === undefined).length,
    estimated: attempts.filter(({ estimated }) => estimated).length,
    ...(averageFirstEventMs !== undefined && { averageFirstEventMs }), ...(averageDurationMs !== undefined && { averageDurationMs }),
  };
}

function csv(rows: readonly object[]): Response {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string => value === undefined ? "" : `"${String(value).replaceAll('"', '""')}"`;
  const text = [names.join(","), ...rows.map((row) => names.map((name) => cell((row as Record<string, unknown>)[name])).join(","))].join("\r\n");
  return new Response(`${text}\r\n`, { headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": 'attachment; filename="usage.csv"' } });
}
