import { isJsonObject, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import type { AccountVisit } from "../../account-kind.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import type { BrowserLogin } from "../../login/login-flow.ts";
import { rfc3339 } from "../../stored-times.ts";
import { readTokenReply, tokenError, tokenMembers, type TokenReply } from "../../token-request.ts";
import type { VendorCalls } from "../../vendor-calls.ts";
import { textOf } from "../../stored-json.ts";

export const browserLogin: BrowserLogin = {
  type: "browser",
  callback: { port: 11_451, path: "/oauth2callback", anyPort: true },
  webPath: "/iflow/callback",
  // The address goes by `redirect`, not `redirect_uri`.
  authorizeUrl: ({ state, redirectUri }, { settings }) =>
    `${endpointOf(settings, "authorize")}?${new URLSearchParams({ loginMethod: "phone", type: "phone", redirect: redirectUri, state, client_id: settings.clientId ?? "" }).toString()}`,
  async exchange({ code, redirectUri }, { settings, calls }) {
    const tokens = await askForToken({ grant_type: "authorization_code", code, redirect_uri: redirectUri }, settings, calls);
    const user = await askForUser(tokens.accessToken, settings, calls);
    const now = calls.now();
    const { token_type, scope } = tokens.body;
    return {
      file: `iflow-${user.name}-${Math.floor(now / 1000)}.json`,
      content: {
        ...tokenMembers(tokens), last_refresh: rfc3339(now), api_key: user.apiKey, email: user.name,
        token_type: textOf(token_type) ?? "bearer", scope: textOf(scope) ?? "", cookie: "", type: "iflow",
      },
    };
  },
};

/** A new token, and with it the key anew: it may be another one. */
export async function renewByToken({ facts, settings, calls }: AccountVisit): Promise<JsonObject> {
  const tokens = await askForToken({ grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "" }, settings, calls);
  const { apiKey } = await askForUser(tokens.accessToken, settings, calls);
  return { ...tokenMembers(tokens), api_key: apiKey };
}

/** The secret is asked for twice: in the form and as HTTP Basic. */
async function askForToken(fields: Readonly<Record<string, string>>, { clientId = "", clientSecret = "", ...settings }: KindSettings, calls: VendorCalls): Promise<TokenReply> {
  const reply = await calls.form(endpointOf(settings, "token"), { ...fields, client_id: clientId, client_secret: clientSecret }, { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` });
  return readTokenReply(reply, calls.now());
}

async function askForUser(accessToken: string, settings: KindSettings, calls: VendorCalls): Promise<{ readonly apiKey: string; readonly name: string }> {
  const reply = await calls.get(`${endpointOf(settings, "userinfo")}?accessToken=${encodeURIComponent(accessToken)}`);
  if (!reply.ok) throw tokenError(reply, calls.now());
  const given = reply.body?.data;
  const data: JsonObject = isJsonObject(given) ? given : {};
  const apiKey = textOf(data.apiKey);
  const name = textOf(data.email) ?? textOf(data.phone);
  if (reply.body?.success !== true || apiKey === undefined || name === undefined) throw new AccountError("malformed", "the vendor did not say which key the account has");
  return { apiKey, name };
}
