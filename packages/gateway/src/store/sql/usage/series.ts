import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { asText } from "../columns.ts";
import type { SqlExecutor, SqlValue } from "../executor.ts";
import { insertRows } from "../insert-rows.ts";

const COLUMNS = ["digest", "user_id", "key_id", "principal", "endpoint", "client_dialect", "upstream_dialect", "provider", "credential", "credential_index", "model_asked", "model_upstream"] as const;

/** Series whose number is remembered; a house has some hundreds. */
const REMEMBERED = 50_000;

/** The sums over all series stand under this number. */
export const ALL_SERIES = 0;

type Dimensions = Pick<AttemptRecord, "principal" | "endpoint" | "clientDialect" | "upstreamDialect" | "provider" | "credential" | "credentialIndex" | "modelAsked" | "modelUpstream" | "userId" | "keyId">;

/** Numbers the combinations of who, where and what that attempts come in. A number is never given up. */
export class SeriesBook {
  readonly #executor: SqlExecutor;
  readonly #known = new Map<string, number>();

  constructor(executor: SqlExecutor) {
    this.#executor = executor;
  }

  /** @returns the series of each record, in order */
  async idsOf(records: readonly AttemptRecord[]): Promise<readonly number[]> {
    const names = records.map(nameOf);
    const unknown = new Map<string, Dimensions>();
    names.forEach((name, at) => {
      if (!this.#known.has(name)) unknown.set(name, records[at] as AttemptRecord);
    });
    if (unknown.size > 0) await this.#learn(unknown);
    return names.map((name) => this.#known.get(name) as number);
  }

  /** Numbers are given out at once, not with the records: one that is remembered is then there for good. */
  async #learn(unknown: ReadonlyMap<string, Dimensions>): Promise<void> {
    if (this.#known.size + unknown.size > REMEMBERED) this.#known.clear();
    const digests = new Map<string, string>();
    const rows: SqlValue[][] = [];
    for (const [name, dimensions] of unknown) {
      const digest = await digestOf(name);
      digests.set(digest, name);
      rows.push([digest, ...valuesOf(dimensions)]);
    }
    rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    await insertRows(this.#executor, { table: "usage_series", columns: COLUMNS, suffix: "ON CONFLICT (digest) DO NOTHING" }, rows);
    for (const [digest, name] of digests) {
      const [row] = await this.#executor.query(`SELECT series_id FROM usage_series WHERE digest = ?`, [digest]);
      this.#known.set(name, row?.series_id as number);
    }
  }
}

function valuesOf(of: Dimensions): readonly SqlValue[] {
  const texts = [of.principal, of.endpoint, of.clientDialect, of.upstreamDialect, of.provider, of.credential, of.credentialIndex, of.modelAsked, of.modelUpstream];
  return [of.userId ?? 0, of.keyId ?? 0, ...texts.map(asText)];
}

/** JSON, so that no two combinations look alike. */
function nameOf(of: Dimensions): string {
  return JSON.stringify([of.userId ?? 0, of.keyId ?? 0, of.principal, of.endpoint, of.clientDialect, of.upstreamDialect, of.provider, of.credential, of.credentialIndex, of.modelAsked, of.modelUpstream]);
}

async function digestOf(name: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
