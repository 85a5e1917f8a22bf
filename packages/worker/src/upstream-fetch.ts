import type { UpstreamFetch } from "@dragoman/gateway";

/**
 * The runtime's `fetch`; redirects are not followed. A Worker reaches the public internet through Cloudflare's network and
 * no network of its own, so there is no choosing the address behind a name: the guard has judged the name by its addresses,
 * and a name that leads elsewhere by now leads to nothing private from here.
 */
export const upstreamFetch: UpstreamFetch = async (url, { method, headers, body, signal, proxyUrl }) => {
  if (proxyUrl !== undefined && proxyUrl !== "" && proxyUrl !== "direct" && proxyUrl !== "none") throw new Error("a Worker cannot use a proxy: take proxy-url out of the configuration");
  return fetch(url, { method, headers, body: (body ?? null) as BodyInit | null, signal: signal ?? null, redirect: "manual" });
};
