import { budgetStates } from "../../../access/budget-states.ts";
import type { ClientKey, Store, User } from "../../../store/port.ts";
import type { KeyView, UserView } from "../../contract/people.ts";
import { storeOf, type Office } from "../../office.ts";

/** What people and pages see of users and keys. */
export interface PeopleViews {
  user(user: User): Promise<UserView>;
  key(key: ClientKey): Promise<KeyView>;
  users(users: readonly User[]): Promise<UserView[]>;
  keys(keys: readonly ClientKey[]): Promise<KeyView[]>;
}

/** Budgets are as the store knows them, so all that this process has recorded goes there first. */
export async function viewsOf(office: Office): Promise<PeopleViews> {
  const store = storeOf(office);
  const { clock, usage } = office.engine.ports;
  await usage.flush?.();
  const now = clock.now();
  return {
    user: async (user) => userView(store, user, (await store.keys.list({ userId: user.id })).length, now),
    key: async (key) => keyView(store, key, key.userId === undefined ? undefined : (await store.users.find(key.userId))?.username, now),
    async users(users) {
      const counts = new Map<number | undefined, number>();
      for (const { userId } of await store.keys.list()) counts.set(userId, (counts.get(userId) ?? 0) + 1);
      return Promise.all(users.map((user) => userView(store, user, counts.get(user.id) ?? 0, now)));
    },
    async keys(keys) {
      const names = new Map((await store.users.list()).map(({ id, username }) => [id, username]));
      return Promise.all(keys.map((key) => keyView(store, key, key.userId === undefined ? undefined : names.get(key.userId), now)));
    },
  };
}

async function userView(store: Store, user: User, keys: number, now: number): Promise<UserView> {
  return { ...user, keys, budgets: await budgetStates(store.budgets, `user:${user.id}`, user.limits, now) };
}

async function keyView(store: Store, { hash: _hash, models, dialects, ipRanges, tags, ...key }: ClientKey, username: string | undefined, now: number): Promise<KeyView> {
  return {
    ...key,
    models: [...models], dialects: [...dialects], ipRanges: [...ipRanges], tags: [...tags],
    ...(username !== undefined && { username }),
    budgets: await budgetStates(store.budgets, `key:${key.id}`, key.limits, now),
  };
}
