import { AccountError } from "../../account-error.ts";
import { endpointOf } from "../../kind-settings.ts";
import type { BrowserLogin, CodeAnswer, DeviceLogin, LoginVisit, NewAccount } from "../../login/login-flow.ts";
import { readTokenReply, tokenError, tokenMembers } from "../../token-request.ts";
import { accountOf } from "./stored.ts";
import { textOf } from "../../stored-json.ts";

export const codexBrowserLogin: BrowserLogin = {
  type: "browser",
  callback: { port: 1455, path: "/auth/callback" },
  verifierLength: 128,
  webPath: "/codex/callback",
  authorizeUrl({ state, redirectUri, challenge }, { settings }) {
    const query = new URLSearchParams({
      client_id: settings.clientId ?? "", response_type: "code", redirect_uri: redirectUri, scope: (settings.scopes ?? []).join(" "), state,
      code_challenge: challenge, code_challenge_method: "S256", prompt: "login", id_token_add_organizations: "true", codex_cli_simplified_flow: "true",
    });
    return `${endpointOf(settings, "authorize")}?${query.toString()}`;
  },
  exchange,
};

/** The least time between two questions, and how long the vendor waits; in ms. */
const LEAST_INTERVAL_MS = 5000;
const DEVICE_LIMIT_MS = 15 * 60_000;

/**
 * The vendor's own kind of device login: JSON in place of forms, "not yet" told by status 403 or 404, and at the end a code
 * with a verifier that the vendor made, to be exchanged as a browser's would be.
 */
export const codexDeviceLogin: DeviceLogin = {
  type: "device",
  async begin({ settings, calls }) {
    const reply = await calls.json(endpointOf(settings, "device"), { client_id: settings.clientId ?? "" });
    if (reply.status === 404) throw new AccountError("refused", "login by code is not offered to this account or region");
    if (!reply.ok) throw tokenError(reply, calls.now());
    const deviceAuthId = textOf(reply.body?.device_auth_id);
    const userCode = textOf(reply.body?.user_code) ?? textOf(reply.body?.usercode);
    if (deviceAuthId === undefined || userCode === undefined) throw new AccountError("malformed", "the vendor's answer holds no code");
    // A number, or a number as text.
    const seconds = Number(reply.body?.interval);
    return {
      userCode,
      verificationUrl: endpointOf(settings, "device-page"),
      expiresInMs: DEVICE_LIMIT_MS,
      intervalMs: Math.max(seconds > 0 ? seconds * 1000 : 0, LEAST_INTERVAL_MS),
      secret: { deviceAuthId, userCode },
    };
  },
  async poll({ secret }, visit) {
    const { settings, calls } = visit;
    const reply = await calls.json(endpointOf(settings, "device-token"), { device_auth_id: secret.deviceAuthId ?? "", user_code: secret.userCode ?? "" });
    if (reply.status === 403 || reply.status === 404) return { type: "pending" };
    if (!reply.ok) throw tokenError(reply, calls.now());
    const code = textOf(reply.body?.authorization_code);
    const verifier = textOf(reply.body?.code_verifier);
    if (code === undefined || verifier === undefined || textOf(reply.body?.code_challenge) === undefined) throw new AccountError("malformed", "the vendor's answer holds no code with its verifier");
    return { type: "done", account: await exchange({ code, verifier, redirectUri: endpointOf(settings, "device-callback") }, visit) };
  },
};

async function exchange({ code, redirectUri, verifier }: Omit<CodeAnswer, "state">, { settings, calls }: LoginVisit): Promise<NewAccount> {
  const reply = await calls.form(endpointOf(settings, "token"), { grant_type: "authorization_code", client_id: settings.clientId ?? "", code, redirect_uri: redirectUri, code_verifier: verifier });
  return accountOf(tokenMembers(readTokenReply(reply, calls.now())), calls.now());
}
