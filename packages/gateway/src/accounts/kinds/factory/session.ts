import { sha256Hex } from "@dragoman/core";
import type { AccountRequest } from "../../../credentials/credential-account.ts";
import type { RequestVisit } from "../../account-kind.ts";

/**
 * The client's own session, or a UUID that stays the same over the turns of a conversation: the vendor's caches hang on it.
 * What it was made of cannot be read from it, and no two accounts share one.
 */
export function sessionId({ clientHeaders, conversation }: AccountRequest, { facts, newId }: RequestVisit): string {
  const own = clientHeaders.get("x-session-id");
  if (own !== null && own !== "") return own;
  if (conversation === undefined) return newId();
  const hex = sha256Hex(`dragoman:factory:session:${facts.label}\n${conversation}`);
  // Version 8: made of what the maker likes (RFC 9562, section 5.8).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
