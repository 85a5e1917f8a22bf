import { type Background, type SqlExecutor, type SqlRow, type SqlStatement, type SqlValue, StoreConflict } from "@dragoman/gateway";
import type { D1 } from "./bindings.ts";

/** Of one statement (developers.cloudflare.com/d1/platform/limits, read 2026-11). */
const MAX_PARAMETERS = 100;

/** The store in a D1 database. It has no transactions that a program could think in; its batches are enough. */
export class D1Executor implements SqlExecutor {
  readonly dialect = "sqlite";
  readonly shared = true;
  readonly maxParameters = MAX_PARAMETERS;
  readonly #database: D1;
  readonly #background: Background;

  constructor(database: D1, background: Background) {
    this.#database = database;
    this.#background = background;
  }

  async query(sql: string, params: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    const [rows = []] = await this.batch([{ sql, params }]);
    return rows;
  }

  async batch(statements: readonly SqlStatement[]): Promise<readonly (readonly SqlRow[])[]> {
    if (statements.length === 0) return [];
    const answers = this.#database.batch(statements.map(({ sql, params }) => this.#database.prepare(sql).bind(...params)));
    // Others may wait for what this request asks; if its client leaves, they would wait for ever.
    this.#background.run(answers);
    try {
      return (await answers).map(({ results }) => results);
    } catch (error) {
      if (/UNIQUE constraint failed/.test((error as Error).message)) throw new StoreConflict("this is there already", { cause: error });
      throw error;
    }
  }

  async close(): Promise<void> {}
}
