import { GatewayError, toGatewayError } from "@dragoman/core";
import { refuseForeignPages } from "../access/page-origin.ts";
import { ANONYMOUS, type Visitor } from "../access/principal.ts";
import type { Config } from "../config/index.ts";
import { replyError } from "../http/reply-error.ts";
import { newRequestId } from "../http/request-id.ts";
import { dialectById } from "../http/routes.ts";
import type { Engine } from "../pipeline/call.ts";
import type { GatewaySettings } from "../settings.ts";
import type { AccountSockets } from "./account-sockets.ts";
import { ResponsesSocket } from "./responses-socket.ts";
import type { SocketDoor } from "./socket-door.ts";

export interface SocketReception {
  readonly engine: Engine;
  readonly accounts: AccountSockets | undefined;
  config(): Config;
  settings(): GatewaySettings;
  /** The gateway's own front door. */
  receive(request: Request, visitor: Visitor): Promise<Response>;
}

const RESPONSES_PATHS: ReadonlySet<string> = new Set(["/v1/responses", "/openai/v1/responses", "/backend-api/codex/responses"]);

/** Headers of the upgrade that say nothing about the client. */
const HOP = /^(connection|upgrade|host|content-length|content-type|accept-encoding|sec-websocket-.*)$/;

/**
 * Answers a request for a websocket.
 * @returns a Response when there is none to be had
 */
export async function receiveSocket(request: Request, visitor: Visitor, reception: SocketReception): Promise<SocketDoor | Response> {
  const { engine } = reception;
  const url = new URL(request.url);
  const dialect = dialectById("openai-responses");
  try {
    const kind = reception.accounts?.kindAt(url.pathname);
    if (kind === undefined && !RESPONSES_PATHS.has(url.pathname)) throw new GatewayError("not_found", { source: "client", message: `There is no websocket at ${url.pathname}.` });
    if (request.method !== "GET") {
      const reply = replyError(new GatewayError("method_not_allowed", { source: "client", message: `${url.pathname} takes GET.` }), dialect, newRequestId(engine.ports.ids, engine.ports.clock.now()));
      reply.headers.set("allow", "GET");
      return reply;
    }
    const isGuarded = kind === undefined || kind.socket.isGuarded(reception.config());
    if (isGuarded) {
      const principal = await engine.guard.identify({ headers: request.headers, query: url.searchParams, ...(kind === undefined && { dialect: dialect.id }) }, visitor);
      if (principal === ANONYMOUS) refuseForeignPages(request.headers, reception.settings());
    }
    if (kind !== undefined && reception.accounts !== undefined) return reception.accounts.accept(kind);
    return responsesDoor(request, visitor, reception);
  } catch (thrown) {
    return replyError(toGatewayError(thrown), dialect, newRequestId(engine.ports.ids, engine.ports.clock.now()));
  }
}

function responsesDoor(request: Request, visitor: Visitor, { engine, receive }: SocketReception): SocketDoor {
  const { clock, ids } = engine.ports;
  const headers = new Headers([...request.headers].filter(([name]) => !HOP.test(name)));
  headers.set("content-type", "application/json");
  // Tells upstreams that speak websocket, too, that this client keeps a conversation on one connection.
  headers.set("x-dragoman-transport", `websocket ${ids.random(24)}`);
  const turnState = request.headers.get("x-codex-turn-state");
  const url = new URL(request.url);
  url.protocol = url.protocol.replace("ws", "http");
  url.pathname = "/v1/responses";
  return new ResponsesSocket({
    ask: (body, signal) => receive(new Request(url, { method: "POST", headers, body: JSON.stringify(body), signal }), visitor),
    random: (length) => ids.random(length),
    now: () => clock.now(),
    ...(turnState !== null && { headers: { "x-codex-turn-state": turnState } }),
  });
}
