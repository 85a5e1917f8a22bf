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

/** A statement with `?` for each parameter. */
export interface SqlStatement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** All that a host brings so that its database can be the store. */
export interface SqlExecutor extends SqlConnection {
  /** Other programs may work on the same database. */
  readonly shared: boolean;
  /** Parameters that one statement may have; absent: 32,766. */
  readonly maxParameters?: number;
  /**
   * Runs statements as one, in order: all happen or none. @returns the rows of each
   * @throws StoreConflict when a unique index refuses a row
   */
  batch(statements: readonly SqlStatement[]): Promise<readonly (readonly SqlRow[])[]>;
  close(): Promise<void>;
}

/** A database in which a program may think between the statements of a transaction. */
export interface SqlDatabase extends SqlExecutor {
  /** Runs statements as one: all happen or none. Nothing else of this program runs on that connection meanwhile. */
  transaction<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T>;
  /** Reads as of one moment, while others go on writing. */
  snapshot<T>(work: (inside: SqlConnection) => Promise<T>): Promise<T>;
}

/** A batch where there are transactions. */
export function batchInside(database: Pick<SqlDatabase, "transaction">, statements: readonly SqlStatement[]): ReturnType<SqlExecutor["batch"]> {
  return database.transaction(async (inside) => {
    const rows: (readonly SqlRow[])[] = [];
    for (const { sql, params } of statements) rows.push(await inside.query(sql, params));
    return rows;
  });
}

/** Turns `?` into `$1`, `$2`, … The statements of this folder have no question mark but those. */
export function numberPlaceholders(sql: string): string {
  let count = 0;
  return sql.replaceAll("?", () => `$${++count}`);
}
