import { defineProvider, isJsonObject, providerOfId, type JsonObject } from "@dragoman/core";
import { defineAccountKind, type AccountFacts, type AccountKind } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { readTokenReply, tokenMembers } from "../../token-request.ts";
import { keyFileLogin } from "./import-key-file.ts";
import { signedGrant } from "./signed-grant.ts";
import { textOf } from "../../stored-json.ts";

const vendor = providerOfId("vertex");
if (vendor === undefined) throw new Error("No provider is described as vertex.");
const { baseUrl: GLOBAL_BASE } = vendor;

const DEFAULT_LOCATION = "us-central1";
const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * A service account of Google Cloud with Vertex AI. There is no refresh token: the account's private key signs for each
 * new token. `endpoints.token` is used where the key file names no `token_uri`; `base-url` replaces the hosts of all locations.
 */
export const vertex: AccountKind = defineAccountKind({
  name: "vertex",
  types: ["vertex"],
  title: "Google Vertex AI (service account)",
  defaults: {
    endpoints: { token: "https://oauth2.googleapis.com/token" },
    scopes: ["https://www.googleapis.com/auth/cloud-platform"],
    options: { location: DEFAULT_LOCATION },
  },
  // A token is used until a minute before its end.
  requestLeadMs: 60_000,
  logins: [keyFileLogin],
  loginChoices: [
    { name: "location", label: "Location", hint: "A region such as europe-west4, or global; us-central1 when empty" },
    { name: "prefix", label: "Prefix", hint: "Its models can then be called as prefix/model; empty for none" },
  ],
  provider: defineProvider({ ...vendor, id: "vertex-account", name: "Google Vertex AI", hosts: [] }),
  read,
  async renew({ content, settings, calls }) {
    const account = serviceAccountIn(content);
    const tokenUri = textOf(account.token_uri) ?? endpointOf(settings, "token");
    const assertion = await signedGrant({
      email: textOf(account.client_email) ?? "", privateKey: textOf(account.private_key) ?? "", keyId: textOf(account.private_key_id),
      tokenUri, scope: (settings.scopes ?? []).join(" "),
    }, calls.now());
    return tokenMembers(readTokenReply(await calls.form(tokenUri, { grant_type: GRANT_TYPE, assertion }), calls.now()));
  },
  address(request, visit) {
    const { project = "", location = DEFAULT_LOCATION } = visit.values;
    const place = `/v1/projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(location)}/publishers/`;
    const path = request.path.replace(/^\/v1\/publishers\//, place);
    return addressed({ ...request, path }, visit, { baseUrl: request.baseUrl === GLOBAL_BASE ? hostOf(location) : request.baseUrl });
  },
});

function hostOf(location: string): string {
  return location === "global" ? GLOBAL_BASE : GLOBAL_BASE.replace("https://", `https://${location}-`);
}

function read(content: JsonObject, settings: KindSettings): AccountFacts {
  const account = serviceAccountIn(content);
  const project = textOf(content.project_id) ?? textOf(account.project_id);
  const location = textOf(content.location) ?? (typeof settings.options?.location === "string" ? settings.options.location : DEFAULT_LOCATION);
  const email = textOf(content.email) ?? textOf(account.client_email);
  const missing = [
    ...(textOf(account.private_key) === undefined ? ["private key"] : []), ...(project === undefined ? ["project"] : []), ...(email === undefined ? ["client_email"] : []),
  ];
  const { accessToken, expiresAt, renewedAt } = storedTokens(content);
  const baseUrl = textOf(content.base_url)?.replace(/\/+$/, "");
  return {
    label: textOf(content.label) ?? email ?? project ?? "unnamed",
    canRenew: true,
    values: { location, ...(project !== undefined && { project }) },
    ...(accessToken !== undefined && { accessToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(renewedAt !== undefined && { renewedAt }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(missing.length > 0 && { trouble: `it has no ${missing.join(", no ")}` }),
  };
}

function serviceAccountIn(content: JsonObject): JsonObject {
  return isJsonObject(content.service_account) ? content.service_account : {};
}
