import type { UpstreamFetch } from "@dragoman/gateway";
import { DEMO_ORIGIN } from "../demo/demo-models.ts";
import { demoUpstream } from "../demo/demo-upstream.ts";
import { socksBridge } from "./socks-bridge.ts";

/** `fetch` through Bun. Its `proxy` option knows http and https; SOCKS goes over a bridge on this machine. */
export const fetchUpstream: UpstreamFetch = async (url, { proxyUrl, body, ...init }) => {
  if (url.startsWith(DEMO_ORIGIN)) return demoUpstream(String(body));
  const proxy = await proxyFor(proxyUrl);
  return fetch(url, {
    ...init,
    ...(body !== undefined && { body: body as BodyInit }),
    signal: init.signal ?? null,
    redirect: "manual",
    ...(proxy !== undefined && { proxy }),
  } as RequestInit);
};

/** `undefined`: as the environment says; `""`: no proxy at all. */
async function proxyFor(proxyUrl: string | undefined): Promise<string | undefined> {
  if (proxyUrl === undefined || proxyUrl === "") return undefined;
  if (proxyUrl === "direct" || proxyUrl === "none") return "";
  return /^socks5h?:/.test(proxyUrl) ? socksBridge(proxyUrl) : proxyUrl;
}
