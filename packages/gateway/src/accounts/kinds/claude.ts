import { defineProvider, providerOfId, type CatalogueModel, type JsonObject } from "@dragoman/core";
import { AccountError, isAccountError } from "../account-error.ts";
import { defineAccountKind, type AccountFacts, type AccountKind, type AccountVisit } from "../account-kind.ts";
import { endpointOf } from "../kind-settings.ts";
import { storedExpiry, storedRenewal } from "../stored-times.ts";
import { withSystemPrefix } from "../system-prefix.ts";
import { threeTimes } from "../three-tries.ts";
import { readTokenReply, tokenMembers } from "../token-request.ts";
import { readClaudeFailure, windowsInHeaders, windowsInUsage } from "./claude-limits.ts";
import { claudeBrowserLogin, claudeCode, claudeSetupToken, identityIn } from "./claude-login.ts";
import { textOf } from "../stored-json.ts";
import { urlOf } from "../../upstream/url-of.ts";

const anthropic = providerOfId("anthropic");
if (anthropic === undefined) throw new Error("No provider is described as anthropic.");

const SCOPES = ["user:profile", "user:inference", "user:sessions:claude_code", "user:mcp_servers", "user:file_upload"];
/** Requests with a login's token are refused without it. */
const OAUTH_BETA = "oauth-2025-04-20";
const COUNT_BETA = "token-counting-2024-11-01";
const COUNT_PATH = "/v1/messages/count_tokens";
/** A refresh token that is asked for too often rests at most so long, whatever the vendor says. */
const MAX_REST_MS = 5 * 60_000;

/** Models that a subscription has no short names for: just those with one fixed meaning. */
const CATALOGUE: readonly CatalogueModel[] = (anthropic.catalogue ?? []).filter(({ displayName }) => displayName?.endsWith("(latest)") !== true);

/**
 * An Anthropic subscription, used by OAuth tokens (`sk-ant-oat…`).
 *
 * The vendor may answer such tokens only when a request looks like its own program's: with its `User-Agent` and with its
 * first line of instructions. We send neither by ourselves; an operator who has settled that question with the vendor
 * sets `user-agent`, `headers` and `system-prefix` in `accounts.kinds.claude`.
 */
export const claude: AccountKind = defineAccountKind({
  name: "claude",
  types: ["claude"],
  title: "Claude subscription",
  terms: "Anthropic sells subscriptions for its own programs; using one elsewhere may break its consumer terms and cost you the account.",
  defaults: {
    clientId: "9d1c250a-e61b-44d9-88ed-5944d1962f5e",
    endpoints: {
      authorize: "https://claude.ai/oauth/authorize", token: "https://platform.claude.com/v1/oauth/token",
      profile: "https://api.anthropic.com/api/oauth/profile", usage: "https://api.anthropic.com/api/oauth/usage",
    },
    scopes: SCOPES,
    callbackPort: 54_545,
  },
  renewLeadMs: 4 * 60 * 60_000,
  logins: [claudeBrowserLogin, claudeSetupToken],
  found: [claudeCode],
  provider: defineProvider({ ...anthropic, id: "anthropic-account", name: "Claude subscription", hosts: [], catalogue: CATALOGUE, readFailure: readClaudeFailure }),
  read,
  renew: ({ facts, settings, calls }) => threeTimes(calls, async () => {
    const reply = await calls.json(endpointOf(settings, "token"), {
      client_id: settings.clientId ?? "", grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "", scope: (settings.scopes ?? []).join(" "),
    });
    try {
      const renewed = readTokenReply(reply, calls.now());
      return { ...tokenMembers(renewed), ...identityIn(renewed.body) };
    } catch (error) {
      throw withShortRest(error);
    }
  }),
  patchBody: (body, { dialect, settings }) => withSystemPrefix(body, dialect, settings.systemPrefix),
  address(request, { facts }) {
    const betas = mergedBetas(request.headers["anthropic-beta"], OAUTH_BETA, ...(request.path === COUNT_PATH ? [COUNT_BETA] : []));
    return {
      url: urlOf({ ...request, query: { ...request.query, beta: "true" } }),
      headers: { ...request.headers, "anthropic-beta": betas, authorization: `Bearer ${facts.accessToken ?? ""}` },
      body: request.body,
    };
  },
  // The vendor says 403 of a token that was called back (seen in the field, 2025-10).
  isTokenRefused: (status, body) => status === 401 || (status === 403 && /OAuth token has been revoked/i.test(body)),
  readQuota: windowsInHeaders,
  askQuota,
});

async function askQuota({ content, facts, settings, calls }: AccountVisit): ReturnType<NonNullable<AccountKind["askQuota"]>> {
  if (isSetupToken(content)) throw new AccountError("refused", "a setup token may not ask for it");
  const reply = await calls.get(endpointOf(settings, "usage"), { authorization: `Bearer ${facts.accessToken ?? ""}`, "anthropic-beta": OAUTH_BETA });
  if (!reply.ok) throw new AccountError(reply.status === 429 || reply.status >= 500 ? "unavailable" : "refused", `the vendor answered status ${reply.status}`);
  return windowsInUsage(reply.body);
}

/** A long-lived token that may only be used for requests; tools have marked it in several ways. */
function isSetupToken(content: JsonObject): boolean {
  const { scope, scopes } = content;
  const granted = Array.isArray(scopes) ? scopes.join(" ") : textOf(scopes) ?? textOf(scope);
  return content.skip_account_profile === true || content.is_setup_token === true || content.setup_token === true
    || /^setup[_-]token$/.test(textOf(content.auth_kind) ?? "") || (granted !== undefined && !granted.includes("user:profile"));
}

function read(content: JsonObject): AccountFacts {
  const accessToken = textOf(content.access_token) ?? textOf(content.accessToken);
  const refreshToken = textOf(content.refresh_token) ?? textOf(content.refreshToken);
  const expiresAt = storedExpiry(content);
  const renewedAt = storedRenewal(content);
  return {
    label: textOf(content.email) ?? textOf(content.label) ?? textOf(content.organization_name) ?? "unnamed",
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(renewedAt !== undefined && { renewedAt }),
    ...(accessToken === undefined && refreshToken === undefined && { trouble: "it holds no token" }),
  };
}

/** Names in order of first appearance, without repetition. */
function mergedBetas(given: string | undefined, ...required: readonly string[]): string {
  const names = [...(given ?? "").split(","), ...required].map((name) => name.trim()).filter((name) => name !== "");
  return [...new Set(names)].join(",");
}

/** Between 5 s and 5 min, whatever `Retry-After` says. */
function withShortRest(error: unknown): unknown {
  if (!isAccountError(error) || error.retryAfterMs === undefined) return error;
  return new AccountError(error.reason, error.message, { retryAfterMs: Math.min(Math.max(error.retryAfterMs, 5000), MAX_REST_MS) });
}
