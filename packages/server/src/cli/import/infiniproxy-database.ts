import { Database } from "bun:sqlite";
import { UsageError } from "../command.ts";

/** Rows read at once. */
const PAGE = 1_000;

export interface TheirUser {
  readonly id: number;
  readonly username: string;
  readonly email: string | null;
  readonly created_at: string;
  readonly is_active: number | null;
}

export interface TheirKey {
  readonly id: number;
  readonly user_id: number;
  /** SHA-256 in hex, without a salt. */
  readonly key_hash: string;
  readonly key_prefix: string;
  readonly name: string | null;
  readonly created_at: string;
  readonly last_used_at: string | null;
  /** Of later versions. */
  readonly model_name?: string | null;
  readonly is_active: number | null;
}

export interface TheirUsage {
  readonly id: number;
  readonly api_key_id: number;
  readonly endpoint: string;
  readonly model: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly timestamp: string;
}

/** The database of infiniproxy, read only. Times are UTC without a zone. */
export interface TheirDatabase {
  users(): readonly TheirUser[];
  keys(): readonly TheirKey[];
  /** In pages, oldest first. */
  usage(): Generator<readonly TheirUsage[]>;
  count(): { readonly users: number; readonly keys: number; readonly usage: number; readonly known: number };
  close(): void;
}

/** @throws UsageError when the file is no such database */
export function openInfiniproxy(path: string): TheirDatabase {
  const database = new Database(path, { readonly: true });
  const all = <Row>(sql: string, ...values: number[]): Row[] => database.query(sql).all(...values) as Row[];
  const countOf = (table: string): number => all<{ readonly n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)[0]?.n ?? 0;
  try {
    for (const table of ["users", "api_keys", "usage_records"]) countOf(table);
  } catch {
    database.close();
    throw new UsageError(`${path} is no database of infiniproxy: it has no tables users, api_keys and usage_records.`);
  }
  return {
    users: () => all("SELECT id, username, email, created_at, is_active FROM users ORDER BY id"),
    keys: () => all("SELECT * FROM api_keys ORDER BY id"),
    *usage() {
      for (let after = 0; ;) {
        const rows = all<TheirUsage>("SELECT id, api_key_id, endpoint, model, input_tokens, output_tokens, timestamp FROM usage_records WHERE id > ? ORDER BY id LIMIT ?", after, PAGE);
        const last = rows.at(-1);
        if (last === undefined) return;
        yield rows;
        after = last.id;
      }
    },
    count: () => ({ users: countOf("users"), keys: countOf("api_keys"), usage: countOf("usage_records"), known: 0 }),
    close: () => database.close(),
  };
}
