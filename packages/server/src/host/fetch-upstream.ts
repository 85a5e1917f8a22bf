import type { UpstreamFetch, UpstreamRequestInit } from "@dragoman/gateway";
import { DEMO_ORIGIN } from "../demo/demo-models.ts";
import { demoUpstream } from "../demo/demo-upstream.ts";
import { socksBridge } from "./socks-bridge.ts";

/** `fetch` through Bun. Its `proxy` option knows http and https; SOCKS goes over a bridge on this machine. */
export const fetchUpstream: UpstreamFetch = (url, init) => {
  if (url.startsWith(DEMO_ORIGIN)) return demoUpstream(String(init.body));
  if (init.proxyUrl !== undefined && init.proxyUrl !== "") return fetchThrough(init.proxyUrl, url, init);
  return fetch(url, requestInit(init));
};

async function fetchThrough(proxyUrl: string, url: string, init: UpstreamRequestInit): Promise<Response> {
  return fetch(url, { ...requestInit(init), proxy: await proxyFor(proxyUrl) });
}

function requestInit({ method, headers, body, signal }: UpstreamRequestInit): BunFetchRequestInit {
  return { method, headers, body: (body ?? null) as BodyInit | null, signal: signal ?? null, redirect: "manual" };
}

/** `""`: no proxy at all, whatever the environment says. */
async function proxyFor(proxyUrl: string): Promise<string> {
  if (proxyUrl === "direct" || proxyUrl === "none") return "";
  return /^socks5h?:/.test(proxyUrl) ? socksBridge(proxyUrl) : proxyUrl;
}
