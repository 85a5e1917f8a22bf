import type { Visitor } from "../access/principal.ts";
import { corsHeaders } from "../http/cors.ts";
import { newRequestId } from "../http/request-id.ts";
import { pathOf } from "../http/request-target.ts";
import { OfficeAccess } from "./access/office-access.ts";
import { BASE, type Operation } from "./contract/operation.ts";
import { DESKS } from "./desks.ts";
import { LoginSessions } from "./login-sessions.ts";
import type { Actor, Desk, Office } from "./office.ts";
import { DESCRIPTION_PATHS, openApiDesks } from "./openapi-desks.ts";
import { refusal, replyOf, sealed } from "./office-reply.ts";
import { readErrand } from "./read-errand.ts";
import { RouteTable, type Found } from "./route-table.ts";

/** The control plane: management API, sessions of the web page, metrics, readiness. Never in the walk of a request. */
export interface OfficeDoor {
  /** `undefined`: the path is none of the office's. */
  fetch(request: Request, visitor: Visitor): Promise<Response> | undefined;
}

/** Paths that answer while no management key is set and the first run is open. */
const FIRST_RUN_PATHS: ReadonlySet<string> = new Set([`${BASE}/session`, `${BASE}/setup`]);

export function openOffice(parts: Omit<Office, "access" | "loginSessions">, desks: readonly Desk[] = DESKS): OfficeDoor {
  const office: Office = { ...parts, access: new OfficeAccess(parts.ports, parts.engine.ports), loginSessions: new LoginSessions(parts.engine.ports.clock) };
  const table = new RouteTable([...desks, ...openApiDesks(desks)]);
  return {
    fetch(request, visitor) {
      const path = pathOf(request.url);
      if (!table.mayHold(path) || request.method === "OPTIONS") return undefined;
      const found = table.find(path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
      if (found === undefined || !isThere(office, found, { method: request.method, visitor })) return undefined;
      return serve({ office, request, visitor, path, found });
    },
  };
}

/** Without a management key there is no management API: it is the gateway itself that knows no such path. */
function isThere(office: Office, { desks }: Found, { method, visitor }: { readonly method: string; readonly visitor: Visitor }): boolean {
  if (office.access.isOpen) return true;
  const operation = (desks.get(method) ?? [...desks.values()][0])?.operation;
  if (operation === undefined) return false;
  if (FIRST_RUN_PATHS.has(operation.path)) return office.access.isSetupOpen(visitor);
  return operation.auth !== "management" && !DESCRIPTION_PATHS.has(operation.path) && !operation.path.startsWith(`${BASE}/`);
}

interface Visit {
  readonly office: Office;
  readonly request: Request;
  readonly visitor: Visitor;
  readonly path: string;
  readonly found: Found;
}

async function serve(visit: Visit): Promise<Response> {
  const { office, request } = visit;
  const { ids, clock, logger } = office.engine.ports;
  const startedAt = clock.now();
  const requestId = newRequestId(ids, startedAt);
  const response = await answer(visit, requestId);
  logger.log("debug", "office.answered", { requestId, method: request.method, path: visit.path, status: response.status, durationMs: clock.now() - startedAt });
  const cors = corsHeaders(request.headers.get("origin"), office.settings().corsOrigins);
  return sealed(request.method === "HEAD" ? withoutBody(response) : response, { ...cors, "x-request-id": requestId });
}

/** A stream that nobody will read is ended. */
function withoutBody(response: Response): Response {
  void response.body?.cancel();
  return new Response(null, response);
}

async function answer(visit: Visit, requestId: string): Promise<Response> {
  const { office, request, found } = visit;
  const desk = found.desks.get(request.method === "HEAD" ? "GET" : request.method);
  if (desk === undefined) return notAllowed(found);
  try {
    const actor = await identify(desk.operation, visit);
    return await carryOut(desk, actor, visit);
  } catch (thrown) {
    const { response, unexpected } = refusal(thrown, desk.operation.faultMember);
    const { logger } = office.engine.ports;
    if (unexpected) logger.log("error", "office.failed", { requestId, operation: desk.operation.id, cause: String((thrown as Error | undefined)?.stack ?? thrown) });
    else if (response.status === 401 || response.status === 403) logger.log("warn", "office.refused", { requestId, operation: desk.operation.id, status: response.status, address: visit.visitor.address });
    return response;
  }
}

function notAllowed({ desks }: Found): Response {
  const allow = [...desks.keys(), ...(desks.has("GET") ? ["HEAD"] : [])].join(", ");
  return Response.json({ error: "method not allowed" }, { status: 405, headers: { allow } });
}

async function identify(operation: Operation, { office, request, visitor }: Visit): Promise<Actor> {
  if (operation.auth === "open") return { kind: "nobody", visitor };
  if (operation.auth === "management") return office.access.identify(request, visitor);
  const query = new URL(request.url).searchParams;
  const principal = await office.engine.guard.identify({ headers: request.headers, query }, visitor);
  return { kind: "client", visitor, principal };
}

async function carryOut(desk: Desk, actor: Actor, { office, request, found }: Visit): Promise<Response> {
  const { operation } = desk;
  const input = await readErrand({ operation, params: found.params, request, maxBodyBytes: office.settings().maxBodyBytes });
  let noted: { readonly target?: string; readonly details?: Readonly<Record<string, unknown>> } = {};
  const note = (target: string | undefined, details?: Readonly<Record<string, unknown>>): void => {
    noted = { ...(target !== undefined && { target }), ...(details !== undefined && { details }) };
  };
  const value = await desk.handle({ ...input, actor, office, note } as never);
  const response = replyOf(desk, value);
  if (operation.audit !== undefined && response.status < 400) await writeDown(office, actor, { action: operation.audit, ...noted });
  return response;
}

/** What was done is done: a store that cannot write it down is told of in the log. */
async function writeDown(office: Office, actor: Actor, entry: { readonly action: string }): Promise<void> {
  const { clock, logger } = office.engine.ports;
  const { address } = actor.visitor;
  const kind = actor.kind === "nobody" && entry.action.startsWith("setup.") ? "setup" : actor.kind;
  try {
    await office.store?.audit.append({ at: clock.now(), actor: kind, ...(address !== undefined && { address }), ...entry });
  } catch (error) {
    logger.log("error", "audit.failed", { action: entry.action, cause: String(error) });
  }
}
