import { type Config, type DiscoveredUpstream, environmentUpstreams } from "@dragoman/gateway";
import type { Environment } from "../config/environment-file.ts";
import { findLocalServers } from "../config/local-servers.ts";

/** Where a discovered upstream was found, for the banner: the variable's name, or the address. */
export type Finding = DiscoveredUpstream & { readonly variable?: string };

/** Looks for upstreams that nobody configured: keys in the environment, servers on this machine. */
export async function discover(config: Config, environment: Environment): Promise<readonly Finding[]> {
  const keys = environmentUpstreams(config, environment);
  const servers = config.discovery.local ? await findLocalServers((url, init) => fetch(url, init)) : [];
  return [...keys, ...servers];
}
