import { BEARER, defineProvider, type JsonObject } from "@dragoman/core";
import { defineAccountKind, type AccountFacts, type AccountKind, type FoundLogin } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import { rfc3339, storedTime } from "../../stored-times.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { threeTimes } from "../../three-tries.ts";
import { readTokenReply } from "../../token-request.ts";
import { oneSystemMessage, withPlaceholderTool } from "./body.ts";
import { qwenLogin, qwenMembers } from "./login.ts";
import { textOf } from "../../stored-json.ts";

const BASE_URL = "https://portal.qwen.ai/v1";
const SPENT = /insufficient_quota|quota_exceeded|quota exceeded|free allocated quota exceeded/i;
/** The vendor's own limit of an account. We wait rather than run into it. */
const REQUESTS_PER_MINUTE = 60;

/**
 * An account of chat.qwen.ai, as Qwen Code uses it. Facts: read 2026-04, when other gateways dropped the kind; nothing
 * here was checked against the vendor since.
 *
 * Options (`accounts.kinds.qwen.options`): `requests-per-minute` (60, 0: none), `placeholder-tool` (false). Where the
 * vendor asks for its own program's name, it stands in `user-agent`, e.g. `QwenCode/0.14.2`.
 */
export const qwen: AccountKind = defineAccountKind({
  name: "qwen",
  types: ["qwen"],
  title: "Qwen account",
  terms: "Alibaba gives Qwen accounts to its own program, Qwen Code; using one elsewhere may break its terms and cost you the account.",
  defaults: {
    clientId: "f0304373b74a44d2b584a3fb70ca9e56",
    endpoints: { device: "https://chat.qwen.ai/api/v1/oauth2/device/code", token: "https://chat.qwen.ai/api/v1/oauth2/token" },
    scopes: ["openid", "profile", "email", "model.completion"],
  },
  renewLeadMs: 20 * 60_000,
  requestsPerMinute: ({ options }) => Number(options?.["requests-per-minute"] ?? REQUESTS_PER_MINUTE),
  logins: [qwenLogin],
  provider: defineProvider({
    id: "qwen", name: "Qwen account",
    baseUrl: BASE_URL,
    dialects: { "openai-chat": {} },
    auth: BEARER,
    capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content", cacheControlParts: true },
    models: [{ match: /^coder-model$/, capabilities: { reasoning: { supported: false } } }],
    catalogue: [{ id: "coder-model", displayName: "Qwen 3.6 Plus", created: 1_771_171_200, contextTokens: 1_048_576, maxOutputTokens: 65_536 }],
    // A spent quota comes as 403 too; it is a rate limit, whose end only `Retry-After` tells.
    readFailure: ({ status, body }) => ((status === 403 || status === 429) && SPENT.test(body) ? { kind: "rate-limited" } : undefined),
  }),
  read,
  async renew({ facts, settings, calls }) {
    const form = { grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "", client_id: settings.clientId ?? "" };
    return qwenMembers(await threeTimes(calls, async () => readTokenReply(await calls.form(endpointOf(settings, "token"), form), calls.now())));
  },
  patchBody(body, { dialect, streamed, settings }) {
    const whole = oneSystemMessage(withSystemPrefix(body, dialect, settings.systemPrefix));
    return streamed && settings.options?.["placeholder-tool"] === true ? withPlaceholderTool(whole) : whole;
  },
  address(request, visit) {
    const { "user-agent": userAgent = "dragoman" } = request.headers;
    return addressed(request, visit, {
      // Renewals may bring another one.
      baseUrl: visit.facts.baseUrl,
      headers: { "x-dashscope-useragent": userAgent, "x-dashscope-authtype": "qwen-oauth", "x-dashscope-cachecontrol": "enable" },
    });
  },
  found: [foundIn("Qwen Code", ".qwen/oauth_creds.json")],
});

function read(content: JsonObject, settings: KindSettings): AccountFacts {
  const baseUrl = textOf(content.base_url) ?? settings.baseUrl ?? textOf(content.resource_url);
  return { label: textOf(content.email) ?? "unnamed", ...storedTokens(content), ...(baseUrl !== undefined && { baseUrl: baseUrlOf(baseUrl) }) };
}

/** `portal.qwen.ai` → `https://portal.qwen.ai/v1`. */
function baseUrlOf(resource: string): string {
  const url = (/^https?:\/\//i.test(resource) ? resource : `https://${resource}`).replace(/\/+$/, "");
  return url.endsWith("/v1") ? url : `${url}/v1`;
}

function foundIn(program: string, path: string): FoundLogin {
  return {
    program, path,
    take(content) {
      const { access_token, refresh_token, resource_url, expiry_date } = content;
      if (textOf(access_token) === undefined || textOf(refresh_token) === undefined) return undefined;
      const expiresAt = storedTime(expiry_date);
      return {
        file: "qwen-qwen-code.json",
        content: {
          access_token: access_token ?? "", refresh_token: refresh_token ?? "", ...(textOf(resource_url) !== undefined && { resource_url: resource_url ?? "" }),
          email: "qwen-code", type: "qwen", ...(expiresAt !== undefined && { expired: rfc3339(expiresAt) }),
        },
      };
    },
  };
}
