// Runs while the bundle is made: the page then knows the addresses of the contract without carrying its schemas.
import { OPERATIONS } from "../../../gateway/src/management/contract/index.ts";

export interface OperationRoute {
  readonly method: string;
  readonly path: string;
}

export function operationRoutes(): Record<string, OperationRoute> {
  return Object.fromEntries(Object.entries(OPERATIONS).map(([id, { method, path }]) => [id, { method, path }]));
}
