import type { Visitor } from "../access/principal.ts";
import type { Office } from "./office.ts";

/** The control plane: management API, sessions of the web page, metrics, readiness. Never in the walk of a request. */
export interface OfficeDoor {
  /** `undefined`: the path is none of the office's. */
  fetch(request: Request, visitor: Visitor): Promise<Response> | undefined;
}

export function openOffice(_office: Office): OfficeDoor {
  return { fetch: () => undefined };
}
