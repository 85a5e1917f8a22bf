import { createGateway, createSqlStore, type Gateway, type Logger, type Ports, parseSecretKey, type Store, systemClock, systemIds } from "@dragoman/gateway";
import { background } from "./background.ts";
import type { Bindings } from "./bindings.ts";
import { D1Executor } from "./d1.ts";
import { jsonLogger } from "./logger.ts";
import { officeOf } from "./office.ts";
import { type Settings, readSettings } from "./read-settings.ts";
import { dnsOverHttps } from "./resolve-host.ts";
import { sealKeysOf } from "./seal-keys.ts";
import { StoredUsage } from "./usage.ts";
import { upstreamFetch } from "./upstream-fetch.ts";

/** What one isolate keeps from request to request. */
export interface Isolate {
  readonly gateway: Gateway;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Absent without a database. */
  readonly store?: Store;
}

const KEYLESS = "This gateway has no client keys, so its own keys are not for anybody. Its operator sets ACCESS_KEYS (npx wrangler secret put ACCESS_KEYS), and clients send one of them; OPEN=true lets everybody in. A path that names its upstream takes the upstream's own key.";

/** @throws BadSettings */
export function createIsolate(bindings: Bindings): Isolate {
  const settings = readSettings(bindings);
  const logger = jsonLogger(() => (settings.config.debug ? "debug" : "info"));
  for (const { kind, path, message } of settings.notes) logger.log("warn", "config.noted", { kind, path, message });
  const store = bindings.DB === undefined ? undefined : createSqlStore(new D1Executor(bindings.DB, background));
  const { config, discovered, isOpen } = settings;
  const office = store === undefined ? undefined : officeOf(settings);
  const gateway = createGateway({
    config,
    discovered,
    ports: portsOf(settings, logger, store),
    sealKeys: sealKeysOf(settings, logger),
    ...(!isOpen && { keylessRefusal: KEYLESS }),
    ...(office !== undefined && { office }),
  });
  return { gateway, settings, logger, ...(store !== undefined && { store }) };
}

function portsOf({ secretText, resolver }: Settings, logger: Logger, store: Store | undefined): Ports {
  const clock = systemClock;
  return {
    fetch: upstreamFetch,
    clock,
    ids: systemIds,
    logger,
    background,
    usage: store === undefined ? { record: () => undefined } : new StoredUsage(store, { background, logger }),
    ...(store !== undefined && { store }),
    ...(secretText !== undefined && { secretKey: parseSecretKey(secretText) }),
    ...(resolver !== undefined && { resolveHost: dnsOverHttps({ resolver, fetch: (url, init) => fetch(url, init), clock }) }),
  };
}
