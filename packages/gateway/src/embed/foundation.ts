import type { Dialect } from "@dragoman/core";
import type { Config, Environment } from "../config/index.ts";
import type { ConfigInput } from "../config/schema/index.ts";
import { createRoutes, type RoutedDialect, type Routes } from "../http/own-routes.ts";
import type { Ports } from "../ports.ts";
import { normalBasePath } from "./base-path.ts";
import { readConfig } from "./config-of.ts";
import { canonicalDialect } from "./canonical-dialect.ts";
import { completePorts } from "./default-ports.ts";
import type { OwnProvider } from "./own-provider.ts";
import { OwnProviders } from "./own-providers.ts";

/** What an embedder may leave out. */
export interface FoundationOptions {
  /** Those that are left out are the runtime's own: `fetch`, `Date`, `crypto`, and a console for what goes wrong. */
  readonly ports?: Partial<Ports>;
  /** What `${NAME}` stands for in a plain configuration; absent: nothing. */
  readonly environment?: Environment;
  /** The path that the gateway is mounted at, where the host leaves it in the URL: `/llm`. */
  readonly basePath?: string;
  /** Dialects beside those of the house, or in place of those of the same id. */
  readonly dialects?: readonly RoutedDialect[];
  /** Providers beside those of the house; each is served by its `id`, and its hosts are known in the configuration. */
  readonly providers?: readonly OwnProvider[];
  /**
   * Keys that sign the envelopes of sealed reasoning, newest first; all replicas share them. Absent: one of this
   * gateway's own, so that envelopes from before a restart, or from another replica, are not opened any more.
   */
  readonly sealKeys?: readonly Uint8Array[];
}

export interface Foundation {
  readonly ports: Ports;
  readonly basePath: string;
  readonly routes: Routes;
  /** For routing: every dialect that an upstream may speak, and providers from outside. */
  readonly upstreams: { readonly dialects: readonly Dialect[]; readonly own?: OwnProviders };
  readonly sealKeys: readonly Uint8Array[];
  /** @throws InvalidConfig */
  settle(config: Config | ConfigInput): Config;
}

const SEAL_KEY_BYTES = 32;

/** The options with everything filled in that was left out. */
export function layFoundation(options: FoundationOptions): Foundation {
  const ports = completePorts(options.ports ?? {});
  const routes = createRoutes(options.dialects ?? []);
  let { sealKeys } = options;
  return {
    ports,
    basePath: normalBasePath(options.basePath),
    routes,
    upstreams: options.providers === undefined ? { dialects: routes.dialects } : { dialects: [...routes.dialects, canonicalDialect], own: new OwnProviders(options.providers) },
    // Made when first asked for: some hosts have no randomness before their first request.
    get sealKeys() {
      return (sealKeys ??= [crypto.getRandomValues(new Uint8Array(SEAL_KEY_BYTES))]);
    },
    settle(config) {
      const read = readConfig(config, options.environment ?? {});
      for (const { kind, path, message } of read.notes) ports.logger.log("warn", "config.noted", { kind, path, message });
      return read.config;
    },
  };
}
