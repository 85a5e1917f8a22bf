import type { CooldownView } from "../credentials/cooldown-view.ts";
import type { AccountState } from "./account.ts";
import type { Account } from "./account.ts";
import type { AccountPool } from "./account-pool.ts";
import type { QuotaWindow } from "./quota.ts";
import { accountIndex } from "./services-of-accounts.ts";

/** What people are told of an account. Without tokens. */
export interface AccountReport {
  readonly file: string;
  /** Of its first seat; `auth_index` elsewhere. */
  readonly index: string;
  readonly kind: string;
  readonly title: string;
  readonly label: string;
  readonly plan?: string;
  readonly state: AccountState["type"] | "cooling";
  /** One sentence on why it is not ready. */
  readonly message?: string;
  /** What to do about it, in one sentence; absent when there is nothing to do. */
  readonly advice?: string;
  readonly isSubscription: boolean;
  /** It stands in no file: it goes with the program or its connection. */
  readonly isPassing: boolean;
  /** Epoch ms. */
  readonly expiresAt?: number;
  readonly renewedAt?: number;
  readonly nextRenewalAt?: number;
  readonly canRenew: boolean;
  readonly canAskQuota: boolean;
  readonly quotas: readonly QuotaWindow[];
  readonly seats: readonly { readonly index: string; readonly id: string; readonly suffix: string; readonly cooldowns: readonly CooldownView[] }[];
}

interface ReportContext {
  readonly pool: AccountPool;
  /** Absolute, of the stored logins. */
  readonly directory: string;
  cooldowns(credentialId: string): readonly CooldownView[];
}

export function reportOn(account: Account, { pool, directory, cooldowns }: ReportContext): AccountReport {
  const { kind, facts, file } = account;
  const state = pool.stateOf(account);
  const seats = (facts.seats ?? [{ suffix: "" }]).map(({ suffix }) => {
    const id = suffix === "" ? file : `${file}::${suffix}`;
    return { index: accountIndex(kind.types[0], `${directory.replace(/\/+$/, "")}/${id}`), id, suffix, cooldowns: cooldowns(id) };
  });
  const isCooling = state.type === "ready" && seats.every((seat) => seat.cooldowns.some(({ model }) => model === "*"));
  const nextRenewalAt = pool.nextRenewalAt(account);
  const message = messageOf(account, state);
  const advice = adviceOn(account, state);
  return {
    file, index: seats[0]?.index ?? "", kind: kind.name, title: kind.title, label: facts.label,
    ...(facts.plan !== undefined && { plan: facts.plan }),
    state: isCooling ? "cooling" : state.type,
    ...(message !== undefined && { message }),
    ...(advice !== undefined && { advice }),
    isSubscription: kind.terms !== undefined,
    isPassing: account.isPassing,
    ...(facts.expiresAt !== undefined && { expiresAt: facts.expiresAt }),
    ...(facts.renewedAt !== undefined && { renewedAt: facts.renewedAt }),
    ...(nextRenewalAt !== undefined && { nextRenewalAt }),
    canRenew: account.canRenew,
    canAskQuota: kind.askQuota !== undefined,
    quotas: [...account.quotas.values()].map(({ toldAt: _toldAt, ...quota }) => quota),
    seats,
  };
}

function messageOf(account: Account, state: AccountState): string | undefined {
  switch (state.type) {
    case "ready":
      return account.renewalTrouble === undefined ? undefined : `its token could not be renewed lately: ${account.renewalTrouble}`;
    case "disabled":
      return "it is switched off";
    case "not-allowed":
      return "subscriptions are not allowed in the configuration";
    case "expired":
      return "its token has run out, and there is nothing to renew it with";
    default:
      return state.message;
  }
}

/** One sentence for each state an account can be in. */
function adviceOn({ kind, file, settings }: Account, state: AccountState): string | undefined {
  const again = `log in again with \`dragoman login ${kind.name}\``;
  switch (state.type) {
    case "ready":
      return undefined;
    case "disabled":
      return `Switch it on in the admin page, or take \`disabled\` out of ${file}.`;
    case "not-allowed":
      return `${kind.terms ?? ""} If you may use it here, add \`${kind.name}\` to \`accounts.subscriptions\`.`.trim();
    case "not-configured":
      return `Set it, or ${again}, which can read it from the vendor's own program.`;
    case "broken":
      return `Correct ${file}, or remove it and ${again}.`;
    case "expired":
    case "revoked":
      return kind.logins === undefined ? `Put a new login in place of ${file}.` : `${again.charAt(0).toUpperCase()}${again.slice(1)}.`;
    case "banned":
      return "Ask the vendor about the account; when it is open again, reset it in the admin page.";
    case "out-of-credit":
      return `Top it up at the vendor${settings.baseUrl === undefined ? "" : ` (${settings.baseUrl})`}, then reset it in the admin page.`;
  }
}
