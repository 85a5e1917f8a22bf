import type { JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import { askForDevice, readDeviceGrant } from "../../device-code.ts";
import { claimsOf } from "../../jwt.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import type { DeviceLogin, LoginVisit, NewAccount } from "../../login/login-flow.ts";
import { rfc3339 } from "../../stored-times.ts";
import { tokenError, tokenMembers, type TokenReply } from "../../token-request.ts";
import type { VendorCalls } from "../../vendor-calls.ts";
import { textOf } from "../../stored-json.ts";

const LONGEST_MS = 30 * 60_000;

/** By a code on another device, at the endpoints that the vendor's own description names. */
export const xaiLogin: DeviceLogin = {
  type: "device",
  async begin({ settings, calls }) {
    const { deviceUrl, tokenUrl } = await discover(settings, calls);
    if (deviceUrl === undefined) throw new AccountError("malformed", "the vendor names no device endpoint");
    const reply = await calls.form(deviceUrl, { client_id: settings.clientId ?? "", scope: (settings.scopes ?? []).join(" ") });
    return readDeviceGrant(reply, calls.now(), { longestMs: LONGEST_MS, asksAtOnce: true, secret: { tokenUrl } });
  },
  async poll(grant, visit) {
    const { settings, calls } = visit;
    const tokenUrl = grant.secret.tokenUrl ?? "";
    const answer = await askForDevice(grant, { tokenUrl, clientId: settings.clientId ?? "" }, calls);
    if (answer === "pending") return { type: "pending" };
    if (answer === "slow-down") return { type: "slow-down" };
    return { type: "done", account: newAccount(answer, tokenUrl, visit) };
  },
};

/** The vendor's endpoints (OpenID Connect Discovery 1.0). @throws AccountError */
export async function discover(settings: KindSettings, calls: VendorCalls): Promise<{ readonly deviceUrl: string | undefined; readonly tokenUrl: string }> {
  const reply = await calls.get(`${endpointOf(settings, "issuer").replace(/\/+$/, "")}/.well-known/openid-configuration`);
  if (!reply.ok) throw tokenError(reply, calls.now());
  const deviceUrl = textOf(reply.body?.device_authorization_endpoint);
  const tokenUrl = textOf(reply.body?.token_endpoint);
  if (tokenUrl === undefined) throw new AccountError("malformed", "the vendor names no token endpoint");
  if (![deviceUrl, tokenUrl].every((url) => url === undefined || isTrusted(url, settings))) throw new AccountError("malformed", "the vendor's description names a foreign host");
  return { deviceUrl, tokenUrl };
}

/** `x.ai` and what is below it, by https; or the very place that the operator set as issuer. */
export function isTrusted(url: string, settings: KindSettings): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  return (protocol === "https:" && (hostname === "x.ai" || hostname.endsWith(".x.ai"))) || origin === new URL(endpointOf(settings, "issuer")).origin;
}

function newAccount(tokens: TokenReply, tokenUrl: string, { settings, calls }: LoginVisit): NewAccount {
  const now = calls.now();
  const members = xaiMembers(tokens);
  const { token_type } = tokens.body;
  return {
    file: `xai-${textOf(members.email) ?? textOf(members.sub) ?? now}.json`,
    content: {
      type: "xai", ...members, token_type: textOf(token_type) ?? "Bearer", last_refresh: rfc3339(now),
      base_url: endpointOf(settings, "api"), token_endpoint: tokenUrl, auth_kind: "oauth",
    },
  };
}

/** Tokens, and whose they are as far as the vendor says it. */
export function xaiMembers(tokens: TokenReply): JsonObject {
  const { email, sub } = claimsOf(tokens.idToken ?? "") ?? {};
  const { expires_in } = tokens.body;
  return {
    ...tokenMembers(tokens),
    ...(typeof expires_in === "number" && { expires_in }),
    ...(textOf(email) !== undefined && { email: textOf(email) ?? "" }),
    ...(textOf(sub) !== undefined && { sub: textOf(sub) ?? "" }),
  };
}
