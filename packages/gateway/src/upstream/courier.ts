import { asideOf, GatewayError, isGatewayError, isJsonObject, type AsideEndpoint, type Json, type WireRequest } from "@dragoman/core";
import type { AccountSending, CredentialAccount, OwnKey } from "../credentials/credential-account.ts";
import type { CapturedCall } from "../observe/captured-call.ts";
import type { Ports } from "../ports.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { GatewaySettings } from "../settings.ts";
import { keyHeader } from "./key-header.ts";
import { urlOf } from "./url-of.ts";

export interface Delivery {
  readonly candidate: Candidate;
  readonly path: string;
  readonly query?: WireRequest["query"] | undefined;
  readonly headers: WireRequest["headers"];
  readonly body: string | Uint8Array;
  readonly streamed: boolean;
  /** The client's request headers, for configured values that copy one (`$Name`). */
  readonly clientHeaders: Headers;
  /** See `OwnKey`. */
  readonly ownKey?: (() => OwnKey | undefined) | undefined;
  /** Names the conversation, the same in all of its turns and nobody else's. Not for the wire. */
  readonly conversation?: string | undefined;
  /** W3C trace context of this attempt, where the operator wants upstreams to see it. */
  readonly traceparent?: string | undefined;
  /** Those who want to see every byte. */
  readonly capture?: CapturedCall | undefined;
}

/**
 * Carries one request to one upstream and brings back the head of the reply. Client headers do not travel; only what
 * the dialect, the credential and the configuration set.
 * @throws GatewayError `upstream_unreachable`, `upstream_timeout` or `client_closed`
 */
export async function deliver(given: Delivery, ports: Ports, settings: GatewaySettings, abort: AbortController): Promise<Response> {
  const { delivery, aside } = rerouted(given);
  const timer = setTimeout(() => abort.abort(new GatewayError("upstream_timeout", { source: "upstream" })), settings.firstByteTimeoutMs);
  try {
    const proxyUrl = delivery.candidate.credential.proxyUrl ?? settings.nextProxy();
    const response = await (delivery.candidate.credential.account === undefined
      ? carry(delivery, { fetch: ports.fetch, signal: abort.signal, proxyUrl })
      : carryByAccount(delivery, delivery.candidate.credential.account, { fetch: ports.fetch, signal: abort.signal, proxyUrl }));
    delivery.capture?.upstreamHead(response);
    return aside === undefined || !response.ok ? response : await inDialect(response, aside);
  } catch (thrown) {
    const reason: unknown = abort.signal.aborted ? abort.signal.reason : undefined;
    if (reason instanceof GatewayError) throw reason;
    throw isGatewayError(thrown) ? thrown : new GatewayError("upstream_unreachable", { source: "upstream", cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}

/** The way to the provider's own place for a model, where that is not the dialect's. */
function rerouted(delivery: Delivery): { readonly delivery: Delivery; readonly aside: AsideEndpoint | undefined } {
  const { candidate: { upstream, model }, path: given } = delivery;
  if (upstream.path === undefined && upstream.asides === undefined) return { delivery, aside: undefined };
  const path = upstream.path?.(given) ?? given;
  const aside = asideOf(upstream, model);
  return { delivery: aside === undefined ? { ...delivery, path } : { ...delivery, path: aside.path(path), query: undefined, streamed: false }, aside };
}

/** @throws GatewayError `upstream_malformed` when the reply is no JSON object */
async function inDialect(response: Response, aside: AsideEndpoint): Promise<Response> {
  const body = await response.json().catch(() => undefined) as Json | undefined;
  if (body === undefined || !isJsonObject(body)) throw new GatewayError("upstream_malformed", { source: "upstream" });
  return Response.json(aside.reply(body), { status: response.status });
}

function carry(delivery: Delivery, { fetch, signal, proxyUrl }: AccountSending): Promise<Response> {
  const { body } = delivery;
  const { baseUrl, address } = delivery.candidate.upstream;
  const url = urlOf({ baseUrl, path: delivery.path, query: delivery.query });
  const headers = headersOf(delivery);
  delivery.capture?.upstreamRequest({ url, headers, body });
  return fetch(url, { method: "POST", headers, body, signal, proxyUrl, ...(address !== undefined && { address }) });
}

function carryByAccount(delivery: Delivery, account: CredentialAccount, sending: AccountSending): Promise<Response> {
  const { candidate: { upstream, model }, path, query, body, streamed, clientHeaders, ownKey, conversation, capture } = delivery;
  return account.send(
    { baseUrl: upstream.baseUrl, path, query, headers: plainHeaders(delivery), lastHeaders: configuredHeaders(delivery), body, streamed, model, dialect: upstream.dialect.id, clientHeaders, ownKey, conversation },
    { ...sending, sent: (request) => capture?.upstreamRequest(request) },
  );
}

/** The dialect's, and what every request has; without a credential. */
function plainHeaders({ streamed, headers, traceparent }: Delivery): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: streamed ? "text/event-stream" : "application/json",
    "user-agent": "dragoman",
    ...headers,
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** The operator's for this credential. */
function configuredHeaders({ candidate, clientHeaders }: Delivery): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(candidate.credential.headers)) {
    const copied = value.startsWith("$") ? clientHeaders.get(value.slice(1)) : value;
    if (copied !== null) headers[name.toLowerCase()] = copied;
  }
  return headers;
}

function headersOf(delivery: Delivery): Record<string, string> {
  const { credential, upstream } = delivery.candidate;
  const headers = plainHeaders(delivery);
  if (credential.apiKey !== undefined) Object.assign(headers, keyHeader(upstream.provider, upstream.dialect.id, credential.apiKey));
  return Object.assign(headers, configuredHeaders(delivery));
}
