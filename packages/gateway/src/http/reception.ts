import { createSealer, GatewayError, toGatewayError, type DecodeContext, type Json, type Loss, type Sealer } from "@dragoman/core";
import { KEY_PARAMETERS } from "../access/client-keys.ts";
import { ANONYMOUS, refuseKeyless, type Principal, type Visitor } from "../access/principal.ts";
import { refuseForeignPages, refuseOtherMachines } from "../access/page-origin.ts";
import { enterNamed, type NamedRequest } from "../dynamic/enter-named.ts";
import { mountedTarget } from "../dynamic/mounted-target.ts";
import { FORM } from "../dynamic/named-path.ts";
import { captureReply } from "../observe/captured-call.ts";
import type { Call, Engine } from "../pipeline/call.ts";
import { tellErrand, tellStory } from "../pipeline/tell-story.ts";
import type { GatewaySettings } from "../settings.ts";
import { clientTraits } from "./client-traits.ts";
import { corsHeaders, preflight } from "./cors.ts";
import { runErrand } from "./errands.ts";
import { newRequestId } from "./request-id.ts";
import { NO_QUERY, targetOf, type RequestTarget } from "./request-target.ts";
import { readRequestBody } from "./request-body.ts";
import { replyError } from "./reply-error.ts";
import type { findRoute, Route } from "./routes.ts";

/** The configuration as one request sees it, from its first moment to its last. */
export interface Snapshot {
  readonly settings: GatewaySettings;
}

/** Where a request is received: who is it, what does it want, in which dialect does it hear of mistakes. */
export async function receive(request: Request, visitor: Visitor, snapshot: Snapshot, engine: Engine): Promise<Response> {
  const { settings } = snapshot;
  const requestId = newRequestId(engine.ports.ids, engine.ports.clock.now());
  if (request.method === "OPTIONS") return preflight(request, await originsFor(settings, engine));
  const target = targetOf(request.url);
  const response = await answer(request, settings.dynamicRoutes === undefined ? target : mountedTarget(request, target, engine.routes), { snapshot, engine, requestId, visitor });
  const origin = request.headers.get("origin");
  if (origin !== null || settings.corsOrigins.length > 0) {
    const origins = originsFor(settings, engine);
    for (const [name, value] of Object.entries(corsHeaders(origin, origins instanceof Promise ? await origins : origins))) response.headers.set(name, value);
  }
  return response;
}

/** Where nobody is asked for a key, any page could use the gateway; where everybody is, the key decides. */
function originsFor({ corsOrigins, corsFollowsKeys }: GatewaySettings, { guard }: Engine): readonly string[] | Promise<readonly string[]> {
  if (corsOrigins.length > 0 || !corsFollowsKeys) return corsOrigins;
  const isKeyed = guard.isKeyed();
  return isKeyed instanceof Promise ? isKeyed.then(everyOrigin) : everyOrigin(isKeyed);
}

const everyOrigin = (isKeyed: boolean): readonly string[] => (isKeyed ? EVERY_ORIGIN : NO_ORIGIN);

const EVERY_ORIGIN: readonly string[] = ["*"];
const NO_ORIGIN: readonly string[] = [];

/** The query without the client's key. */
function withoutKeys(query: RequestTarget["query"]): RequestTarget["query"] {
  if (query === NO_QUERY) return query;
  return { get: (name) => (KEY_PARAMETERS.includes(name) ? null : query.get(name)) };
}

interface Desk {
  readonly snapshot: Snapshot;
  readonly engine: Engine;
  readonly requestId: string;
  readonly visitor: Visitor;
}

async function answer(request: Request, target: RequestTarget, desk: Desk): Promise<Response> {
  const { path, query } = target;
  const { routes } = desk.engine;
  const route = routes.find(request.method, path, request.headers);
  const dialect = route?.dialect ?? routes.dialectOfUnknown(path);
  let call: Call | undefined;
  try {
    if (route === undefined) throw new GatewayError("not_found", { source: "client", message: target.mount === undefined ? `There is nothing at ${request.method} ${path}.` : `The path of a client is missing at the end; ${FORM}` });
    const allowed = "allow" in route ? route.allow : route.methods;
    if ("allow" in route || !allowed.includes(request.method === "HEAD" ? "GET" : request.method)) {
      throw new GatewayError("method_not_allowed", { source: "client", message: `${path} takes ${allowed.join(", ")}.` });
    }
    const named = target.mount === undefined ? undefined : await enterNamed(namedRequest(request, target, route, desk), desk.engine);
    const identified = named !== undefined ? named.principal : route.open === true ? ANONYMOUS : desk.engine.guard.identify({ headers: request.headers, query, ...(!isListing(route) && { dialect: route.dialect.id }) }, desk.visitor);
    const principal = identified instanceof Promise ? await identified : identified;
    if (route.open !== true && principal === ANONYMOUS) {
      if (named === undefined) refuseKeyless(desk.engine.keylessRefusal);
      refuseForeignPages(request.headers, desk.snapshot.settings);
      if (route.local === true) refuseOtherMachines(desk.visitor);
    }
    const body = request.method === "POST" && route.errand !== "stored-response" ? await readRequestBody(request, desk.snapshot.settings.maxBodyBytes) : { text: "", value: {} };
    call = createCall(request, {
      ...target, query: withoutKeys(query), route, principal,
      ...(named === undefined ? { desk, body } : { desk: { ...desk, engine: named.engine }, body: named.withModel(body) }),
    });
    if (route.open === true) return await runErrand(call, route);
    observe(call);
    const reply = await runErrand(call, route);
    if (route.errand !== "generate" && route.errand !== "embeddings" && route.errand !== "compact") await endErrand(call, reply);
    return reply;
  } catch (thrown) {
    const error = toGatewayError(tooDeep(thrown) ?? thrown);
    const reply = replyError(error, dialect, desk.requestId);
    if (route !== undefined && error.code === "method_not_allowed") reply.headers.set("allow", ("allow" in route ? route.allow : route.methods).join(", "));
    if (call !== undefined) {
      tellStory(call, { status: reply.status, losses: call.losses, error });
      await captureReply(call, reply);
      return reply;
    }
    for (const observer of desk.engine.observers.requestRefused) observer.requestRefused({ requestId: desk.requestId, method: request.method, endpoint: endpointOf(request.method, target, route), clientDialect: dialect.id, visitor: desk.visitor, status: reply.status, error });
    desk.engine.ports.logger.log(error.code === "internal" ? "error" : "warn", "request.refused", { requestId: desk.requestId, status: reply.status, method: request.method, path: shownPath(target), ...(desk.visitor.address !== undefined && { clientAddress: desk.visitor.address }), error: error.code, message: error.message, ...(error.code === "internal" && { cause: String((error.cause as Error | undefined)?.stack ?? error.cause) }) });
    return reply;
  }
}

