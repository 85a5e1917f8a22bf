import { isJsonObject, sha256Hex, type JsonObject } from "@dragoman/core";
import { AccountError, isAccountError } from "../account-error.ts";
import type { FoundLogin } from "../account-kind.ts";
import { endpointOf } from "../kind-settings.ts";
import type { BrowserLogin, LoginVisit, NewAccount, SecretLogin } from "../login/login-flow.ts";
import { rfc3339, storedTime } from "../stored-times.ts";
import { readTokenReply, tokenMembers } from "../token-request.ts";
import { textOf } from "../stored-json.ts";

/** The vendor shows a code as `code#state` to those who copy it by hand; it goes into a JSON body. */
export const claudeBrowserLogin: BrowserLogin = {
  type: "browser",
  callback: { port: 54_545, path: "/callback" },
  verifierLength: 128,
  webPath: "/anthropic/callback",
  authorizeUrl({ state, redirectUri, challenge }, { settings }) {
    const query = new URLSearchParams({
      code: "true", client_id: settings.clientId ?? "", response_type: "code", redirect_uri: redirectUri,
      scope: (settings.scopes ?? []).join(" "), code_challenge: challenge, code_challenge_method: "S256", state,
    });
    return `${endpointOf(settings, "authorize")}?${query.toString()}`;
  },
  async exchange({ code, state, redirectUri, verifier }, visit) {
    const { settings, calls } = visit;
    const [plainCode = "", ownState = ""] = code.split("#", 2);
    const reply = readTokenReply(await calls.json(endpointOf(settings, "token"), {
      grant_type: "authorization_code", code: plainCode, redirect_uri: redirectUri, client_id: settings.clientId ?? "", code_verifier: verifier, state: ownState === "" ? state : ownState,
    }), calls.now());
    return newAccount({ ...tokenMembers(reply), ...identityIn(reply.body), ...(await profile(reply.accessToken, visit)) }, calls.now());
  },
};

/** A long-lived token without a refresh token, as `claude setup-token` prints it. It may not ask for the profile. */
export const claudeSetupToken: SecretLogin = {
  type: "secret",
  asks: "Setup token (sk-ant-oat…), from `claude setup-token`",
  async exchange(secret, { calls }) {
    const token = secret.trim();
    if (!/^sk-ant-oat[\w-]+$/.test(token)) throw new AccountError("refused", "a setup token begins with sk-ant-oat");
    const members = { access_token: token, refresh_token: "", expired: "", email: "", label: "setup token", is_setup_token: true };
    return newAccount(members, calls.now(), `claude-setup-token-${sha256Hex(token).slice(0, 8)}.json`);
  },
};

/** What Claude Code keeps on Linux; on macOS it stands in the keychain, where we do not look. */
export const claudeCode: FoundLogin = {
  program: "Claude Code",
  path: ".claude/.credentials.json",
  variable: "CLAUDE_CONFIG_DIR",
  take(content) {
    const login = content.claudeAiOauth;
    if (!isJsonObject(login)) return undefined;
    const accessToken = textOf(login.accessToken);
    if (accessToken === undefined) return undefined;
    const expiresAt = storedTime(login.expiresAt);
    return {
      file: "claude-code.json",
      content: {
        id_token: "", access_token: accessToken, refresh_token: textOf(login.refreshToken) ?? "", email: "", label: "Claude Code", type: "claude",
        ...(expiresAt !== undefined && { expired: rfc3339(expiresAt) }),
        ...(Array.isArray(login.scopes) && { scopes: login.scopes }),
      },
    };
  },
};

function newAccount(members: JsonObject, now: number, file?: string): NewAccount {
  const name = textOf(members.email) ?? textOf(members.account_uuid) ?? sha256Hex(String(members.access_token)).slice(0, 8);
  return { file: file ?? `claude-${name}.json`, content: { id_token: "", ...members, email: textOf(members.email) ?? "", last_refresh: rfc3339(now), type: "claude" } };
}

/** Who logged in, as both the token endpoint and the profile say it; the former spells the address `email_address`. */
export function identityIn(body: JsonObject | undefined): JsonObject {
  const account = isJsonObject(body?.account) ? body.account : {};
  const organization = isJsonObject(body?.organization) ? body.organization : {};
  const members = {
    email: textOf(account.email) ?? textOf(account.email_address),
    account_uuid: textOf(account.uuid),
    organization_uuid: textOf(organization.uuid),
    organization_name: textOf(organization.name),
  };
  return Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** A login is good without it. */
async function profile(accessToken: string, { settings, calls, tell }: LoginVisit): Promise<JsonObject> {
  try {
    const reply = await calls.get(endpointOf(settings, "profile"), { authorization: `Bearer ${accessToken}`, "cache-control": "no-cache" });
    if (reply.ok) return identityIn(reply.body);
    tell(`The profile could not be read (status ${reply.status}); the login goes on without it.`);
  } catch (error) {
    if (!isAccountError(error)) throw error;
    tell(`The profile could not be read: ${error.message}; the login goes on without it.`);
  }
  return {};
}
