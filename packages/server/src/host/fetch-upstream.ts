import type { UpstreamFetch, UpstreamRequestInit } from "@dragoman/gateway";
import { DEMO_ORIGIN } from "../demo/demo-models.ts";
import { demoUpstream } from "../demo/demo-upstream.ts";

/** `fetch` through Bun. Its `proxy` option knows http and https; SOCKS goes over a bridge on this machine. */
export const fetchUpstream: UpstreamFetch = (url, init) => {
  if (url.startsWith(DEMO_ORIGIN)) return demoUpstream(String(init.body));
  if (init.proxyUrl !== undefined && init.proxyUrl !== "") return fetchThrough(init.proxyUrl, url, init);
  return init.address === undefined ? fetch(url, requestInit(init)) : fetchAt(init.address, url, init);
};

/**
 * Connects to the address that was checked, and to no other that the name may have by now; the name still goes into the
 * Host header and the TLS handshake, and the certificate is checked against it.
 */
function fetchAt(address: string, url: string, init: UpstreamRequestInit): Promise<Response> {
  const target = new URL(url);
  const { host, hostname } = target;
  target.hostname = address.includes(":") ? `[${address}]` : address;
  const { headers } = init;
  return fetch(target, { ...requestInit(init), headers: { ...(headers instanceof Headers ? Object.fromEntries(headers.entries()) : headers), host }, tls: { serverName: hostname } } as BunFetchRequestInit);
}

async function fetchThrough(proxyUrl: string, url: string, init: UpstreamRequestInit): Promise<Response> {
  // Bun's types do not know `false` (Bun 1.4, tried 2026-11).
  return fetch(url, { ...requestInit(init), proxy: (await proxyFor(proxyUrl)) as string });
}

function requestInit({ method, headers, body, signal }: UpstreamRequestInit): BunFetchRequestInit {
  return { method, headers, body: (body ?? null) as BodyInit | null, signal: signal ?? null, redirect: "manual" };
}

/** `false`: no proxy at all, whatever the environment says; an empty text would leave it to the environment. */
export async function proxyFor(proxyUrl: string): Promise<string | false> {
  if (proxyUrl === "direct" || proxyUrl === "none") return false;
  if (!/^socks5h?:/.test(proxyUrl)) return proxyUrl;
  // Loaded when first needed: few use it, and everybody would wait for it at the start.
  const { socksBridge } = await import("./socks-bridge.ts");
  return socksBridge(proxyUrl);
}
