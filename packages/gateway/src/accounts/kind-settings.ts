import type { Json } from "@dragoman/core";

/** What an operator may set for one kind of account. Every address and identity is here, so that none is fixed in code. */
export interface KindSettings {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** By what they are for: `authorize`, `token`, `device`, `userinfo`… */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** Of the model API, in place of the provider's. */
  readonly baseUrl?: string;
  readonly scopes?: readonly string[];
  /** Port on which the browser's return is awaited; vendors have registered it, so a change needs a forwarded port. */
  readonly callbackPort?: number;
  readonly userAgent?: string;
  /** Further request headers that the vendor wants, over the kind's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Texts that go before the client's instructions, each as a block of its own; empty unless the operator sets them. */
  readonly systemPrefix?: readonly string[];
  readonly renewLeadMs?: number;
  readonly maxConcurrency?: number;
  /** What only this kind knows; documented in its file. */
  readonly options?: Readonly<Record<string, Json>>;
}

/** The operator's words over the kind's own, address by address and header by header. */
export function settingsOver(defaults: KindSettings, own: KindSettings | undefined): KindSettings {
  if (own === undefined) return defaults;
  return {
    ...defaults,
    ...own,
    endpoints: { ...defaults.endpoints, ...own.endpoints },
    headers: { ...defaults.headers, ...own.headers },
    options: { ...defaults.options, ...own.options },
  };
}

/** @throws Error when the kind's own table does not have it: a mistake in the kind's file */
export function endpointOf(settings: KindSettings, name: string): string {
  const url = settings.endpoints?.[name];
  if (url === undefined) throw new Error(`this kind of account has no ${name} endpoint`);
  return url;
}
