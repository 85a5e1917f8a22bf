import { PROVIDERS, type Provider } from "@dragoman/core";
import type { DiscoveredUpstream } from "../routing/service.ts";
import type { Environment } from "./expand-environment.ts";
import type { Config } from "./schema/index.ts";

/** An upstream whose key was found, and where. */
export interface EnvironmentKey extends DiscoveredUpstream {
  readonly apiKey: string;
  readonly variable: string;
}

/** The keys in the environment that the configuration lets be used. */
export function environmentUpstreams({ discovery }: Pick<Config, "discovery">, environment: Environment): readonly EnvironmentKey[] {
  return discovery.environment ? findEnvironmentKeys(environment).filter(({ variable }) => !discovery["ignore-variables"].includes(variable)) : [];
}

/** The providers whose keys stand in the environment. Of several variables the first one counts; blank ones do not. */
export function findEnvironmentKeys(environment: Environment, providers: readonly Provider[] = PROVIDERS): readonly EnvironmentKey[] {
  return providers.flatMap(({ id, keyVariables }) => {
    for (const variable of keyVariables ?? []) {
      const apiKey = environment[variable]?.trim();
      if (apiKey !== undefined && apiKey !== "") return [{ providerId: id, name: id, apiKey, variable }];
    }
    return [];
  });
}
