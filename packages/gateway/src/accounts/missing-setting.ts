import type { AccountFacts, AccountKind, NeededSetting } from "./account-kind.ts";
import type { KindSettings } from "./kind-settings.ts";

/** A setting without which a kind cannot log in; for an account that is there, without which it cannot be renewed. */
export function missingSetting(kind: AccountKind, settings: KindSettings, facts?: AccountFacts): NeededSetting | undefined {
  return kind.needs?.find(({ key, isNeeded }) =>
    (key === "client-id" ? settings.clientId : settings.clientSecret) === undefined && (facts === undefined || isNeeded?.(facts) !== false));
}
