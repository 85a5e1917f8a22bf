import type { ConfigPath } from "../config/places.ts";
import type { FailureRule } from "../upstream/failure-rules.ts";
import type { CredentialAccount } from "./credential-account.ts";

/** One secret that opens one upstream. The secret never leaves the courier. */
export interface Credential {
  /** Stable over restarts: kind and a hash of key and base URL, e.g. `claude:apikey:3f2a…`. */
  readonly id: string;
  /** 16 hex digits, the same over restarts: what the management API calls `auth_index`. */
  readonly index: string;
  /** For logs and records: provider name and the key's last four characters. */
  readonly label: string;
  /** Absent for local servers that want none. */
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly proxyUrl?: string;
  readonly priority: number;
  readonly weight: number;
  readonly disableCooling: boolean;
  /** It costs more than the others: no conversation stays on it. */
  readonly isLastResort?: true;
  /** Own number of extra rounds; absent: the global one. */
  readonly requestRetry?: number;
  /** The operator's rules for failures of its upstream. */
  readonly failureRules?: readonly FailureRule[];
  /** A login in place of a key: it sends its requests itself. */
  readonly account?: CredentialAccount;
  /** Where it stands in the configuration; absent when it was found elsewhere. */
  readonly source?: ConfigPath;
}
