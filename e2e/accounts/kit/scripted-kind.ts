import { defineProvider, providerOfId } from "@dragoman/core";
import { AccountError, defineAccountKind, type AccountKind, type BrowserLogin, type DeviceLogin, type LoginVisit, type NewAccount, type SecretLogin } from "@dragoman/gateway";
import { endpointOf } from "../../../packages/gateway/src/accounts/kind-settings.ts";
import { readTokenReply, tokenMembers } from "../../../packages/gateway/src/accounts/token-request.ts";

const openai = providerOfId("openai");
if (openai === undefined) throw new Error("no provider is described as openai");

/** A kind of accounts of which a test says only what matters to it. */
export function scriptedKind(kind: Partial<AccountKind> & { readonly name: string }): AccountKind {
  return defineAccountKind({
    types: [kind.name], title: `${kind.name} account`, defaults: {},
    provider: defineProvider({ ...openai!, id: `${kind.name}-account`, hosts: [] }),
    read: ({ email, access_token: token, expired }) => ({
      label: typeof email === "string" ? email : "unnamed",
      ...(typeof token === "string" ? { accessToken: token } : { trouble: "it holds no token" }),
      ...(typeof expired === "string" && { expiresAt: Date.parse(expired) }),
    }),
    ...kind,
  });
}

/** As a vendor's own: code and verifier for tokens, as a form. The vendor says who it is in `email`. */
export const codeLogin: BrowserLogin = {
  type: "browser",
  callback: { port: 25_171, path: "/auth/callback" },
  verifierLength: 64,
  authorizeUrl: ({ state, redirectUri, challenge }, { settings }) =>
    `${endpointOf(settings, "authorize")}?${new URLSearchParams({ client_id: settings.clientId ?? "", redirect_uri: redirectUri, state, code_challenge: challenge, code_challenge_method: "S256" }).toString()}`,
  async exchange({ code, redirectUri, verifier }, { settings, calls }) {
    const form = { grant_type: "authorization_code", client_id: settings.clientId ?? "", ...(settings.clientSecret !== undefined && { client_secret: settings.clientSecret }), code, redirect_uri: redirectUri, code_verifier: verifier };
    const reply = readTokenReply(await calls.form(endpointOf(settings, "token"), form), calls.now());
    return accountOf({ ...tokenMembers(reply), email: String(reply.body.email) });
  },
};

export const codeOnDevice: DeviceLogin = {
  type: "device",
  async begin({ settings, calls }) {
    const { body } = await calls.form(endpointOf(settings, "device"), { client_id: settings.clientId ?? "" });
    return {
      userCode: String(body?.user_code), verificationUrl: String(body?.verification_uri), expiresInMs: Number(body?.expires_in) * 1000, intervalMs: Number(body?.interval) * 1000,
      secret: { code: String(body?.device_code) },
    };
  },
  async poll({ secret }, visit) {
    const { settings, calls } = visit;
    const reply = await calls.form(endpointOf(settings, "token"), { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: settings.clientId ?? "", device_code: secret.code ?? "" });
    if (reply.body?.error === "authorization_pending") return { type: "pending" };
    if (reply.body?.error === "slow_down") return { type: "slow-down" };
    if (reply.body?.error === "access_denied") throw new AccountError("denied", "the login was refused at the vendor's page");
    const tokens = readTokenReply(reply, calls.now());
    return { type: "done", account: accountOf({ ...tokenMembers(tokens), email: String(tokens.body.email) }) };
  },
};

export const keyLogin: SecretLogin = {
  type: "secret",
  asks: "Key of the scripted vendor",
  needsNothing: true,
  async exchange(secret: string, visit: LoginVisit): Promise<NewAccount> {
    if (!secret.startsWith("key-")) throw new AccountError("refused", "a key begins with key-");
    visit.tell("Asking who the key belongs to.");
    return accountOf({ access_token: secret, email: "key@example.com" });
  },
};

function accountOf(members: Readonly<Record<string, string>> | ReturnType<typeof tokenMembers>): NewAccount {
  return { file: `scripted-${String(members.email)}.json`, content: { type: "scripted", ...members } };
}
