import type { KeyView, UserView } from "../../../../gateway/src/management/contract/people.ts";
import { Refusal } from "./refusal.ts";

const DAY = 86_400_000;

export interface People {
  users(): readonly UserView[];
  keys(): readonly KeyView[];
  readonly handlers: Readonly<Record<string, (errand: { readonly params: never; readonly query: never; readonly body: never }) => unknown>>;
}

type Patch = Readonly<Record<string, unknown>>;
const USED = { "5h": 0.14, day: 0.38, week: 0.71, month: 0.93, total: 0.22 } as const;

/** Users and keys; what a budget has used is a fixed share of it. */
export function makePeople(now: number): People {
  const users: UserView[] = [
    user(1, "research", now - 80 * DAY, { email: "research@example.com", limits: { requestsPerMinute: 120, budgets: [{ window: "month", usd: 400 }] } }),
    user(2, "docs-team", now - 61 * DAY, { email: "docs@example.com", note: "Writes the handbook.", limits: { budgets: [{ window: "week", tokens: 20_000_000 }] } }),
    user(3, "build-bot", now - 40 * DAY, { limits: { concurrentRequests: 4 } }),
    user(4, "support-desk", now - 12 * DAY, { email: "support@example.com" }),
    user(5, "data-pipeline", now - 90 * DAY, { active: false, note: "Moved to a batch service." }),
  ];
  const keys: KeyView[] = [
    key(1, "notebooks", "dgm_7fK2", { userId: 1, username: "research", createdAt: now - 80 * DAY, lastUsedAt: now - 90_000, limits: { budgets: [{ window: "day", usd: 25 }] } }),
    key(2, "evaluation", "dgm_Qm91", { userId: 1, username: "research", createdAt: now - 30 * DAY, lastUsedAt: now - 3 * 3_600_000, models: ["claude-*", "gpt-5"], tags: ["batch"], limits: { budgets: [{ window: "week", usd: 60 }, { window: "5h", tokens: 4_000_000 }] } }),
    key(3, "handbook", "dgm_xB3w", { userId: 2, username: "docs-team", createdAt: now - 60 * DAY, lastUsedAt: now - 20 * 60_000, dialects: ["anthropic-messages"] }),
    key(4, "ci", "dgm_a0Lz", { userId: 3, username: "build-bot", createdAt: now - 40 * DAY, lastUsedAt: now - 8 * 60_000, ipRanges: ["10.0.0.0/8"], tags: ["ci", "production"], expiresAt: now + 9 * DAY, limits: { requestsPerMinute: 60, budgets: [{ window: "month", usd: 50 }] } }),
    key(5, "helpdesk", "dgm_Tt5c", { userId: 4, username: "support-desk", createdAt: now - 12 * DAY, lastUsedAt: now - 2 * DAY }),
    key(6, "old pipeline", "dgm_p9Vd", { userId: 5, username: "data-pipeline", createdAt: now - 88 * DAY, active: false, expiresAt: now - 20 * DAY }),
    key(7, "shared", "dgm_Wn6e", { createdAt: now - 5 * DAY }),
  ];
  let lastId = 100;

  const findUser = (id: number): UserView => users.find((one) => one.id === id) ?? missing();
  const findKey = (id: number): KeyView => keys.find((one) => one.id === id) ?? missing();
  const shownUser = (one: UserView): UserView => ({ ...one, keys: keys.filter(({ userId }) => userId === one.id).length });
  const shownKey = (one: KeyView): KeyView => ({ ...one, budgets: budgetsOf(one, users, now) });
  const nameIsFree = (username: unknown, but?: number): void => {
    if (users.some((one) => one.username === username && one.id !== but)) throw new Refusal(409, "the name is taken");
  };
  const ownerOf = (userId: unknown): Patch => (typeof userId === "number" ? { userId, username: findUser(userId).username } : {});

  return {
    users: () => users.map(shownUser),
    keys: () => keys.map(shownKey),
    handlers: {
      listUsers: () => ({ users: users.map(shownUser).reverse() }),
      createUser: ({ body }: { body: Patch }) => {
        nameIsFree(body.username);
        const made = user((lastId += 1), String(body.username), now, withoutNull(body));
        users.push(made);
        return shownUser(made);
      },
      getUser: ({ params }: { params: { id: number } }) => shownUser(findUser(params.id)),
      updateUser: ({ params, body }: { params: { id: number }; body: Patch }) => {
        nameIsFree(body.username ?? "", params.id);
        const place = users.indexOf(findUser(params.id));
        users[place] = patched(findUser(params.id), body);
        return shownUser(findUser(params.id));
      },
      deleteUser: ({ params }: { params: { id: number } }) => {
        users.splice(users.indexOf(findUser(params.id)), 1);
        for (const one of keys.filter(({ userId }) => userId === params.id)) keys.splice(keys.indexOf(one), 1);
      },
      listKeys: ({ query }: { query: { userId?: number } }) => ({ keys: keys.filter(({ userId }) => query.userId === undefined || userId === query.userId).map(shownKey).reverse() }),
      createKey: ({ body }: { body: Patch }) => {
        const id = (lastId += 1);
        const made = key(id, undefined, prefixOf(id), { createdAt: now, ...withoutNull(body), ...ownerOf(body.userId) });
        keys.push(made);
        return { key: secretOf(id), view: shownKey(made) };
      },
      getKey: ({ params }: { params: { id: number } }) => shownKey(findKey(params.id)),
      updateKey: ({ params, body }: { params: { id: number }; body: Patch }) => {
        const changed = patched(findKey(params.id), body);
        const { username: _username, ...unowned } = changed;
        keys[keys.indexOf(findKey(params.id))] = body.userId === undefined ? changed : { ...unowned, ...ownerOf(body.userId) };
        return shownKey(findKey(params.id));
      },
      rotateKey: ({ params }: { params: { id: number } }) => {
        const id = (lastId += 1);
        const rotated = { ...findKey(params.id), prefix: prefixOf(id) };
        keys[keys.indexOf(findKey(params.id))] = rotated;
        return { key: secretOf(id), view: shownKey(rotated) };
      },
      deleteKey: ({ params }: { params: { id: number } }) => {
        keys.splice(keys.indexOf(findKey(params.id)), 1);
      },
    },
  };
}

