import type { Environment } from "../config/expand-environment.ts";
import type { ConfigNote } from "../config/findings.ts";
import type { RawObject } from "../config/raw.ts";
import { readBaseUrl, type GivenUrl } from "./base-url.ts";
import type { DropIn } from "./drop-in.ts";
import { leadsHere, ownPorts } from "./listening.ts";
import { flagOf, numberOf, portOf, referenceTo, textOf } from "./variables.ts";

/** Where it asks, and how long it waits, when its variables do not say so. Its README of 2025-10 has them. */
const USUAL_URL = "https://cloud.infini-ai.com/maas/v1/chat/completions";
const USUAL_TIMEOUT_S = 300;
const LONGEST_TIMEOUT_S = 86_400;
/** Models that are not to be had at the usual address: a key beside them is another vendor's. */
const ELSEWHERE = /^(gpt|chatgpt|o\d)/i;
/** What was shipped as the administrator's password, and so is none. */
const SHIPPED_PASSWORD = "changeme";
const SHORTEST_PASSWORD = 8;
const LOOPBACK = "127.0.0.1";
/** Lists of models and errors say it to clients, whom the backend's address is nothing of. */
const NAME = "backend";

/** One backend that speaks Chat Completions, for clients of two dialects, with users and keys. */
export const infiniproxy: DropIn = {
  id: "infiniproxy",
  name: "infiniproxy",
  ofEnvironment(environment, file) {
    const backend = backendOf(environment, file);
    if (backend === undefined) return undefined;
    const administration = administrationOf(environment);
    return {
      config: {
        ...listeningOf(environment),
        ...(flagOf(environment, "DEBUG") === true && { debug: true }),
        timeouts: timeoutsOf(environment),
        ...serviceOf(backend, environment),
        discovery: { "ignore-variables": ["OPENAI_API_KEY"] },
        ...administration.config,
      },
      notes: administration.notes,
    };
  },
};

interface Backend extends GivenUrl {
  /** Absent: whatever the backend lists. */
  readonly model?: string;
}

/**
 * `OPENAI_BASE_URL` is also how clients are told where to go, so an address of our own is nobody's backend. Without it, host or
 * port of the proxy, key and model must all be there: no key is sent to the usual address because of a word that others use, too.
 */
function backendOf(environment: Environment, file: RawObject): Backend | undefined {
  const model = textOf(environment, "OPENAI_MODEL");
  const isSetUp = isProxy(environment) && textOf(environment, "OPENAI_API_KEY") !== undefined && model !== undefined && !ELSEWHERE.test(model);
  const given = readBaseUrl(textOf(environment, "OPENAI_BASE_URL") ?? (isSetUp ? USUAL_URL : ""));
  if (given === undefined || leadsHere(given.url, ownPorts(environment, file))) return undefined;
  return { ...given, ...(model !== undefined && { model }) };
}

function isProxy(environment: Environment): boolean {
  return portOf(environment, "PROXY_PORT") !== undefined || hostOf(environment) !== undefined;
}

/** A name or an address; `PROXY_HOST` of other programs may hold a URL. */
function hostOf(environment: Environment): string | undefined {
  const host = textOf(environment, "PROXY_HOST");
  if (host === undefined || !/^[\w.:-]+$/.test(host)) return undefined;
  return host === "localhost" ? LOOPBACK : host;
}

function listeningOf(environment: Environment): RawObject {
  const host = hostOf(environment);
  const port = portOf(environment, "PROXY_PORT");
  // Nobody was let in without a key there; on this machine alone a first call may come before the first key.
  return { ...(host !== undefined && { host }), ...(host !== undefined && host !== LOOPBACK && { "require-key": true }), ...(port !== undefined && { port }) };
}

/** There it is how long any one wait may take, not the whole request. */
function timeoutsOf(environment: Environment): RawObject {
  const waitMs = (numberOf(environment, "TIMEOUT", [1, LONGEST_TIMEOUT_S]) ?? USUAL_TIMEOUT_S) * 1000;
  return { "first-byte-ms": waitMs, "idle-ms": waitMs };
}

/** `MAX_OUTPUT_TOKENS` is a cap here and no default: few models take as much as was shipped as one. */
function serviceOf({ baseUrl, model }: Backend, environment: Environment): RawObject {
  const most = numberOf(environment, "MAX_OUTPUT_TOKENS", [1, Number.MAX_SAFE_INTEGER]);
  const hasKey = textOf(environment, "OPENAI_API_KEY") !== undefined;
  return {
    "openai-compatibility": [{
      name: NAME,
      "base-url": baseUrl,
      ...(hasKey && { "api-key-entries": [{ "api-key": referenceTo("OPENAI_API_KEY") }] }),
      ...(model !== undefined && { models: [{ name: model, ...(most !== undefined && { "max-output-tokens": most }) }] }),
    }],
    ...(model !== undefined && { "model-redirects": { "*": `${NAME}://${model}` } }),
  };
}

/** The administrator's password is a management key, from wherever the proxy itself is reached. */
function administrationOf(environment: Environment): { readonly config: RawObject; readonly notes: readonly ConfigNote[] } {
  const password = textOf(environment, "ADMIN_PASSWORD");
  if (password === undefined) return { config: {}, notes: [] };
  if (password === SHIPPED_PASSWORD || password.length < SHORTEST_PASSWORD) {
    return { config: {}, notes: [{ kind: "warning", path: "ADMIN_PASSWORD", message: `is the shipped one or shorter than ${SHORTEST_PASSWORD} characters, and so opens nothing` }] };
  }
  const host = hostOf(environment);
  return { config: { "remote-management": { "secret-key": referenceTo("ADMIN_PASSWORD"), ...(host !== undefined && host !== LOOPBACK && { "allow-remote": true }) } }, notes: [] };
}
