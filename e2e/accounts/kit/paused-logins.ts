import { createLogins } from "../../../packages/gateway/src/accounts/login/logins.ts";
import type { Logins } from "../../../packages/gateway/src/accounts/login/begun-login.ts";
import { accountFiles } from "../../../packages/server/src/host/account-files.ts";
import { systemIds } from "../../../packages/server/src/host/ports.ts";
import type { AccountWorld, MovedClock } from "./account-world.ts";

/** The logins of a world, in which every wait is over at once and the clock knows of it. */
export function pausedLogins(world: AccountWorld, clock: MovedClock): { readonly logins: Logins; readonly pauses: number[] } {
  const pool = world.gateway.accounts;
  if (pool === undefined) throw new Error("this gateway has no accounts");
  const pauses: number[] = [];
  const logins = createLogins({
    pool, files: accountFiles(() => world.directory), ports: { ids: systemIds, logger: { log: () => undefined } },
    pause: (durationMs) => {
      pauses.push(durationMs);
      clock.advance(durationMs);
      return Promise.resolve();
    },
  });
  return { logins, pauses };
}
