import { GatewayError, isGatewayError, isJsonObject, type Json } from "@dragoman/core";
import type { Admitted, Guard, Presented } from "../access/guard.ts";
import type { Principal, Visitor } from "../access/principal.ts";
import { credentialIndex } from "../credentials/credential-id.ts";
import type { Credential } from "../credentials/credential.ts";
import type { Call, Engine } from "../pipeline/call.ts";
import { USUAL_WORDS } from "../payload/protocols.ts";
import { isAtVendor } from "../routing/upstreams-of.ts";
import type { Service } from "../routing/service.ts";
import type { GatewaySettings } from "../settings.ts";
import { spliceMembers } from "../upstream/splice.ts";
import { guardUrl, type GuardVerdict } from "../upstream/url-guard.ts";
import { readNamedUpstream, type NamedUpstream } from "./named-path.ts";
import { namedSwitchboard } from "./named-switchboard.ts";
import { gatewayKeyOf, GATEWAY_KEY_HEADER, upstreamKeyOf } from "./shown-keys.ts";
import { dialectOfWord, upstreamsAt } from "./upstreams-at.ts";

type DynamicRoutes = NonNullable<GatewaySettings["dynamicRoutes"]>;

/** A request whose path names its upstream. */
export interface NamedRequest extends Presented {
  /** The path before the client's own, without a trailing slash. */
  readonly mount: string;
  /** The client's own part names a model. */
  readonly modelFollows: boolean;
  readonly visitor: Visitor;
  readonly routes: DynamicRoutes;
  /** A further header for the gateway's own key; empty: there is none. */
  readonly keyHeader: string;
}

/** Who sent it, and an engine that knows one upstream with one key, the sender's. */
export interface EnteredNamed {
  readonly principal: Principal;
  readonly engine: Engine;
  /** The body with the path's model in it, where a model has its place there and it names none. */
  withModel(body: RequestBody): RequestBody;
}

interface RequestBody {
  readonly text: string;
  readonly value: Json;
}

/**
 * Lets a request in whose path names its upstream. No credential of the gateway has a part in it.
 * @throws GatewayError `invalid_api_key` (of the gateway, or none for the upstream), `invalid_request` (the path),
 *   `permission_denied` (the address)
 */
export async function enterNamed(request: NamedRequest, engine: Engine): Promise<EnteredNamed> {
  // First, so that whoever meant one of our own paths is not asked for another key.
  const named = readNamedUpstream(request.mount, request);
  const principal = await identify(request, engine.guard);
  const verdict = await guardUrl(named.baseUrl, {
    resolveHost: engine.ports.resolveHost, allowHosts: request.routes.privateHosts, onlyHosts: request.routes.hosts, httpsOnly: !request.routes.allowHttp,
  });
  if (!verdict.ok) throw new GatewayError("permission_denied", { source: "client", message: `The upstream address in the path ${verdict.reason}.` });
  const apiKey = upstreamKeyOf(request);
  if (apiKey !== undefined && !VISIBLE.test(apiKey)) throw keyless();
  if (apiKey === undefined && verdict.isException !== true) throw keyless();
  if (apiKey !== undefined) refuseOwnKey(apiKey, principal, engine.guard);
  const credential = credentialOf(apiKey);
  const service = serviceOf(named, verdict, credential);
  const { model } = named;
  return {
    principal,
    engine: {
      ...engine,
      guard: model === undefined ? engine.guard : judgingModel(engine.guard, model),
      switchboard: namedSwitchboard({ service, credential, model, now: engine.ports.clock.now() }, engine.switchboard),
    },
    withModel: (body) => (model === undefined || request.modelFollows || !isJsonObject(body.value) || body.value.model !== undefined
      ? body
      : { text: spliceMembers(body.text, { model }), value: { ...body.value, model } }),
  };
}

/** The usual places of a key are taken by the upstream's. */
async function identify({ headers, keyHeader, visitor, dialect }: NamedRequest, guard: Guard): Promise<Principal> {
  const key = gatewayKeyOf(headers, keyHeader);
  try {
    return await guard.identify(alone(key, dialect), visitor);
  } catch (thrown) {
    if (key !== undefined || !isGatewayError(thrown) || thrown.code !== "invalid_api_key") throw thrown;
    throw new GatewayError("invalid_api_key", { source: "client", message: `This gateway asks for a key of its own: send it as ${GATEWAY_KEY_HEADER}. The key in authorization or x-api-key goes to the upstream that the path names.` });
  }
}

/** Whoever mistakes one key for the other must not hand the gateway's to a stranger. */
function refuseOwnKey(apiKey: string, principal: Principal, guard: Guard): void {
  const isForeign = guard.ownKey(alone(apiKey).headers, principal) !== undefined;
  if (!isForeign) throw new GatewayError("invalid_api_key", { source: "client", message: `The key for the upstream is one of this gateway, and is not sent on. Send it as ${GATEWAY_KEY_HEADER}, and the upstream's as authorization or x-api-key.` });
}

/** Presented as the only key there is. */
function alone(key: string | undefined, dialect?: string): Presented {
  return { headers: new Headers(key === undefined ? {} : { authorization: `Bearer ${key}` }), query: { get: () => null }, ...(dialect !== undefined && { dialect }) };
}

/** Anything else is no key, and headers cannot hold it. */
const VISIBLE = /^[\x21-\x7e]+$/;

function keyless(): GatewayError {
  return new GatewayError("invalid_api_key", { source: "client", message: "The path names an upstream, and its key is missing. Send it as x-api-key, x-goog-api-key or authorization: Bearer." });
}

/** The same id for all, so that nothing that is kept by credentials grows with them. */
const CREDENTIAL_ID = "named:apikey";

function credentialOf(apiKey: string | undefined): Credential {
  return {
    id: CREDENTIAL_ID, index: credentialIndex(CREDENTIAL_ID), label: "the caller's own",
    ...(apiKey !== undefined && { apiKey }),
    headers: {}, priority: 0, weight: 1, disableCooling: true,
  };
}

function serviceOf({ word, baseUrl }: NamedUpstream, { url, address }: Extract<GuardVerdict, { ok: true }>, credential: Credential): Service {
  const dialect = word === undefined ? undefined : dialectOfWord(word);
  if (word !== undefined && dialect === undefined) throw new GatewayError("invalid_request", { source: "client", message: `The word ${word} before https names no dialect that upstreams speak. Write ${USUAL_WORDS}.` });
  const [first, ...rest] = upstreamsAt(baseUrl, dialect?.id) ?? [];
  if (first === undefined) throw new GatewayError("internal");
  const pinned = address === undefined ? {} : { address };
  return {
    name: url.host,
    ownedBy: url.host,
    upstreams: [{ ...first, ...pinned }, ...rest.map((upstream) => ({ ...upstream, ...pinned }))],
    credentials: [credential],
    excludes: () => false,
    catalogue: first.provider.catalogue ?? [],
    // Only a vendor's own servers find again what one of them keeps.
    ...(!isAtVendor(first) && { capabilities: { stateful: false } }),
  };
}

/** A key's models are those that are used, not those that the body speaks of. */
function judgingModel(guard: Guard, model: string): Guard {
  return { ...guard, admit: (call: Call, request: Admitted) => guard.admit(call, request.model === undefined ? request : { ...request, model }) };
}
