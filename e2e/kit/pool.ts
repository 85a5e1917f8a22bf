import { createSimulator, SIMULATED, type Act, type Question, type Simulator, type Trouble } from "@dragoman/gateway/testing";
import { listen, type Listening } from "./running.ts";

/** One key of a pool. */
export interface Account {
  readonly key: string;
  /** 1 for the key that was asked first, 2 for the next new one: the gateway orders keys by a hash that depends on the port. */
  readonly place: number;
}

/** What a pool does when it is asked with a key. */
export type KeyedScript = (account: Account, question: Question) => Act | Trouble | Promise<Act | Trouble>;

/** One provider with many accounts: it answers by the key that it is shown, and writes the keys and their places down in order. */
export interface Pool extends Listening {
  readonly keys: string[];
  readonly places: number[];
  script: KeyedScript;
}

export function startPool(dialect: string, script: KeyedScript): Pool {
  const kind = SIMULATED.find((each) => each.dialect.id === dialect);
  if (kind === undefined) throw new Error(`no simulator of ${dialect}`);
  const accounts = new Map<string, Account & { readonly simulator: Simulator }>();
  const keys: string[] = [];
  const places: number[] = [];
  const pool: Pool = {
    ...listen((request) => {
      const key = keyOf(request.headers);
      keys.push(key);
      let account = accounts.get(key);
      if (account === undefined) {
        const known: Account = { key, place: accounts.size + 1 };
        account = { ...known, simulator: createSimulator(kind.dialect, kind.vendor, (question) => pool.script(known, question)) };
        accounts.set(key, account);
      }
      places.push(account.place);
      return account.simulator.fetch(request);
    }),
    keys,
    places,
    script,
  };
  return pool;
}

/** The credential of a request, wherever the dialect puts it. */
export function keyOf(headers: Headers): string {
  return headers.get("x-api-key") ?? headers.get("x-goog-api-key") ?? headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
}
