import type { Call } from "../pipeline/call.ts";
import type { CallContext } from "./hooks.ts";

/** What hooks are told of a request. */
export function contextOf({ requestId, endpoint, dialect, principal, headers, signal }: Call): CallContext {
  return { requestId, endpoint, dialect: dialect.id, principal: principal.id, headers, signal };
}
