import { SUM_COLUMNS } from "./usage/sum-columns.ts";

/**
 * How the schema came about, step by step. A step that was released is never changed: another one follows it.
 * `{id}` stands for a column that gives out ids, `{without-rowid}` for a table that is its own index.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)`,
    `INSERT INTO counters (name, value) VALUES ('keys', 0)`,
    `CREATE TABLE users (
      id {id}, username TEXT NOT NULL, username_key TEXT NOT NULL UNIQUE, email TEXT, active SMALLINT NOT NULL, note TEXT,
      limits TEXT NOT NULL, created_at BIGINT NOT NULL)`,
    `CREATE TABLE client_keys (
      id {id}, user_id BIGINT REFERENCES users (id) ON DELETE CASCADE, name TEXT, prefix TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
      active SMALLINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, last_used_at BIGINT, models TEXT NOT NULL,
      dialects TEXT NOT NULL, ip_ranges TEXT NOT NULL, tags TEXT NOT NULL, limits TEXT NOT NULL)`,
    `CREATE INDEX client_keys_by_user ON client_keys (user_id)`,
    `CREATE TABLE audit (
      id {id}, at BIGINT NOT NULL, actor TEXT NOT NULL, address TEXT, action TEXT NOT NULL, target TEXT, details TEXT)`,
    `CREATE INDEX audit_by_action ON audit (action, id)`,
    `CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed TEXT NOT NULL, updated_at BIGINT NOT NULL)`,
    // Everything about an attempt that sums are asked by, once for all attempts that are alike. Row 0 stands for all of them.
    `CREATE TABLE usage_series (
      series_id {id}, digest TEXT NOT NULL UNIQUE, user_id BIGINT NOT NULL, key_id BIGINT NOT NULL, principal TEXT NOT NULL,
      endpoint TEXT NOT NULL, client_dialect TEXT NOT NULL, upstream_dialect TEXT NOT NULL, provider TEXT NOT NULL,
      credential TEXT NOT NULL, credential_index TEXT NOT NULL, model_asked TEXT NOT NULL, model_upstream TEXT NOT NULL)`,
    `CREATE INDEX usage_series_by_key ON usage_series (key_id)`,
    `CREATE INDEX usage_series_by_user ON usage_series (user_id)`,
    `CREATE TABLE attempts (
      id {id}, request_id TEXT NOT NULL, attempt INTEGER NOT NULL, started_at BIGINT NOT NULL, series_id BIGINT NOT NULL,
      duration_ms BIGINT NOT NULL, first_event_ms BIGINT, outcome TEXT NOT NULL, status INTEGER NOT NULL,
      streamed SMALLINT NOT NULL, passthrough SMALLINT NOT NULL, estimated SMALLINT NOT NULL,
      input_tokens BIGINT NOT NULL, cache_read_tokens BIGINT NOT NULL, cache_write_tokens BIGINT NOT NULL,
      output_tokens BIGINT NOT NULL, reasoning_tokens BIGINT NOT NULL, cost_nano_usd BIGINT, details TEXT NOT NULL,
      UNIQUE (request_id, attempt))`,
    `CREATE INDEX attempts_by_time ON attempts (started_at)`,
    `CREATE INDEX attempts_by_series ON attempts (series_id, started_at)`,
    `CREATE INDEX attempts_that_failed ON attempts (started_at) WHERE outcome <> 'succeeded'`,
    `CREATE INDEX attempts_of_series_that_failed ON attempts (series_id, started_at) WHERE outcome <> 'succeeded'`,
    sumsTable("usage_hours", "hour"),
    `CREATE INDEX usage_hours_by_series ON usage_hours (series_id, hour)`,
    sumsTable("usage_days", "day"),
    `CREATE INDEX usage_days_by_series ON usage_days (series_id, day)`,
    `CREATE TABLE budget_holders (holder TEXT PRIMARY KEY)`,
    `CREATE TABLE reservations (
      id TEXT NOT NULL, holder TEXT NOT NULL, tokens BIGINT NOT NULL, cost_nano_usd BIGINT NOT NULL, expires_at BIGINT NOT NULL,
      PRIMARY KEY (id, holder))`,
    `CREATE INDEX reservations_by_holder ON reservations (holder)`,
  ],
  [`ALTER TABLE client_keys ADD COLUMN model TEXT`],
];

/**
 * Sums of one series over an hour or a day, by its start in epoch ms. What is written at one time lies together: a batch
 * touches few pages.
 */
function sumsTable(name: string, span: string): string {
  const sums = SUM_COLUMNS.map((column) => `${column} BIGINT NOT NULL`).join(", ");
  return `CREATE TABLE ${name} (series_id BIGINT NOT NULL, ${span} BIGINT NOT NULL, ${sums}, PRIMARY KEY (${span}, series_id)) {without-rowid}`;
}
