import type { Config } from "../config/index.ts";
import type { KindSettings } from "./kind-settings.ts";

/** What the configuration says about one kind; only what it says, so that the kind's own word holds for the rest. */
export function settingsOfConfig(config: Config, name: string): KindSettings | undefined {
  const own = config.accounts.kinds[name];
  if (own === undefined) return undefined;
  const renewLead = own["renew-lead-seconds"];
  return {
    endpoints: own.endpoints,
    headers: own.headers,
    options: own.options,
    ...(own["client-id"] !== undefined && { clientId: own["client-id"] }),
    ...(own["client-secret"] !== undefined && { clientSecret: own["client-secret"] }),
    ...(own["base-url"] !== undefined && { baseUrl: own["base-url"] }),
    ...(own.scopes !== undefined && { scopes: own.scopes }),
    ...(own["callback-port"] !== undefined && { callbackPort: own["callback-port"] }),
    ...(own["user-agent"] !== undefined && { userAgent: own["user-agent"] }),
    ...(own["system-prefix"].length > 0 && { systemPrefix: own["system-prefix"] }),
    ...(renewLead !== undefined && { renewLeadMs: renewLead * 1000 }),
    ...(own["max-concurrency"] > 0 && { maxConcurrency: own["max-concurrency"] }),
  };
}
