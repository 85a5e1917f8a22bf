import type { Account } from "./account.ts";
import type { AccountKind } from "./account-kind.ts";

/** Name of the account that answers with what clients bring. */
export function nameForClients(kind: AccountKind): string {
  return `clients of ${kind.name}`;
}

/** Clients' own secrets are the last resort, and no resort where clients are asked for a key of ours. */
export function isHeldBack(account: Account, all: Iterable<Account>, isKeyed: boolean): boolean {
  if (account.file !== nameForClients(account.kind)) return false;
  return isKeyed || [...all].some((other) => other !== account && other.kind === account.kind);
}
