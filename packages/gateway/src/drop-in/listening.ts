import type { Environment } from "../config/expand-environment.ts";
import type { RawObject } from "../config/raw.ts";
import { portOf, referenceTo, textOf } from "./variables.ts";

/** Where this program listens unless somebody says otherwise. */
const USUAL_PORT = 8317;

/** What `DRAGOMAN_HOST` and `DRAGOMAN_PORT` say. One that is none is a mistake, and told. */
export function ownListening(environment: Environment): RawObject {
  return {
    ...(textOf(environment, "DRAGOMAN_HOST") !== undefined && { host: referenceTo("DRAGOMAN_HOST") }),
    ...(textOf(environment, "DRAGOMAN_PORT") !== undefined && { port: referenceTo("DRAGOMAN_PORT") }),
  };
}

/** What container platforms say in `PORT`. It is a word that many use: what is no port is passed over. */
export function platformListening(environment: Environment): RawObject {
  const port = portOf(environment, "PORT");
  return port === undefined ? {} : { port };
}

/** Ports at which this program may be found: people point their clients here with the variables that name upstreams elsewhere. */
export function ownPorts(environment: Environment, file: RawObject): ReadonlySet<number> {
  const variables = ["DRAGOMAN_PORT", "PROXY_PORT", "PORT"].map((name) => portOf(environment, name));
  return new Set([USUAL_PORT, file.port, ...variables].filter((port) => typeof port === "number"));
}

/** Whether an address is one of this program's own. */
export function leadsHere(url: URL, ports: ReadonlySet<number>): boolean {
  const isThisMachine = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(url.hostname);
  return isThisMachine && ports.has(Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port));
}
