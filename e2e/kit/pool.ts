import { createSimulator, SIMULATED, type Act, type Question, type Simulator, type Trouble } from "@dragoman/gateway/testing";
import { listen, type Listening } from "./running.ts";

/** What a pool does when it is asked with a key. */
export type KeyedScript = (key: string, question: Question) => Act | Trouble | Promise<Act | Trouble>;

/** One provider with many accounts: it answers by the key that it is shown, and writes the keys down in order. */
export interface Pool extends Listening {
  readonly keys: string[];
  script: KeyedScript;
}

export function startPool(dialect: string, script: KeyedScript): Pool {
  const kind = SIMULATED.find((each) => each.dialect.id === dialect);
  if (kind === undefined) throw new Error(`no simulator of ${dialect}`);
  const accounts = new Map<string, Simulator>();
  const keys: string[] = [];
  const pool: Pool = {
    ...listen((request) => {
      const key = keyOf(request.headers);
      keys.push(key);
      let account = accounts.get(key);
      if (account === undefined) {
        account = createSimulator(kind.dialect, kind.vendor, (question) => pool.script(key, question));
        accounts.set(key, account);
      }
      return account.fetch(request);
    }),
    keys,
    script,
  };
  return pool;
}

/** The credential of a request, wherever the dialect puts it. */
export function keyOf(headers: Headers): string {
  return headers.get("x-api-key") ?? headers.get("x-goog-api-key") ?? headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
}
