import { defineProvider, providerOfId, type CatalogueModel, type JsonObject } from "@dragoman/core";
import { defineAccountKind, type AccountFacts, type AccountKind } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import { rewriteEvents } from "../../rewrite-reply.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { readTokenReply } from "../../token-request.ts";
import { withAccountMembers } from "./body.ts";
import { customNames, CustomToolEvents } from "./custom-tools.ts";
import { discover, isTrusted, xaiLogin, xaiMembers } from "./login.ts";
import { textOf } from "../../stored-json.ts";

const api = providerOfId("xai");
if (api === undefined) throw new Error("No provider is described as xai.");

const API_BASE_URL = "https://api.x.ai/v1";
const DAY = 24 * 60 * 60_000;
const BAD_CREDENTIALS = /bad[ _-]credentials/i;

const model = (id: string, displayName: string, created: number, limits: readonly [context: number, output: number]): CatalogueModel =>
  ({ id, displayName, created, contextTokens: limits[0], maxOutputTokens: limits[1] });

const provider = defineProvider({
  ...api,
  id: "xai-account", name: "Grok account",
  baseUrl: "https://cli-chat-proxy.grok.com/v1",
  hosts: [],
  dialects: { "openai-responses": {} },
  capabilities: { ...api.capabilities, streamOnly: true },
  models: [
    ...(api.models ?? []),
    { match: /^grok-3-mini/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
  ],
  readFailure({ status, body }) {
    // The free allowance is one of a day; no reply says when it began.
    if (status === 429 && body.includes("free-usage-exhausted")) return { kind: "quota-exhausted", credentialWide: true, retryAfterMs: DAY };
    if (status === 403 && BAD_CREDENTIALS.test(body)) return { kind: "credential-rejected", credentialWide: true };
    return undefined;
  },
  catalogue: [
    ...(api.catalogue ?? []),
    model("grok-3-mini-fast", "Grok 3 Mini Fast", 1_740_960_000, [131_072, 32_768]),
  ],
});

/**
 * A Grok account. Its token is for the proxy of the vendor's own program; a file with `using_api: true` sends requests to
 * the API instead. Facts: read 2026-08.
 *
 * The proxy may answer only the vendor's own program, which says who it is by `X-XAI-Token-Auth`,
 * `x-grok-client-version`, `x-grok-client-identifier` and `User-Agent`. We send none of these; an operator who has settled
 * that question with the vendor sets `headers` and `user-agent` in `accounts.kinds.xai`.
 *
 * Option `inject-x-search`: requests are given the vendor's search of X.
 */
export const xai: AccountKind = defineAccountKind({
  name: "xai",
  types: ["xai"],
  title: "Grok account",
  terms: "xAI sells Grok accounts for its own programs; using one elsewhere may break its terms and cost you the account.",
  defaults: {
    clientId: "b1a00492-073a-47ea-816f-4c329264a828",
    endpoints: { issuer: "https://auth.x.ai", api: API_BASE_URL },
    scopes: ["openid", "profile", "email", "offline_access", "grok-cli:access", "api:access"],
  },
  renewLeadMs: 5 * 60_000,
  logins: [xaiLogin],
  provider,
  read,
  async renew({ content, facts, settings, calls }) {
    const stored = textOf(content.token_endpoint);
    // A file can be edited: tokens go to nobody but the vendor.
    const tokenUrl = stored !== undefined && isTrusted(stored, settings) ? stored : (await discover(settings, calls)).tokenUrl;
    const reply = await calls.form(tokenUrl, { grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "", client_id: settings.clientId ?? "" });
    return { ...xaiMembers(readTokenReply(reply, calls.now())), token_endpoint: tokenUrl };
  },
  patchBody: (body, { model: name, dialect, settings, conversation }) => withAccountMembers(withSystemPrefix(body, dialect, settings.systemPrefix), {
    model: name, provider, conversation, injectsSearch: settings.options?.["inject-x-search"] === true,
  }),
  address(request, visit) {
    const atApi = visit.facts.baseUrl !== undefined;
    const conversation = conversationOf(request.body);
    return addressed(request, visit, {
      headers: {
        ...(!atApi && { "x-authenticateresponse": "authenticate-response" }),
        ...(!atApi && conversation !== undefined && { "x-grok-conv-id": conversation }),
      },
    });
  },
  openReply(response, request) {
    const names = customNames(request.body);
    return names.size === 0 ? response : rewriteEvents(response, new CustomToolEvents(names));
  },
  isTokenRefused: (status, body) => status === 401 || (status === 403 && BAD_CREDENTIALS.test(body)),
});

function read(content: JsonObject, settings: KindSettings): AccountFacts {
  const baseUrl = baseUrlOf(content, settings);
  return {
    label: textOf(content.email) ?? textOf(content.sub) ?? "unnamed",
    ...storedTokens(content),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

/** Files name the API's address in any case; only with `using_api` it is meant. Another address always is. */
function baseUrlOf(content: JsonObject, settings: KindSettings): string | undefined {
  const api = endpointOf(settings, "api");
  const stored = textOf(content.base_url)?.replace(/\/+$/, "");
  if (stored !== undefined && stored !== API_BASE_URL && stored !== api) return stored;
  return content.using_api === true ? api : undefined;
}

/** The key under which the vendor keeps the conversation's prompt. */
function conversationOf(body: string | Uint8Array): string | undefined {
  // By its name, without taking a body of megabytes apart: a quote within a text would be escaped.
  return typeof body === "string" ? /"prompt_cache_key":"([\w:.-]+)"/.exec(body)?.[1] : undefined;
}