function user(id: number, username: string, createdAt: number, rest: Patch): UserView {
  return { id, username, active: true, limits: {}, createdAt, keys: 0, ...rest } as UserView;
}

function key(id: number, name: string | undefined, prefix: string, rest: Patch): KeyView {
  return { id, ...(name !== undefined && { name }), prefix, active: true, createdAt: 0, models: [], dialects: [], ipRanges: [], tags: [], limits: {}, budgets: [], ...rest } as KeyView;
}

function budgetsOf(one: KeyView, users: readonly UserView[], now: number): KeyView["budgets"] {
  const owner = users.find(({ id }) => id === one.userId);
  return [...(one.limits.budgets ?? []), ...(owner?.limits.budgets ?? [])].map(({ window, tokens, usd }) => ({
    window, ...(tokens !== undefined && { limitTokens: tokens }), ...(usd !== undefined && { limitUsd: usd }),
    usedTokens: Math.round((tokens ?? 3_000_000) * USED[window]), usedUsd: Math.round((usd ?? 40) * USED[window] * 100) / 100,
    ...(window !== "total" && { resetsAt: now + { "5h": 2 * 3_600_000, day: DAY / 2, week: 3 * DAY, month: 9 * DAY }[window] }),
  }));
}

const missing = (): never => {
  throw new Refusal(404, "there is none with this id");
};
const withoutNull = (body: Patch): Patch => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
const patched = <T extends object>(before: T, body: Patch): T => {
  const merged = { ...before } as Record<string, unknown>;
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    if (value !== null) merged[name] = value;
    else if (["models", "dialects", "ipRanges", "tags"].includes(name)) merged[name] = [];
    else if (name === "limits") merged[name] = {};
    else delete merged[name];
  }
  return merged as T;
};
const prefixOf = (id: number): string => `dgm_N${String(id).padStart(3, "0")}`;
const secretOf = (id: number): string => `${prefixOf(id)}${"5hP0Yc8rT2vJ6mXq".repeat(2)}`;
