import type { Principal } from "../../access/principal.ts";
import type { GroupedUsage, UsageFilter, UsageSums } from "../../usage/query.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type Errand, type Office } from "../office.ts";
import { infiniproxyOperations } from "./contract.ts";
import { parseMoment } from "./moments.ts";

/** What was used, as infiniproxy tells it. Failed and streamed requests count as well; the model is the one that answered. */
export const usageDesks: readonly Desk[] = [
  defineDesk(infiniproxyOperations.myUsage, async ({ actor, query, office }) => {
    const me = await userOf(office, actor.principal);
    const span = { ...(query.start_date !== undefined && { from: parseMoment("start_date", query.start_date).from }), ...(query.end_date !== undefined && { to: parseMoment("end_date", query.end_date).to }) };
    const rows = await (await ledgerOf(office)).group({ ...me.filter, ...span, groupBy: ["endpoint", "upstreamModel"] });
    return {
      user_id: me.id,
      username: me.name,
      ...totalsOf(rows),
      usage_by_endpoint: byTokens(rows).map((row) => ({ endpoint: (row.endpoint ?? "").replace(/^[A-Z]+ /, ""), model: row.upstreamModel ?? "", ...totalsOf([row]) })),
      start_date: query.start_date ?? null,
      end_date: query.end_date ?? null,
    };
  }),
  defineDesk(infiniproxyOperations.keyUsage, async (errand) => {
    await refuseOthers(errand);
    const { params: { id }, office } = errand;
    return { api_key_id: id, ...totalsOf(await (await ledgerOf(office)).group({ keyIds: [id], groupBy: [] })) };
  }),
  defineDesk(infiniproxyOperations.keyBackends, async (errand) => {
    await refuseOthers(errand);
    return { api_key_id: errand.params.id, ...(await backendsOf(errand.office, { keyIds: [errand.params.id] })) };
  }),
  defineDesk(infiniproxyOperations.userBackends, async ({ params, office }) => ({ user_id: params.id, ...(await backendsOf(office, { userIds: [params.id] })) })),
  defineDesk(infiniproxyOperations.backends, ({ office }) => backendsOf(office, {})),
];

/** All that this process has recorded is in there. */
async function ledgerOf(office: Office) {
  const { usage } = storeOf(office);
  await office.engine.ports.usage.flush?.();
  return usage;
}

/** A backend is a provider here: its address is nothing that callers need. */
async function backendsOf(office: Office, filter: UsageFilter) {
  const rows = await (await ledgerOf(office)).group({ ...filter, groupBy: ["provider", "upstreamModel"] });
  return { ...totalsOf(rows), usage_by_backend: byTokens(rows).map((row) => ({ backend_url: row.provider ?? "", model: row.upstreamModel ?? "", ...totalsOf([row]) })) };
}

function byTokens(rows: readonly GroupedUsage[]): readonly GroupedUsage[] {
  return rows.toSorted((a, b) => b.totalTokens - a.totalTokens);
}

function totalsOf(rows: readonly UsageSums[]) {
  const sum = (value: (row: UsageSums) => number): number => rows.reduce((total, row) => total + value(row), 0);
  return {
    total_requests: sum(({ requests }) => requests),
    total_input_tokens: sum(({ inputTokens, cacheReadTokens, cacheWriteTokens }) => inputTokens + cacheReadTokens + cacheWriteTokens),
    total_output_tokens: sum(({ outputTokens, reasoningTokens }) => outputTokens + reasoningTokens),
    total_tokens: sum(({ totalTokens }) => totalTokens),
  };
}

/** Whose usage a client key may see: all of its user's, or its own when it has none. */
async function userOf(office: Office, principal: Principal | undefined): Promise<{ readonly id: number | null; readonly name: string; readonly filter: UsageFilter }> {
  if (principal === undefined) throw new OfficeError(401, "Missing API key");
  const store = storeOf(office);
  if (principal.userId !== undefined) {
    const user = await store.users.find(principal.userId);
    return { id: principal.userId, name: user?.username ?? principal.id, filter: { userIds: [principal.userId] } };
  }
  if (principal.keyId === undefined) return { id: null, name: principal.id, filter: { principals: [principal.id] } };
  const key = await store.keys.find(principal.keyId);
  return { id: null, name: key?.name ?? key?.prefix ?? principal.id, filter: { keyIds: [principal.keyId] } };
}

/** @throws OfficeError 401, 403 for everybody but the key itself and the management */
async function refuseOthers({ params, request, actor, office }: Errand<{ readonly id: number }, unknown, unknown>): Promise<void> {
  const client = await clientOf(request, actor.visitor, office);
  if (client !== undefined) {
    if (client.keyId === params.id) return;
    throw new OfficeError(403, "This API key may only see its own usage");
  }
  if (!office.access.isOpen) throw new OfficeError(401, "Invalid or inactive API key");
  await office.access.identify(request, actor.visitor);
}

/** `undefined`: no client key was shown, or none that is good. */
async function clientOf(request: Request, visitor: Errand<unknown, unknown, unknown>["actor"]["visitor"], office: Office): Promise<Principal | undefined> {
  try {
    const principal = await office.engine.guard.identify({ headers: request.headers, query: new URL(request.url).searchParams }, visitor);
    return principal.id === "anonymous" ? undefined : principal;
  } catch {
    return undefined;
  }
}
