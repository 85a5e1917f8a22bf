import type { Limits } from "../../access/limits.ts";
import type { ClientKey, KeyChange, KeyStore, NewKey } from "../port.ts";
import { assignments, fromJson, orNull, present } from "./columns.ts";
import type { SqlExecutor, SqlRow, SqlValue } from "./executor.ts";
import { COUNT_CHANGE, countChangeOf, revisionOf } from "./revision.ts";

export function createKeyStore(executor: SqlExecutor): KeyStore {
  return {
    create: (key, now) => create(executor, key, now),
    async find(id) {
      const [row] = await executor.query(`SELECT * FROM client_keys WHERE id = ?`, [id]);
      return row === undefined ? undefined : toKey(row);
    },
    async list(filter = {}) {
      const rows = filter.userId === undefined
        ? await executor.query(`SELECT * FROM client_keys ORDER BY id DESC`)
        : await executor.query(`SELECT * FROM client_keys WHERE user_id = ? ORDER BY id DESC`, [filter.userId]);
      return rows.map(toKey);
    },
    update: (id, change) => update(executor, id, change),
    async remove(id) {
      const [, removed = []] = await executor.batch([countChangeOf("client_keys", id), { sql: `DELETE FROM client_keys WHERE id = ? RETURNING id`, params: [id] }]);
      return removed.length > 0;
    },
    async touch(uses) {
      // In one order everywhere, so that two programs do not wait for each other.
      const ordered = uses.toSorted((a, b) => a.id - b.id);
      await executor.batch(ordered.map(({ id, at }) => ({ sql: `UPDATE client_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)`, params: [at, id, at] })));
    },
    revision: () => revisionOf(executor),
  };
}

const COLUMNS = ["user_id", "name", "prefix", "hash", "active", "created_at", "expires_at", "models", "dialects", "ip_ranges", "tags", "limits", "model"] as const;

async function create(executor: SqlExecutor, key: NewKey, now: number): Promise<ClientKey> {
  const values: readonly SqlValue[] = [
    orNull(key.userId), orNull(key.name), key.prefix, key.hash, key.active === false ? 0 : 1, now, orNull(key.expiresAt),
    ...[key.models, key.dialects, key.ipRanges, key.tags].map((list) => JSON.stringify(list ?? [])), JSON.stringify(key.limits ?? {}), orNull(key.model),
  ];
  const [[row] = []] = await executor.batch([{ sql: `INSERT INTO client_keys (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")}) RETURNING *`, params: values }, COUNT_CHANGE]);
  return toKey(row as SqlRow);
}

async function update(executor: SqlExecutor, id: number, change: KeyChange): Promise<ClientKey | undefined> {
  const list = (value: readonly string[] | null | undefined): string | undefined => (value === undefined ? undefined : JSON.stringify(value ?? []));
  const set = assignments({
    user_id: change.userId,
    name: change.name,
    prefix: change.prefix ?? undefined,
    hash: change.hash ?? undefined,
    active: change.active === undefined ? undefined : Number(change.active !== false),
    expires_at: change.expiresAt,
    models: list(change.models),
    dialects: list(change.dialects),
    ip_ranges: list(change.ipRanges),
    tags: list(change.tags),
    limits: change.limits === undefined ? undefined : JSON.stringify(change.limits ?? {}),
    model: change.model,
  });
  const [row] = set === undefined
    ? await executor.query(`SELECT * FROM client_keys WHERE id = ?`, [id])
    : (await executor.batch([countChangeOf("client_keys", id), { sql: `UPDATE client_keys SET ${set.sql} WHERE id = ? RETURNING *`, params: [...set.params, id] }]))[1] ?? [];
  return row === undefined ? undefined : toKey(row);
}

function toKey(row: SqlRow): ClientKey {
  return {
    id: row.id as number,
    ...present("userId", row.user_id as number | null),
    ...present("name", row.name as string | null),
    prefix: row.prefix as string,
    hash: row.hash as string,
    active: row.active === 1,
    createdAt: row.created_at as number,
    ...present("expiresAt", row.expires_at as number | null),
    ...present("lastUsedAt", row.last_used_at as number | null),
    models: fromJson(row.models),
    dialects: fromJson(row.dialects),
    ipRanges: fromJson(row.ip_ranges),
    tags: fromJson(row.tags),
    limits: fromJson<Limits>(row.limits),
    ...present("model", row.model as string | null),
  };
}
