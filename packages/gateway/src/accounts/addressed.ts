import type { AccountRequest } from "../credentials/credential-account.ts";
import type { AddressedRequest, RequestVisit } from "./account-kind.ts";
import { urlOf } from "../upstream/url-of.ts";

/** What differs from a request that only needs its token. */
export interface AddressParts {
  /** In place of the upstream's. */
  readonly baseUrl?: string | undefined;
  /** Lower-cased names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The request with the account's token as `Bearer`. */
export function addressed(request: AccountRequest, { facts }: Pick<RequestVisit, "facts">, { baseUrl, headers, body }: AddressParts = {}): AddressedRequest {
  return {
    url: urlOf(baseUrl === undefined ? request : { ...request, baseUrl }),
    headers: { ...request.headers, ...(facts.accessToken !== undefined && { authorization: `Bearer ${facts.accessToken}` }), ...headers },
    body: body ?? request.body,
  };
}
