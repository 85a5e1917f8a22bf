import type { SqlRow, SqlValue } from "@dragoman/gateway";

/** What of Cloudflare's D1 client is used. */
export interface D1 {
  prepare(sql: string): D1Statement;
  /** All happen or none. */
  batch(statements: readonly D1Statement[]): Promise<readonly D1Result[]>;
}

export interface D1Statement {
  bind(...values: readonly SqlValue[]): D1Statement;
  all(): Promise<D1Result>;
}

export interface D1Result {
  readonly results: readonly SqlRow[];
}

/** The bindings that this Worker knows by name. Every other text is a variable: a provider's key, or what `${NAME}` stands for. */
export interface Bindings {
  /** A configuration file as JSON, or what it stands for. */
  readonly DRAGOMAN_CONFIG?: unknown;
  /** The database for users, keys and usage. */
  readonly DB?: D1;
  readonly [name: string]: unknown;
}
