import type { Limits } from "../access/limits.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { GroupedUsage, RecordPage, RecordQuery, UsageQuery } from "../usage/query.ts";

/**
 * What outlives the process. One implementation for each kind of database, all held to `storeContract`.
 * Times are epoch ms, ids are positive integers, money is in billionths of a dollar. Every method rejects with an
 * `Error` when the database cannot be reached; nothing is half done.
 */
export interface Store {
  readonly kind: string;
  /** More than one gateway may work on it at once, so that counts in memory are not the whole truth. */
  readonly shared: boolean;
  /** Brings the schema up to date; safe to call from several programs at once. */
  migrate(): Promise<void>;
  readonly users: UserStore;
  readonly keys: KeyStore;
  readonly usage: UsageStore;
  readonly budgets: BudgetStore;
  readonly audit: AuditStore;
  readonly secrets: SecretStore;
  close(): Promise<void>;
}

export interface User {
  readonly id: number;
  /** Unique, letter case aside. */
  readonly username: string;
  readonly email?: string;
  readonly active: boolean;
  readonly note?: string;
  readonly limits: Limits;
  readonly createdAt: number;
}

export type NewUser = Pick<User, "username"> & Partial<Pick<User, "email" | "note" | "limits" | "active">>;
/** `null` takes a value away. */
export type UserChange = { readonly [K in "username" | "email" | "active" | "note" | "limits"]?: User[K] | null };

export interface UserStore {
  /** @throws StoreConflict when the name is taken */
  create(user: NewUser, now: number): Promise<User>;
  find(id: number): Promise<User | undefined>;
  findByName(username: string): Promise<User | undefined>;
  /** Newest first. */
  list(): Promise<readonly User[]>;
  /** @returns `undefined` when there is none; @throws StoreConflict when the name is taken */
  update(id: number, change: UserChange): Promise<User | undefined>;
  /** With its keys; its usage stays, under its id. @returns whether there was one */
  remove(id: number): Promise<boolean>;
}

/** A client's key. The key itself is nowhere: only a keyed hash, and the beginning for people to tell it by. */
export interface ClientKey {
  readonly id: number;
  readonly userId?: number;
  readonly name?: string;
  /** The first characters of the key. */
  readonly prefix: string;
  /** HMAC-SHA-256 in hex, unique. */
  readonly hash: string;
  readonly active: boolean;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
  /** Patterns with `*`; empty: all. */
  readonly models: readonly string[];
  /** Dialect ids; empty: all. */
  readonly dialects: readonly string[];
  /** Addresses and CIDR ranges; empty: from anywhere. */
  readonly ipRanges: readonly string[];
  readonly tags: readonly string[];
  readonly limits: Limits;
  /** Answers to names that nobody serves, where the key may use it. */
  readonly model?: string;
}

export type NewKey = Pick<ClientKey, "prefix" | "hash"> & Partial<Omit<ClientKey, "id" | "prefix" | "hash" | "createdAt" | "lastUsedAt">>;
/** `null` takes a value away. */
export type KeyChange = { readonly [K in "userId" | "name" | "prefix" | "hash" | "active" | "expiresAt" | "models" | "dialects" | "ipRanges" | "tags" | "limits" | "model"]?: ClientKey[K] | null };

export interface KeyStore {
  create(key: NewKey, now: number): Promise<ClientKey>;
  find(id: number): Promise<ClientKey | undefined>;
  /** Newest first. */
  list(filter?: { readonly userId?: number }): Promise<readonly ClientKey[]>;
  update(id: number, change: KeyChange): Promise<ClientKey | undefined>;
  remove(id: number): Promise<boolean>;
  /** Notes when keys were last used; later times win. */
  touch(uses: readonly { readonly id: number; readonly at: number }[]): Promise<void>;
  /** Grows with every change of a user or a key, by whichever program; `touch` is no change. */
  revision(): Promise<number>;
}

export interface UsageStore {
  /** All or none. A record that is there already is left as it is, so the same batch may come again. */
  append(records: readonly AttemptRecord[]): Promise<void>;
  /** Sums by the dimensions asked for; exact also for spans that do not begin on the hour, as far back as records are kept. */
  group(query: UsageQuery): Promise<readonly GroupedUsage[]>;
  /** Records one by one, newest first. */
  records(query: RecordQuery): Promise<RecordPage>;
  find(requestId: string): Promise<readonly AttemptRecord[]>;
  /** Forgets single records older than `recordsBefore`, sums older than `sumsBefore`. @returns records forgotten */
  sweep(limits: { readonly recordsBefore?: number; readonly sumsBefore?: number }): Promise<number>;
}

/** What a holder of limits has spent and set aside. Only reservations of a shared store are kept here. */
export interface BudgetStore {
  /** Spent by the records of a key or a user since `from`, which is on the hour. `holder` is `key:<id>` or `user:<id>`. */
  spent(holder: string, from: number): Promise<Spending>;
  /** Spent in each clock hour since `from`, oldest first; hours without spending are left out. */
  spentByHour(holder: string, from: number): Promise<readonly (Spending & { readonly hour: number })[]>;
  /**
   * Sets an amount aside if each claim allows it, in one step whatever other programs do meanwhile. A claim allows it when
   * less than its limit is spent, and nothing is set aside or spent + set aside + amount is within the limit.
   * @returns the first claim that does not allow it; nothing is set aside then
   */
  reserve(reservation: ReservationRequest, now: number): Promise<BudgetClaim | undefined>;
  /** The call is over, and its records (if any) are appended. Unknown ids are ignored. */
  release(ids: readonly string[]): Promise<void>;
}

export interface Spending {
  readonly tokens: number;
  readonly costNanoUsd: number;
}

export interface BudgetClaim {
  readonly holder: string;
  /** Start of the window, epoch ms, on the hour; 0 is everything. */
  readonly from: number;
  readonly limitTokens?: number;
  readonly limitNanoUsd?: number;
}

export interface ReservationRequest {
  readonly id: string;
  readonly amount: Spending;
  readonly claims: readonly BudgetClaim[];
  /** When it lapses, should the program die. */
  readonly expiresAt: number;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: number;
  /** `management-key`, `environment-key`, `local-key`, `session`, `setup`, `cli`. */
  readonly actor: string;
  readonly address?: string;
  /** `user.created`, `config.changed`, … */
  readonly action: string;
  readonly target?: string;
  /** What changed, without secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AuditStore {
  append(entry: Omit<AuditEntry, "id">): Promise<void>;
  /** Newest first; `before` is the id to go on from. */
  list(query: { readonly limit: number; readonly before?: number; readonly action?: string }): Promise<readonly AuditEntry[]>;
}

/** Secrets by name, closed before they come here: the store only sees ciphertext. */
export interface SecretStore {
  put(name: string, sealed: Uint8Array, now: number): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  list(): Promise<readonly { readonly name: string; readonly updatedAt: number }[]>;
  remove(name: string): Promise<boolean>;
}

/** Something with this name is there already. */
export class StoreConflict extends Error {
  override readonly name = "StoreConflict";
}
