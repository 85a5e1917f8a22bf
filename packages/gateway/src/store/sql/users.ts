import type { Limits } from "../../access/limits.ts";
import { StoreConflict, type NewUser, type User, type UserChange, type UserStore } from "../port.ts";
import { asText, assignments, fromJson, orNull, present } from "./columns.ts";
import type { SqlExecutor, SqlRow, SqlValue } from "./executor.ts";
import { COUNT_CHANGE, countChangeOf } from "./revision.ts";

export function createUserStore(executor: SqlExecutor): UserStore {
  const one = async (sql: string, value: SqlValue): Promise<User | undefined> => {
    const [row] = await executor.query(sql, [value]);
    return row === undefined ? undefined : toUser(row);
  };
  return {
    create: (user, now) => create(executor, user, now),
    find: (id) => one(`SELECT * FROM users WHERE id = ?`, id),
    findByName: (username) => one(`SELECT * FROM users WHERE username_key = ?`, nameKey(username)),
    list: async () => (await executor.query(`SELECT * FROM users ORDER BY id DESC`)).map(toUser),
    update: (id, change) => update(executor, id, change),
    async remove(id) {
      const [, , removed = []] = await executor.batch([
        countChangeOf("users", id),
        { sql: `DELETE FROM client_keys WHERE user_id = ?`, params: [id] },
        { sql: `DELETE FROM users WHERE id = ? RETURNING id`, params: [id] },
      ]);
      return removed.length > 0;
    },
  };
}

async function create(executor: SqlExecutor, user: NewUser, now: number): Promise<User> {
  const [[row] = []] = await executor.batch([
    {
      sql: `INSERT INTO users (username, username_key, email, active, note, limits, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (username_key) DO NOTHING RETURNING *`,
      params: [asText(user.username), nameKey(user.username), orNull(user.email), user.active === false ? 0 : 1, orNull(user.note), JSON.stringify(user.limits ?? {}), now],
    },
    // Counted also when the name was taken: everybody reads once more, and finds what he knew.
    COUNT_CHANGE,
  ]);
  if (row === undefined) throw new StoreConflict("there is a user of that name already");
  return toUser(row);
}

async function update(executor: SqlExecutor, id: number, change: UserChange): Promise<User | undefined> {
  const set = assignments({
    username: change.username ?? undefined,
    username_key: change.username === undefined || change.username === null ? undefined : nameKey(change.username),
    email: change.email,
    active: change.active === undefined ? undefined : Number(change.active !== false),
    note: change.note,
    limits: change.limits === undefined ? undefined : JSON.stringify(change.limits ?? {}),
  });
  const [row] = set === undefined
    ? await executor.query(`SELECT * FROM users WHERE id = ?`, [id])
    : (await executor.batch([countChangeOf("users", id), { sql: `UPDATE users SET ${set.sql} WHERE id = ? RETURNING *`, params: [...set.params, id] }]))[1] ?? [];
  return row === undefined ? undefined : toUser(row);
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
