import type { Routes } from "../http/own-routes.ts";
import type { RequestTarget } from "../http/request-target.ts";
import type { Errand, Route } from "../http/routes.ts";
import { beginsWithProtocol } from "./named-path.ts";

/** What may be asked of an upstream that the path names; the rest is the gateway's own. */
const MOUNTABLE: ReadonlySet<Errand> = new Set<Errand>(["generate", "count", "compact", "embeddings", "models", "model", "stored-response"]);
/** How a client's own path begins. */
const VERSION = /\/v\d/g;
/** So many beginnings are tried, the last one first: models may be called as they like, but not at any length. */
const MAX_BEGINNINGS = 8;

/**
 * Cuts a path that is none of ours into what names an upstream and what the client asks of it. A path that begins with a
 * protocol is cut in any case, so that whoever misspells the rest is told so.
 */
export function mountedTarget({ method, headers }: Request, target: RequestTarget, routes: Routes): RequestTarget {
  const { path } = target;
  if (routes.find(method, path, headers) !== undefined) return target;
  const beginnings = [...path.matchAll(VERSION)].map(({ index }) => index).filter((index) => index > 0).reverse().slice(0, MAX_BEGINNINGS);
  for (const at of beginnings) {
    const inner = path.slice(at);
    if (isMountable(routes.find(method, inner, headers))) return { ...target, mount: path.slice(0, at), path: inner };
  }
  return beginsWithProtocol(path) ? { ...target, mount: path, path: "" } : target;
}

function isMountable(found: Route | { readonly allow: readonly string[] } | undefined): boolean {
  if (found === undefined) return false;
  return "allow" in found || (MOUNTABLE.has(found.errand) && found.local !== true);
}
