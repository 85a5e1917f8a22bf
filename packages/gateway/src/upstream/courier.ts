import { GatewayError, type WireRequest } from "@dragoman/core";
import type { CapturedCall } from "../observe/captured-call.ts";
import type { Ports } from "../ports.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { GatewaySettings } from "../settings.ts";

export interface Delivery {
  readonly candidate: Candidate;
  readonly path: string;
  readonly query?: WireRequest["query"] | undefined;
  readonly headers: WireRequest["headers"];
  readonly body: string | Uint8Array;
  readonly streamed: boolean;
  /** The client's request headers, for configured values that copy one (`$Name`). */
  readonly clientHeaders: Headers;
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
export async function deliver(delivery: Delivery, ports: Ports, settings: GatewaySettings, abort: AbortController): Promise<Response> {
  const { body, capture } = delivery;
  const url = urlOf(delivery);
  const headers = headersOf(delivery);
  capture?.upstreamRequest({ url, headers, body });
  const timer = setTimeout(() => abort.abort(new GatewayError("upstream_timeout", { source: "upstream" })), settings.firstByteTimeoutMs);
  try {
    const response = await ports.fetch(url, { method: "POST", headers, body, signal: abort.signal, proxyUrl: delivery.candidate.credential.proxyUrl ?? settings.proxyUrl });
    capture?.upstreamHead(response);
    return response;
  } catch (thrown) {
    const reason: unknown = abort.signal.aborted ? abort.signal.reason : undefined;
    if (reason instanceof GatewayError) throw reason;
    throw new GatewayError("upstream_unreachable", { source: "upstream", cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}

function urlOf(delivery: Delivery): string {
  const url = delivery.candidate.upstream.baseUrl + delivery.path;
  const query = delivery.query === undefined ? "" : new URLSearchParams(delivery.query).toString();
  return query === "" ? url : `${url}?${query}`;
}

function headersOf(delivery: Delivery): Record<string, string> {
  const { credential, upstream } = delivery.candidate;
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: delivery.streamed ? "text/event-stream" : "application/json",
    "user-agent": "dragoman",
    ...delivery.headers,
  };
  if (delivery.traceparent !== undefined) headers.traceparent = delivery.traceparent;
  const auth = upstream.provider.dialects[upstream.dialect.id]?.auth ?? upstream.provider.auth;
  if (credential.apiKey !== undefined) headers[auth.header] = auth.scheme === undefined ? credential.apiKey : `${auth.scheme} ${credential.apiKey}`;
  for (const [name, value] of Object.entries(credential.headers)) {
    const copied = value.startsWith("$") ? delivery.clientHeaders.get(value.slice(1)) : value;
    if (copied !== null) headers[name.toLowerCase()] = copied;
  }
  return headers;
}
