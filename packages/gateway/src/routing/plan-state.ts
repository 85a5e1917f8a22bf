import type { Route } from "./route.ts";

/** What the switchboard remembers about a plan that it gave out. */
export interface PlanState {
  readonly route: Route;
  /** Of the selection last made, counted from 0; -1 before the first. */
  round: number;
  /** Nobody else shall be tried: the operator wants the failure to reach the client. */
  stopped: boolean;
}
