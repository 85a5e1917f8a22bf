import { BEARER, defineProvider } from "@dragoman/core";
import { addressed, AccountError, defineAccountKind, endpointOf, readTokenReply, storedTokens, tokenMembers, type AccountKind } from "@dragoman/gateway";

/**
 * Accounts of a vendor that the gateway has never heard of, in one file and by its front door alone: what anybody would
 * write who adds a kind. `docs/guides/adding-a-kind-of-account.md` walks through it.
 */
export const acme: AccountKind = defineAccountKind({
  name: "acme",
  types: ["acme"],
  title: "Acme account",
  terms: "Acme sells its plans for its own program.",
  defaults: {
    clientId: "acme-client",
    endpoints: { authorize: "https://login.acme.example/authorize", token: "https://login.acme.example/token", quota: "https://login.acme.example/quota" },
    callbackPort: 21_999,
  },
  renewLeadMs: 10 * 60_000,
  provider: defineProvider({
    id: "acme", name: "Acme", baseUrl: "https://api.acme.example/v1",
    dialects: { "openai-chat": {} },
    auth: BEARER,
    catalogue: [{ id: "acme-large", displayName: "Acme Large", contextTokens: 200_000 }],
    readFailure: ({ status, body }) => {
      if (status === 402) return { kind: "quota-exhausted", credentialWide: true, end: "out-of-credit" };
      return status === 403 && body.includes("account_closed") ? { kind: "credential-rejected", credentialWide: true, end: "banned" } : undefined;
    },
  }),
  read: (content) => ({ label: typeof content.email === "string" ? content.email : "unnamed", ...storedTokens(content), values: { team: typeof content.team === "string" ? content.team : "" } }),
  address: (request, visit) => addressed(request, visit, { headers: { "x-acme-team": visit.values.team ?? "" } }),
  readQuota(headers) {
    const left = headers.get("x-acme-left");
    return left === null ? undefined : [{ name: "day", usedShare: 1 - Number(left) }];
  },
  async renew({ facts, settings, calls }) {
    const reply = await calls.form(endpointOf(settings, "token"), { grant_type: "refresh_token", client_id: settings.clientId ?? "", refresh_token: facts.refreshToken ?? "" });
    return tokenMembers(readTokenReply(reply, calls.now()));
  },
  async askQuota({ facts, settings, calls }) {
    const { ok, body } = await calls.get(endpointOf(settings, "quota"), { authorization: `Bearer ${facts.accessToken ?? ""}` });
    if (!ok) throw new AccountError("refused", "Acme does not tell");
    return [{ name: "month", usedShare: Number(body?.used) }];
  },
  loginChoices: [{ name: "team", label: "Team", hint: "Empty: your own." }],
  logins: [{
    type: "browser",
    callback: { port: 21_999, path: "/back", anyPort: true },
    verifierLength: 64,
    authorizeUrl: ({ state, redirectUri, challenge }, { settings }) => `${endpointOf(settings, "authorize")}?${new URLSearchParams({ client_id: settings.clientId ?? "", response_type: "code", state, redirect_uri: redirectUri, code_challenge: challenge, code_challenge_method: "S256" }).toString()}`,
    async exchange({ code, redirectUri, verifier }, { settings, calls, options }) {
      const reply = readTokenReply(await calls.form(endpointOf(settings, "token"), { grant_type: "authorization_code", client_id: settings.clientId ?? "", code, redirect_uri: redirectUri, code_verifier: verifier }), calls.now());
      const email = typeof reply.body.email === "string" ? reply.body.email : "unnamed";
      return { file: `acme-${email}.json`, content: { type: "acme", email, team: options.team ?? "", ...tokenMembers(reply) } };
    },
  }],
});
