import type { Account } from "./account.ts";
import { AccountSender, type AccountSenderOptions } from "./account-sender.ts";
import type { AccountSeatOf } from "./services-of-accounts.ts";

type Place = Omit<AccountSeatOf, "isReady" | "takesOwnKey"> & { readonly values: Readonly<Record<string, string>> };

/** The seats of all accounts, each with its sender. */
export class AccountSeats {
  readonly #options: Omit<AccountSenderOptions, "account" | "values">;
  readonly #places = new Map<Account, readonly Place[]>();

  constructor(options: Omit<AccountSenderOptions, "account" | "values">) {
    this.#options = options;
  }

  of(account: Account, standing: Pick<AccountSeatOf, "isReady" | "takesOwnKey">): AccountSeatOf[] {
    return (this.#places.get(account) ?? []).map(({ suffix, sender }) => ({ account, suffix, sender, ...standing }));
  }

  /** Makes the seats that its file tells of. Those that were there stay, and what was made of them with them. */
  seat(account: Account): void {
    const before = this.#places.get(account);
    const seats = account.facts.seats ?? [{ suffix: "", values: {} }];
    this.#places.set(account, seats.map(({ suffix, values }) =>
      before?.find((place) => place.suffix === suffix && JSON.stringify(place.values) === JSON.stringify(values))
      ?? { account, suffix, values, sender: new AccountSender({ ...this.#options, account, values }) }));
  }

  leave(account: Account): void {
    this.#places.delete(account);
  }
}
