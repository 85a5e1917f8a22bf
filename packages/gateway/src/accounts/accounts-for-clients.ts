import type { OwnKey } from "../credentials/credential-account.ts";
import type { Account } from "./account.ts";
import type { AccountKind } from "./account-kind.ts";

/** Name of the account that answers with what clients bring. */
export function nameForClients(kind: AccountKind): string {
  return `clients of ${kind.name}`;
}

/** Clients' own secrets are the last resort, and no resort where clients are asked for a key of ours; unless the operator has them go first. */
export function isHeldBack(account: Account, all: Iterable<Account>, isKeyed: boolean): boolean {
  if (!isForClients(account) || account.kind.takesOwnKey?.(account.settings) !== undefined) return false;
  return isKeyed || hasOthers(account, all);
}

/** Whose keys the account of the clients answers beside others of its kind. `undefined`: it is another account, or the only one. */
export function ownKeyTaker(account: Account, all: Iterable<Account>): ((own: OwnKey) => boolean) | undefined {
  return isForClients(account) && hasOthers(account, all) ? account.kind.takesOwnKey?.(account.settings) : undefined;
}

function isForClients({ file, kind }: Account): boolean {
  return file === nameForClients(kind);
}

function hasOthers(account: Account, all: Iterable<Account>): boolean {
  return [...all].some((other) => other !== account && other.kind === account.kind);
}
