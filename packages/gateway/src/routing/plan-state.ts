import type { Route } from "./route.ts";
import type { Seat } from "./seats.ts";

/** What the switchboard remembers about a plan that it gave out. */
export interface PlanState {
  readonly route: Route;
  /** Of the selection last made, counted from 0; -1 before the first. */
  round: number;
  /** Nobody else shall be tried: the operator wants the failure to reach the client. */
  stopped: boolean;
  /** The seat that just had a 429, and the names of its model that are left to be tried there before anybody else is asked. */
  previews?: { readonly seat: Seat; readonly names: readonly string[] } | undefined;
}
