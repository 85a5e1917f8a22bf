import { startAccountWorld, movedClock, type AccountWorld, type AccountWorldOptions, type MovedClock } from "./account-world.ts";
import { startFactoryApi, type FactoryApi } from "./factory-api.ts";
import { startWorkos, type Workos } from "./workos.ts";

export interface FactoryWorldOptions extends Omit<AccountWorldOptions, "clock" | "kinds"> {
  /** In `accounts.kinds.factory`, beside the addresses. */
  readonly settings?: Record<string, unknown>;
  /** A stored login of `one@example.com`, unless it is not wanted. */
  readonly withLogin?: boolean;
  readonly clock?: MovedClock;
  readonly workos?: Workos;
  /** A configuration file of another gateway, with where the vendor stands put in. */
  readonly fileOf?: (vendor: { readonly origin: string; readonly endpoints: Readonly<Record<string, string>> }) => Record<string, unknown>;
}

/** A gateway in front of Factory, whose users are with WorkOS. */
export interface FactoryWorld extends AccountWorld {
  readonly api: FactoryApi;
  readonly workos: Workos;
  readonly clock: MovedClock;
  readonly tokens: { readonly accessToken: string; readonly refreshToken: string };
}

export const LOGIN_FILE = "factory-one@example.com.json";

export async function startFactoryWorld({ settings, withLogin = true, files, clock = movedClock(), workos = startWorkos(clock), fileOf, ...options }: FactoryWorldOptions = {}): Promise<FactoryWorld> {
  const api = startFactoryApi(workos.good);
  const tokens = workos.issue();
  const world = await startAccountWorld({
    ...options,
    ...(fileOf !== undefined && { configFile: fileOf({ origin: api.origin, endpoints: workos.endpoints }) }),
    clock,
    files: { ...(withLogin && { [LOGIN_FILE]: { type: "factory", email: "one@example.com", access_token: tokens.accessToken, refresh_token: tokens.refreshToken, organization_id: "org_1", note: "kept" } }), ...files },
    kinds: { factory: { "base-url": api.origin, endpoints: workos.endpoints, ...settings } },
  });
  return {
    ...world, api, workos, clock, tokens,
    async close() {
      await world.close();
      await Promise.all([api.close(), workos.close()]);
    },
  };
}
