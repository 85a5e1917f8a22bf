import { GatewayError, type ErrorCode } from "@dragoman/core";
import { mountedTarget } from "../dynamic/mounted-target.ts";
import type { Clock, Ids } from "../ports.ts";
import { createRoutes } from "./own-routes.ts";
import { replyError } from "./reply-error.ts";
import { newRequestId } from "./request-id.ts";
import { targetOf } from "./request-target.ts";

/** For hosts that have no gateway to give a request to: the refusal in the dialect that its path speaks. */
export function refuseRequest(request: Request, refusal: { readonly code: ErrorCode; readonly message: string }, { clock, ids }: { readonly clock: Clock; readonly ids: Ids }): Response {
  const routes = createRoutes([]);
  const { path } = mountedTarget(request, targetOf(request.url), routes);
  const dialect = routes.find(request.method, path, request.headers)?.dialect ?? routes.dialectOfUnknown(path);
  return replyError(new GatewayError(refusal.code, { source: "gateway", message: refusal.message }), dialect, newRequestId(ids, clock.now()));
}
