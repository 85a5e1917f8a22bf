import type { Limits } from "../../access/limits.ts";
import { StoreConflict, type NewUser, type User, type UserChange, type UserStore } from "../port.ts";
import { asText, assignments, fromJson, orNull, present } from "./columns.ts";
import type { SqlConnection, SqlExecutor, SqlRow, SqlValue } from "./executor.ts";
import { countChange } from "./revision.ts";

export function createUserStore(executor: SqlExecutor): UserStore {
  const one = async (sql: string, value: SqlValue): Promise<User | undefined> => {
    const [row] = await executor.query(sql, [value]);
    return row === undefined ? undefined : toUser(row);
  };
  return {
    create: (user, now) => executor.transaction((inside) => create(inside, user, now)),
    find: (id) => one(`SELECT * FROM users WHERE id = ?`, id),
    findByName: (username) => one(`SELECT * FROM users WHERE username_key = ?`, nameKey(username)),
    list: async () => (await executor.query(`SELECT * FROM users ORDER BY id DESC`)).map(toUser),
    update: (id, change) => executor.transaction((inside) => update(inside, id, change)),
    remove: (id) => executor.transaction(async (inside) => {
      await inside.query(`DELETE FROM client_keys WHERE user_id = ?`, [id]);
      const removed = await inside.query(`DELETE FROM users WHERE id = ? RETURNING id`, [id]);
      if (removed.length > 0) await countChange(inside);
      return removed.length > 0;
    }),
  };
}

async function create(inside: SqlConnection, user: NewUser, now: number): Promise<User> {
  const [row] = await inside.query(
    `INSERT INTO users (username, username_key, email, active, note, limits, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (username_key) DO NOTHING RETURNING *`,
    [asText(user.username), nameKey(user.username), orNull(user.email), user.active === false ? 0 : 1, orNull(user.note), JSON.stringify(user.limits ?? {}), now],
  );
  if (row === undefined) throw new StoreConflict("there is a user of that name already");
  await countChange(inside);
  return toUser(row);
}

async function update(inside: SqlConnection, id: number, change: UserChange): Promise<User | undefined> {
  const set = assignments({
    username: change.username ?? undefined,
    username_key: change.username === undefined || change.username === null ? undefined : nameKey(change.username),
    email: change.email,
    active: change.active === undefined ? undefined : Number(change.active !== false),
    note: change.note,
    limits: change.limits === undefined ? undefined : JSON.stringify(change.limits ?? {}),
  });
  const [row] = set === undefined
    ? await inside.query(`SELECT * FROM users WHERE id = ?`, [id])
    : await inside.query(`UPDATE users SET ${set.sql} WHERE id = ? RETURNING *`, [...set.params, id]);
  if (row === undefined) return undefined;
  if (set !== undefined) await countChange(inside);
  return toUser(row);
}

const nameKey = (username: string): string => asText(username).toLowerCase();

function toUser(row: SqlRow): User {
  return {
    id: row.id as number,
    username: row.username as string,
    ...present("email", row.email as string | null),
    active: row.active === 1,
    ...present("note", row.note as string | null),
    limits: fromJson<Limits>(row.limits),
    createdAt: row.created_at as number,
  };
}
