import { GatewayError } from "@dragoman/core";
import { isLoopback, type Visitor } from "./principal.ts";
import type { GatewaySettings } from "../settings.ts";

/**
 * Without client keys, whoever reaches the port may use it, and that includes every web page in a browser on this
 * machine. Browsers tell a page's origin with each POST, also after its name was bound to another address, so pages from
 * elsewhere are refused; those that `cors.origins` names, and those of this machine, are not. Only for requests that were
 * let in without a key.
 * @throws GatewayError `permission_denied`
 */
export function refuseForeignPages(headers: Headers, settings: Pick<GatewaySettings, "corsOrigins">): void {
  const origin = headers.get("origin");
  if (origin === null || settings.corsOrigins.includes("*") || settings.corsOrigins.includes(origin) || LOOPBACK.test(origin)) return;
  throw new GatewayError("permission_denied", { source: "client", message: "This gateway has no client keys, so web pages may not use it. Set api-keys or make a key for a user, or name the page's origin under cors.origins." });
}

/**
 * For paths whose clients bring a login of their own, which says nothing to us.
 * @throws GatewayError `permission_denied`
 */
export function refuseOtherMachines(visitor: Visitor): void {
  if (isLoopback(visitor)) return;
  throw new GatewayError("permission_denied", { source: "client", message: "Without client keys this path is for this machine alone. Set api-keys, and give one to the client as its access token." });
}

const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;
