import type { Store } from "../../store/port.ts";

/** An empty database for one test. */
export interface StoreTrial {
  /** Not migrated so far. */
  readonly store: Store;
  /** Another program's view of the same database. */
  another(): Promise<Store>;
  /** Closes every store and removes the database. */
  remove(): Promise<void>;
}

export type MakeStore = () => Promise<StoreTrial>;

interface Expectation {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
}

/** The functions of whatever runs the tests. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  test(name: string, body: () => Promise<void>): void;
  expect(value: unknown): Expectation;
}

/** Runs a test's body with a migrated store of its own. */
export function withStore(make: MakeStore, body: (store: Store, trial: StoreTrial) => Promise<void>): () => Promise<void> {
  return async () => {
    const trial = await make();
    try {
      await trial.store.migrate();
      await body(trial.store, trial);
    } finally {
      await trial.remove();
    }
  };
}

/** Name of the error that a promise is rejected with; `undefined` when it is fulfilled. */
export async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}
