import { configuredPrincipal } from "../../../usage/configured-principal.ts";
import type { GroupedUsage, UsageDimension } from "../../../usage/query.ts";
import type { Store } from "../../../store/port.ts";
import type { Office } from "../../office.ts";

/** How people know those who use the gateway. */
export interface Names {
  user(id: number): string;
  key(id: number): string;
  /** A key of the configuration shows its end, never all of itself. */
  principal(id: string): string;
  userIds(words: readonly string[]): readonly number[];
  keyIds(words: readonly string[]): readonly number[];
}

/** A key of which four characters may be shown without giving much of it away. */
const LONG_ENOUGH = 12;

export async function namesOf(store: Pick<Store, "users" | "keys">, office: Pick<Office, "settings">): Promise<Names> {
  const [users, keys] = await Promise.all([store.users.list(), store.keys.list()]);
  const userNames = new Map(users.map(({ id, username }) => [id, username]));
  const keyNames = new Map(keys.map(({ id, name, prefix }) => [id, name ?? `${prefix}…`]));
  const configured = new Map(office.settings().apiKeys.map((key) => [configuredPrincipal(key), key.length < LONG_ENOUGH ? "configured key" : `configured key …${key.slice(-4)}`]));
  const user = (id: number): string => userNames.get(id) ?? `user ${id} (removed)`;
  const key = (id: number): string => keyNames.get(id) ?? `key ${id} (removed)`;
  return {
    user,
    key,
    principal: (id) => (id.startsWith("key:") ? key(Number(id.slice(4))) : (configured.get(id) ?? id)),
    userIds: (words) => words.flatMap((word) => idOf(word) ?? users.filter(({ username }) => username.toLowerCase() === word.toLowerCase()).map(({ id }) => id)),
    keyIds: (words) => words.flatMap((word) => idOf(word) ?? keys.filter(({ name, prefix }) => name === word || prefix === word).map(({ id }) => id)),
  };
}

/** Whatever is no id is a name. */
const idOf = (word: string): number | undefined => (/^\d{1,15}$/.test(word) ? Number(word) : undefined);

/** What a row's dimension is called. */
export function labelOf(dimension: UsageDimension, row: GroupedUsage, names: Names): string {
  switch (dimension) {
    case "user":
      return row.user === undefined ? "nobody" : names.user(row.user);
    case "key":
      return row.key === undefined ? "no stored key" : names.key(row.key);
    case "principal":
      return names.principal(row.principal ?? "");
    case "credential":
      return row.credentialLabel ?? row.credential ?? "";
    case "hour":
      return row.hour === undefined ? "" : new Date(row.hour).toISOString();
    default:
      return row[dimension] ?? "";
  }
}