/** Lists of models have the shape of a dialect, but everybody may read them who may use any. */
function isListing({ errand }: Route): boolean {
  return errand === "models" || errand === "model";
}

/** Values that are nested deeper than the stack allows are the caller's doing. */
function tooDeep(thrown: unknown): GatewayError | undefined {
  return thrown instanceof RangeError ? new GatewayError("invalid_request", { source: "client", message: "The body is nested too deeply.", cause: thrown }) : undefined;
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/** Paths that lead nowhere are left out: there are as many as there are strangers. */
function endpointOf(given: string, target: RequestTarget, route: ReturnType<typeof findRoute>): string {
  const method = METHODS.has(given) ? given : "OTHER";
  if (route === undefined) return method;
  const path = "pattern" in route && route.pattern !== undefined ? route.pattern : target.path;
  return `${method} ${shownPath({ ...target, path })}`;
}

/** Stands for whatever a path names before the client's own: it may hold anything, keys included. */
const ANY_UPSTREAM = "/{upstream}";

function shownPath({ mount, path }: RequestTarget): string {
  return mount === undefined ? path : ANY_UPSTREAM + path;
}

async function endErrand(call: Call, reply: Response): Promise<void> {
  tellErrand(call, { status: reply.status, losses: call.losses });
  await captureReply(call, reply);
}

function observe(call: Call): void {
  for (const observer of call.engine.observers.requestBegan) {
    const capture = observer.requestBegan(call);
    if (capture !== undefined) call.story.captures = [...(call.story.captures ?? []), capture];
  }
}

/** `pattern` with a model in it: the client's own path names one. */
function namedRequest(request: Request, { mount = "", query }: RequestTarget, route: Route, { visitor, snapshot }: Desk): NamedRequest {
  const routes = snapshot.settings.dynamicRoutes;
  if (routes === undefined) throw new GatewayError("not_found", { source: "client" });
  return { mount, query, visitor, routes, keyHeader: snapshot.settings.clientKeyHeader, headers: request.headers, modelFollows: route.pattern?.includes("{model}") ?? false, ...(!isListing(route) && { dialect: route.dialect.id }) };
}

/** Keys in the usual headers are known as such everywhere; this one is the operator's own, and stays at the door. */
function withoutKeyHeader(headers: Headers, { clientKeyHeader }: GatewaySettings): Headers {
  if (clientKeyHeader === "" || !headers.has(clientKeyHeader) || USUAL_HEADERS.has(clientKeyHeader.toLowerCase())) return headers;
  const others = new Headers(headers);
  others.delete(clientKeyHeader);
  return others;
}

const USUAL_HEADERS: ReadonlySet<string> = new Set(["authorization", "x-api-key", "x-goog-api-key"]);

interface CallParts extends RequestTarget {
  readonly desk: Desk;
  readonly route: Route;
  readonly principal: Principal;
  readonly body: { readonly text: string; readonly value: Json };
}

function createCall(request: Request, { desk, path, mount, query, route, principal, body }: CallParts): Call {
  const { engine, requestId, snapshot } = desk;
  const losses: Loss[] = [];
  const headers = withoutKeyHeader(request.headers, snapshot.settings);
  return {
    engine,
    settings: snapshot.settings,
    requestId,
    method: request.method,
    principal,
    visitor: desk.visitor,
    endpoint: `${request.method} ${mount === undefined ? "" : ANY_UPSTREAM}${route.pattern ?? path}`,
    ...(mount !== undefined && { mount }),
    dialect: route.dialect,
    input: { path, query, headers, body: body.value },
    bodyText: body.text,
    headers,
    ownKey: () => engine.guard.ownKey(headers, principal),
    signal: request.signal,
    startedAt: engine.ports.clock.now(),
    context: createContext(engine, principal, request.headers, losses),
    losses,
    wantsLosses: request.headers.has("x-dragoman-losses"),
    story: { attempts: 0, failures: [] },
  };
}

function createContext(engine: Engine, principal: Principal, headers: Headers, losses: Loss[]): DecodeContext {
  let sealer: Sealer | undefined;
  return {
    client: clientTraits(headers),
    // Made when first asked for: bytes that pass need none.
    get sealer() {
      return (sealer ??= createSealer({ keys: engine.sealKeys, tenant: principal.id, vendors: engine.routes.dialects, memory: engine.sealMemory }));
    },
    newId: (prefix) => prefix + engine.ports.ids.random(24),
    report: (loss) => void losses.push(loss),
  };
}
