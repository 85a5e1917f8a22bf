import { createSealer, DIALECTS, GatewayError, toGatewayError, type Json, type Loss } from "@dragoman/core";
import { KEY_PARAMETERS, type ClientKeys, type Principal } from "../access/client-keys.ts";
import type { Call, Engine } from "../pipeline/call.ts";
import { tellStory } from "../pipeline/tell-story.ts";
import type { GatewaySettings } from "../settings.ts";
import { clientTraits } from "./client-traits.ts";
import { corsHeaders, preflight } from "./cors.ts";
import { runErrand } from "./errands.ts";
import { readRequestBody } from "./request-body.ts";
import { replyError } from "./reply-error.ts";
import { dialectOfUnknown, findRoute, type Route } from "./routes.ts";

/** The configuration as one request sees it, from its first moment to its last. */
export interface Snapshot {
  readonly settings: GatewaySettings;
  readonly keys: ClientKeys;
}

/** Where a request is received: who is it, what does it want, in which dialect does it hear of mistakes. */
export async function receive(request: Request, snapshot: Snapshot, engine: Engine): Promise<Response> {
  const { settings } = snapshot;
  const requestId = `req_${engine.ports.ids.random(20)}`;
  if (request.method === "OPTIONS") return preflight(request, settings.corsOrigins);
  const url = new URL(request.url);
  const response = await answer(request, url, { snapshot, engine, requestId });
  if (settings.corsOrigins.length > 0) {
    for (const [name, value] of Object.entries(corsHeaders(request.headers.get("origin"), settings.corsOrigins))) response.headers.set(name, value);
  }
  return response;
}

interface Desk {
  readonly snapshot: Snapshot;
  readonly engine: Engine;
  readonly requestId: string;
}

async function answer(request: Request, url: URL, desk: Desk): Promise<Response> {
  const route = findRoute(request.method, url.pathname, request.headers);
  const dialect = route?.dialect ?? dialectOfUnknown(url.pathname);
  let call: Call | undefined;
  try {
    if (route === undefined) throw new GatewayError("not_found", { source: "client", message: `There is nothing at ${request.method} ${url.pathname}.` });
    const allowed = "allow" in route ? route.allow : route.methods;
    if ("allow" in route || !allowed.includes(request.method === "HEAD" ? "GET" : request.method)) {
      throw new GatewayError("method_not_allowed", { source: "client", message: `${url.pathname} takes ${allowed.join(", ")}.` });
    }
    const principal = route.open === true ? { id: "anonymous" } : desk.snapshot.keys.identify(request.headers, url.searchParams);
    const body = request.method === "POST" ? await readRequestBody(request, desk.snapshot.settings.maxBodyBytes) : { text: "", value: {} };
    call = createCall(request, url, { ...desk, route, principal, body });
    return await runErrand(call, route);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const reply = replyError(error, dialect, desk.requestId);
    if (call !== undefined) tellStory(call, { status: reply.status, losses: call.losses, error });
    else desk.engine.ports.logger.log(error.code === "internal" ? "error" : "warn", "request.refused", { requestId: desk.requestId, status: reply.status, path: url.pathname, error: error.code, message: error.message, ...(error.code === "internal" && { cause: String((error.cause as Error | undefined)?.stack ?? error.cause) }) });
    return reply;
  }
}

interface CallParts extends Desk {
  readonly route: Route;
  readonly principal: Principal;
  readonly body: { readonly text: string; readonly value: Json };
}

function createCall(request: Request, url: URL, parts: CallParts): Call {
  const { engine, principal, route, snapshot } = parts;
  const losses: Loss[] = [];
  for (const name of KEY_PARAMETERS) url.searchParams.delete(name);
  return {
    engine,
    settings: snapshot.settings,
    requestId: parts.requestId,
    principal,
    dialect: route.dialect,
    input: { path: url.pathname, query: url.searchParams, headers: request.headers, body: parts.body.value },
    bodyText: parts.body.text,
    headers: request.headers,
    signal: request.signal,
    startedAt: engine.ports.clock.now(),
    context: {
      client: clientTraits(request.headers),
      sealer: createSealer({ keys: engine.sealKeys, tenant: principal.id, vendors: DIALECTS, memory: engine.sealMemory }),
      newId: (prefix) => prefix + engine.ports.ids.random(24),
      report: (loss) => void losses.push(loss),
    },
    losses,
    wantsLosses: request.headers.has("x-dragoman-losses"),
    story: { attempts: 0, failures: [] },
  };
}
