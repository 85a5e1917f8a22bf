/** What a column holds. Booleans are 0 and 1, lists and objects are JSON texts, bytes are base64. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface SqlConnection {
  /** The two differ in how ids are given out and in how rows are locked; all else is common SQL. */
  readonly dialect: "sqlite" | "postgres";
  /**
   * Runs one statement with `?` for each parameter. Whole numbers of 64 bits come back as numbers.
   * @throws StoreConflict when a unique index refuses a row
   */
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
}

/** All that a host brings so that its database can be the store. */
export interface SqlExecutor extends SqlConnection {
  /** Other programs may work on the same database. */
  readonly shared: boolean;
  /** Runs statements as one: all happen or none. Nothing else of this program runs on that connection meanwhile. */
  transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T>;
  /** Reads as of one moment, while others go on writing. */
  snapshot<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Turns `?` into `$1`, `$2`, … The statements of this folder have no question mark but those. */
export function numberPlaceholders(sql: string): string {
  let count = 0;
  return sql.replaceAll("?", () => `$${++count}`);
}
