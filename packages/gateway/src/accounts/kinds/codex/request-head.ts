import { sha256Hex } from "@dragoman/core";
import type { AddressedRequest, RequestVisit } from "../../account-kind.ts";
import type { AccountRequest } from "../../../credentials/credential-account.ts";
import { urlOf } from "../../../upstream/url-of.ts";

/** What a Codex that is our client says of its turn; the endpoint understands it, and it is the client's own. */
const OF_CLIENT = ["version", "x-codex-turn-metadata", "x-client-request-id", "x-codex-window-id", "thread-id", "x-codex-beta-features", "x-openai-internal-codex-responses-lite"];

/** The request with token, account and session. `Originator` is our own name unless the operator sets another in `headers`. */
export function addressCodex(request: AccountRequest, { facts, values, newId }: RequestVisit): AddressedRequest {
  const { clientHeaders } = request;
  const headers: Record<string, string> = {
    ...request.headers,
    // Also for whole replies of other paths the body's `stream` decides.
    ...(request.streamed && { accept: "text/event-stream" }),
    authorization: `Bearer ${facts.accessToken ?? ""}`,
    originator: "dragoman",
    "session-id": clientHeaders.get("session-id") ?? clientHeaders.get("session_id") ?? cacheKeyIn(request.body) ?? newId(),
  };
  if (values.accountId !== undefined) headers["chatgpt-account-id"] = values.accountId;
  for (const name of OF_CLIENT) {
    const value = clientHeaders.get(name);
    if (value !== null && value !== "") headers[name] = value;
  }
  return { url: urlOf(request), headers, body: request.body };
}

/** Read by its name, without taking a body of megabytes apart: a quote within a text would be escaped. */
function cacheKeyIn(body: string | Uint8Array): string | undefined {
  return typeof body === "string" ? /"prompt_cache_key":"([\w:.-]+)"/.exec(body)?.[1] : undefined;
}

/** A UUID that is the same for every turn of a conversation (RFC 9562, version 8: out of a hash). */
export function cacheKeyOf(conversation: string): string {
  const hex = sha256Hex(`dragoman:codex:prompt-cache:${conversation}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
