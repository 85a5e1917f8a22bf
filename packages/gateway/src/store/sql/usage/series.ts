import { SeriesMemory, type SeriesMembers } from "../../../usage/series-memory.ts";
import { asText } from "../columns.ts";
import type { SqlExecutor, SqlValue } from "../executor.ts";
import { insertRows } from "../insert-rows.ts";

const COLUMNS = ["digest", "user_id", "key_id", "principal", "endpoint", "client_dialect", "upstream_dialect", "provider", "credential", "credential_index", "model_asked", "model_upstream"] as const;

/** Series whose number is remembered; a house has some hundreds. */
const REMEMBERED = 50_000;

/** The sums over all series stand under this number. */
export const ALL_SERIES = 0;

/** Numbers the combinations of who, where and what that attempts come in. A number is never given up. */
export class SeriesBook {
  readonly #executor: SqlExecutor;
  readonly #known = new SeriesMemory<number>(REMEMBERED);

  constructor(executor: SqlExecutor) {
    this.#executor = executor;
  }

  /** @returns the series of each record, in order */
  async idsOf(records: readonly SeriesMembers[]): Promise<readonly number[]> {
    const ids = records.map((record) => this.#known.get(record));
    if (!ids.includes(undefined)) return ids as readonly number[];
    const unknown = new Map<string, SeriesMembers>();
    for (const [at, record] of records.entries()) if (ids[at] === undefined) unknown.set(nameOf(record), record);
    const learnt = await this.#learn(unknown);
    return records.map((record, at) => ids[at] ?? (learnt.get(nameOf(record)) as number));
  }

  /** Numbers are given out at once, not with the records: one that is remembered is then there for good. */
  async #learn(unknown: ReadonlyMap<string, SeriesMembers>): Promise<ReadonlyMap<string, number>> {
    const names = new Map<string, string>();
    const rows: SqlValue[][] = [];
    for (const [name, members] of unknown) {
      const digest = await digestOf(name);
      names.set(digest, name);
      rows.push([digest, ...valuesOf(members)]);
    }
    rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    await insertRows(this.#executor, { table: "usage_series", columns: COLUMNS, suffix: "ON CONFLICT (digest) DO NOTHING" }, rows);
    const learnt = new Map<string, number>();
    for (const [digest, name] of names) {
      const [row] = await this.#executor.query(`SELECT series_id FROM usage_series WHERE digest = ?`, [digest]);
      learnt.set(name, row?.series_id as number);
      this.#known.set(unknown.get(name) as SeriesMembers, row?.series_id as number);
    }
    return learnt;
  }
}

function valuesOf(of: SeriesMembers): readonly SqlValue[] {
  const texts = [of.principal, of.endpoint, of.clientDialect, of.upstreamDialect, of.provider, of.credential, of.credentialIndex, of.modelAsked, of.modelUpstream];
  return [of.userId ?? 0, of.keyId ?? 0, ...texts.map(asText)];
}

/** JSON, so that no two combinations look alike. */
function nameOf(of: SeriesMembers): string {
  return JSON.stringify([of.userId ?? 0, of.keyId ?? 0, of.principal, of.endpoint, of.clientDialect, of.upstreamDialect, of.provider, of.credential, of.credentialIndex, of.modelAsked, of.modelUpstream]);
}

async function digestOf(name: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
