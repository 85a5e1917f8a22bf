import { isJsonObject, type JsonObject } from "@dragoman/core";
import type { AccountFacts } from "../../account-kind.ts";
import type { KindSettings } from "../../kind-settings.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { modelsOf } from "./models.ts";
import { tokenClaims } from "./token-claims.ts";
import { textOf } from "../../stored-json.ts";

const HOUR_MS = 60 * 60_000;
/** What the vendor's users were told of a token that does not say it itself. */
const TOKEN_LIFETIME_MS = 8 * HOUR_MS;
/** Of such a token it is renewed after 6 h; a shorter one in its last quarter. */
const RENEW_LEAD_MS = 2 * HOUR_MS;

/** A stored login, the `auth.json` of the vendor's own program, a fixed key, or what stands for the clients' keys. */
export function readStored(content: JsonObject, settings: KindSettings): AccountFacts {
  const facts = readSecret(content);
  const { fault } = modelsOf(settings);
  return fault === undefined ? facts : { ...facts, trouble: fault };
}

function readSecret(content: JsonObject): AccountFacts {
  if (content.clients === true) return { label: "the clients' own keys", values: { clients: "own" }, alike: "clients" };
  const key = textOf(content.api_key) ?? textOf(content.apiKey);
  return key === undefined ? readLogin(content) : { label: textOf(content.label) ?? textOf(content.email) ?? `key …${key.slice(-4)}`, accessToken: key };
}

function readLogin(content: JsonObject): AccountFacts {
  const { expiresAt: stored, ...tokens } = storedTokens(content);
  const claims = tokenClaims(tokens.accessToken ?? "");
  const madeAt = claims.issuedAt ?? tokens.renewedAt;
  const expiresAt = tokens.accessToken === undefined ? undefined : claims.expiresAt ?? stored ?? (madeAt === undefined ? undefined : madeAt + TOKEN_LIFETIME_MS);
  const organization = textOf(content.organization_id) ?? claims.organization;
  const user: JsonObject = isJsonObject(content.user) ? content.user : {};
  return {
    label: textOf(content.email) ?? textOf(user.email) ?? claims.email ?? textOf(content.label) ?? "unnamed",
    ...tokens,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(expiresAt !== undefined && madeAt !== undefined && madeAt < expiresAt && { renewLeadMs: Math.min(RENEW_LEAD_MS, (expiresAt - madeAt) / 4) }),
    ...(organization !== undefined && { values: { organization } }),
  };
}
