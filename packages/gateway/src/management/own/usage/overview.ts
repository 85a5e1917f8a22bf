import type { z } from "zod";
import type { Store, UsageStore } from "../../../store/port.ts";
import type { GroupedUsage, UsageSums } from "../../../usage/query.ts";
import type { usageOperations, UsageRow } from "../../contract/usage.ts";
import type { Office } from "../../office.ts";
import { attentionOf } from "./attention.ts";
import { namesOf, type Names } from "./names.ts";
import { addUp, seriesOf, spanOf, type Range, type Span, type Step } from "./series.ts";
import { toUsd } from "../../../prices/nano-usd.ts";
import { NO_SUMS, rowView, sumsView } from "./views.ts";

type Overview = z.infer<NonNullable<typeof usageOperations.overview.reply>>;

/** How many rows a list of the biggest has. */
const TOP = 5;

export async function overviewOf(office: Office, store: Store, range: Range): Promise<Overview> {
  const span = spanOf(range, office.engine.ports.clock.now());
  const length = span.count * span.stepMs;
  const names = await namesOf(store, office);
  const [totals, before, series, topModels, topUsers, attention] = await Promise.all([
    totalsOf(store.usage, span.from, span.to),
    // As far as this span has come, so that both are of one length.
    totalsOf(store.usage, span.from - length, span.to - length),
    seriesOf(store.usage, span),
    biggestModels(store.usage, span, names),
    biggestUsers(store.usage, span, names),
    attentionOf(office, store, names),
  ]);
  return {
    from: span.from, to: span.to - 1,
    totals: sumsView(totals), before: sumsView(before), series: series.map(stepView),
    topModels: [...topModels], topUsers: [...topUsers], attention: [...attention],
    live: { openRequests: office.monitor.openRequests },
  };
}

async function totalsOf(store: Pick<UsageStore, "group">, from: number, to: number): Promise<UsageSums> {
  const [row] = await store.group({ from: Math.max(0, from), to: Math.max(0, to), groupBy: [] });
  return row ?? NO_SUMS;
}

function stepView({ at, sums }: Step): Overview["series"][number] {
  return {
    at, requests: sums.requests, failed: sums.failed, inputTokens: sums.inputTokens, cacheReadTokens: sums.cacheReadTokens, outputTokens: sums.outputTokens, reasoningTokens: sums.reasoningTokens,
    costUsd: toUsd(sums.costNanoUsd), ...(sums.averageFirstEventMs !== undefined && { averageFirstEventMs: sums.averageFirstEventMs }),
  };
}

const bySize = (a: UsageSums, b: UsageSums): number => b.costNanoUsd - a.costNanoUsd || b.totalTokens - a.totalTokens || b.attempts - a.attempts;

async function biggestModels(store: UsageStore, { from, to }: Span, names: Names): Promise<readonly UsageRow[]> {
  const rows = await store.group({ from, to, groupBy: ["model"] });
  return rows.toSorted(bySize).slice(0, TOP).map((row) => rowView(row, ["model"], names));
}

/** People with all their keys; keys without an owner each for itself. */
async function biggestUsers(store: UsageStore, { from, to }: Span, names: Names): Promise<readonly UsageRow[]> {
  const rows = await store.group({ from, to, groupBy: ["user", "principal"] });
  const byOwner = new Map<string, GroupedUsage[]>();
  for (const row of rows) {
    const owner = row.user === undefined ? `principal ${row.principal}` : `user ${row.user}`;
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), row]);
  }
  const owners = [...byOwner.values()].map(([first, ...rest]): GroupedUsage => ({
    ...addUp([first, ...rest].filter((row) => row !== undefined)),
    ...(first?.user !== undefined ? { user: first.user } : first?.principal !== undefined && { principal: first.principal }),
  }));
  return owners.toSorted(bySize).slice(0, TOP).map((row) => rowView(row, [row.user === undefined ? "principal" : "user"], names));
}
