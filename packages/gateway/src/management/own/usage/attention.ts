import type { z } from "zod";
import { windowEnd, windowStart } from "../../../access/budget-window.ts";
import type { Limits } from "../../../access/limits.ts";
import { credentialsOf, type Placed } from "../../../routing/roster.ts";
import type { Store } from "../../../store/port.ts";
import type { GroupedUsage } from "../../../usage/query.ts";
import type { attention } from "../../contract/usage.ts";
import type { Office } from "../../office.ts";
import type { Names } from "./names.ts";
import { toUsd } from "../../../prices/nano-usd.ts";

export type Attention = z.infer<typeof attention>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From this share on a budget is nearly spent. */
const NEARLY = 0.8;
/** So many failures within an hour are no accident. */
const MANY_FAILURES = 5;
/** Attempts that wait for the database a moment after all were asked to go there. */
const MANY_WAITING = 1000;
const RANK = { error: 0, warning: 1, info: 2 } as const;
/** Names that one message lists. */
const SHOWN = 5;

/** What the operator should look at now, the worst first. */
export async function attentionOf(office: Office, store: Store, names: Names): Promise<readonly Attention[]> {
  const now = office.engine.ports.clock.now();
  const found = await Promise.all([houseAttention(office), credentialAttention(office, store, now), budgetAttention(store, names, now), priceAttention(store, now)]);
  return found.flat().toSorted((a, b) => RANK[a.level] - RANK[b.level]);
}

async function houseAttention(office: Office): Promise<readonly Attention[]> {
  const found: Attention[] = [];
  const credentials = credentialsOf(office.engine.switchboard.roster).filter(({ disabled }) => !disabled);
  if (credentials.length === 0) found.push({ level: "error", kind: "no-upstream", message: "No upstream is configured: nothing can be answered.", link: "/providers" });
  if (!(await office.engine.guard.isKeyed())) {
    found.push({ level: "warning", kind: "open-gateway", message: "There is no client key: whoever reaches this address may use it.", link: "/access" });
  }
  const waiting = office.engine.ports.usage.backlog?.() ?? 0;
  if (waiting > MANY_WAITING) found.push({ level: "warning", kind: "journal-backlog", message: `${waiting} attempts wait in the journal: the database is slow or away. What you see here is not all of it.`, link: "/logs" });
  return found;
}

async function credentialAttention(office: Office, store: Store, now: number): Promise<readonly Attention[]> {
  const { roster } = office.engine.switchboard;
  const cooling = credentialsOf(roster).filter(({ disabled }) => !disabled).flatMap((placed) => coolingAttention(placed, roster.cooldowns(placed.credential.id)));
  const rows = await store.usage.group({ from: now - HOUR_MS, to: now + 1, groupBy: ["credential"] });
  const known = new Set(credentialsOf(roster).map(({ credential }) => credential.index));
  const failing = rows.filter(({ failed, succeeded, credential }) => failed >= MANY_FAILURES && failed > succeeded && known.has(credential ?? "")).map((row): Attention => ({
    level: row.succeeded === 0 ? "error" : "warning", kind: "credential-failing", link: "/providers",
    message: `${row.credentialLabel ?? row.credential}: ${row.failed} of ${row.failed + row.succeeded} attempts failed within the last hour.`,
  }));
  return [...failing, ...cooling];
}

type Cooldowns = ReturnType<Office["engine"]["switchboard"]["roster"]["cooldowns"]>;

/** One line a credential: the longest of its pauses. */
function coolingAttention({ credential }: Placed, cooldowns: Cooldowns): readonly Attention[] {
  const longest = cooldowns.toSorted((a, b) => Number(b.suspends) - Number(a.suspends) || b.until - a.until)[0];
  if (longest === undefined) return [];
  const what = longest.model === "*" ? "all its models" : cooldowns.length > 1 ? `${cooldowns.length} models` : longest.model;
  const why = longest.kind === undefined ? "" : ` (${longest.kind})`;
  return [{ level: longest.suspends ? "error" : "warning", kind: longest.suspends ? "credential-suspended" : "credential-cooling", message: `${credential.label} rests for ${what}${why}.`, link: "/providers", at: longest.until }];
}

interface Holder {
  readonly kind: "user" | "key";
  readonly id: number;
  readonly name: string;
  readonly limits: Limits;
}

type Budget = NonNullable<Limits["budgets"]>[number];
type Spent = Readonly<Record<Holder["kind"], ReadonlyMap<number, GroupedUsage>>>;

/** Two queries for each kind of window, however many keys there are. */
async function budgetAttention(store: Store, names: Names, now: number): Promise<readonly Attention[]> {
  const [users, keys] = await Promise.all([store.users.list(), store.keys.list()]);
  const holders: readonly Holder[] = [
    ...users.filter(({ active }) => active).map(({ id, username, limits }): Holder => ({ kind: "user", id, name: username, limits })),
    ...keys.filter(({ active }) => active).map(({ id, limits }): Holder => ({ kind: "key", id, name: names.key(id), limits })),
  ];
  const windows = [...new Set(holders.flatMap(({ limits }) => (limits.budgets ?? []).map(({ window }) => window)))];
  const spent = new Map(await Promise.all(windows.map(async (window) => [window, await spentSince(store, windowStart(window, now))] as const)));
  return holders.flatMap((holder) => (holder.limits.budgets ?? []).flatMap((budget) => spentShare(holder, budget, spent.get(budget.window)?.[holder.kind].get(holder.id), now)));
}

async function spentSince(store: Store, from: number): Promise<Spent> {
  const [byUser, byKey] = await Promise.all([store.usage.group({ from, groupBy: ["user"] }), store.usage.group({ from, groupBy: ["key"] })]);
  return { user: new Map(byUser.map((row) => [row.user ?? 0, row])), key: new Map(byKey.map((row) => [row.key ?? 0, row])) };
}

function spentShare(holder: Holder, { window, tokens, usd }: Budget, spent: GroupedUsage | undefined, now: number): readonly Attention[] {
  const share = Math.max(tokens === undefined ? 0 : (spent?.totalTokens ?? 0) / tokens, usd === undefined ? 0 : toUsd(spent?.costNanoUsd ?? 0) / usd);
  if (share < NEARLY) return [];
  const end = windowEnd(window, now);
  return [{
    level: share >= 1 ? "error" : "warning", kind: share >= 1 ? "budget-spent" : "budget-nearly-spent", link: "/access", ...(end !== undefined && { at: end }),
    message: `${holder.name} has spent ${Math.floor(share * 100)}% of the ${window === "total" ? "whole" : window} budget.`,
  }];
}

async function priceAttention(store: Store, now: number): Promise<readonly Attention[]> {
  const rows = await store.usage.group({ from: now - DAY_MS, to: now + 1, groupBy: ["upstreamModel"] });
  const models = rows.filter(({ unpriced }) => unpriced > 0).toSorted((a, b) => b.unpriced - a.unpriced).map(({ upstreamModel }) => upstreamModel ?? "");
  if (models.length === 0) return [];
  const rest = models.length > SHOWN ? ` and ${models.length - SHOWN} more` : "";
  return [{ level: "info", kind: "unpriced-models", link: "/models", message: `The price of ${models.slice(0, SHOWN).join(", ")}${rest} is unknown: their cost is missing in all sums.` }];
}
