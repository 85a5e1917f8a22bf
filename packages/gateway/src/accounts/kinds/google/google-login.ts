// What logins with a Google account have in common: a client with a secret, no PKCE, a refresh token that stays for good.
import { AccountError } from "../../account-error.ts";
import type { AccountVisit } from "../../account-kind.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import type { AuthorizeQuestion, CodeAnswer, LoginVisit } from "../../login/login-flow.ts";
import { readTokenReply, tokenError, type TokenReply } from "../../token-request.ts";
import { textOf } from "../../stored-json.ts";

export interface GoogleTokens extends TokenReply {
  readonly refreshToken: string;
}

/** `prompt=consent` brings a refresh token each time, not only at the first consent. */
export function googleAuthorizeUrl({ state, redirectUri }: AuthorizeQuestion, settings: KindSettings): string {
  const { clientId } = clientOf(settings);
  const query = new URLSearchParams({
    client_id: clientId, redirect_uri: redirectUri, response_type: "code", scope: (settings.scopes ?? []).join(" "), state,
    access_type: "offline", prompt: "consent",
  });
  return `${endpointOf(settings, "authorize")}?${query.toString()}`;
}

/** @throws AccountError */
export async function exchangeGoogleCode({ code, redirectUri }: CodeAnswer, { settings, calls }: LoginVisit): Promise<GoogleTokens> {
  const { clientId, clientSecret } = clientOf(settings);
  const reply = await calls.form(endpointOf(settings, "token"), {
    grant_type: "authorization_code", code, redirect_uri: redirectUri, client_id: clientId, client_secret: clientSecret,
  });
  const tokens = readTokenReply(reply, calls.now());
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw new AccountError("malformed", "Google gave no refresh token");
  return { ...tokens, refreshToken };
}

/** The address of the person who logged in; `undefined` when Google does not tell. @throws AccountError */
export async function googleEmail(accessToken: string, { settings, calls }: LoginVisit): Promise<string | undefined> {
  const reply = await calls.get(endpointOf(settings, "userinfo"), { authorization: `Bearer ${accessToken}` });
  if (!reply.ok) throw tokenError(reply, calls.now());
  return textOf(reply.body?.email);
}

/**
 * A new access token; Google sends no new refresh token. A token is bound to the client that it was made for, so that a
 * client that stands in the file goes over the settings.
 * @throws AccountError
 */
export async function renewGoogle({ facts, settings, calls }: Pick<AccountVisit, "facts" | "settings" | "calls">): Promise<TokenReply> {
  const { clientId, clientSecret } = clientOf({ clientId: facts.values?.clientId ?? settings.clientId, clientSecret: facts.values?.clientSecret ?? settings.clientSecret });
  const reply = await calls.form(endpointOf(settings, "token"), {
    grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "", client_id: clientId, client_secret: clientSecret,
  });
  return readTokenReply(reply, calls.now());
}

/** @throws AccountError `not-configured` */
function clientOf({ clientId, clientSecret }: { readonly clientId?: string | undefined; readonly clientSecret?: string | undefined }): { readonly clientId: string; readonly clientSecret: string } {
  if (clientId === undefined || clientSecret === undefined) throw new AccountError("not-configured", "the client secret is not set");
  return { clientId, clientSecret };
}
