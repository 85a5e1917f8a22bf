import { defineProvider, providerOfId, type Effort, type JsonObject, type Provider } from "@dragoman/core";
import { defineAccountKind, type AccountKind } from "../../account-kind.ts";
import { endpointOf } from "../../kind-settings.ts";
import { rewriteEvents } from "../../rewrite-reply.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { threeTimes } from "../../three-tries.ts";
import { readTokenReply, tokenMembers } from "../../token-request.ts";
import { askWindows, readCodexFailure, windowsInHeaders } from "./limits.ts";
import { codexBrowserLogin, codexDeviceLogin } from "./login.ts";
import { modelsOf, planCatalogue, type PlanCatalogue } from "./models.ts";
import { CodexEvents } from "./reply-events.ts";
import { codexBody, REFUSED_FIELDS } from "./request-body.ts";
import { addressCodex, cacheKeyOf } from "./request-head.ts";
import { overWebSocket } from "./web-socket.ts";
import { codexProgram, personIn, personMembers, readStored } from "./stored.ts";
import { textOf } from "../../stored-json.ts";

const openai = providerOfId("openai");
if (openai === undefined) throw new Error("No provider is described as openai.");

const UP_TO_XHIGH: readonly Effort[] = ["low", "medium", "high", "xhigh"];

/** It keeps nothing, streams always, and counts no tokens. */
const base = defineProvider({
  ...openai,
  id: "openai-account", name: "ChatGPT account",
  baseUrl: "https://chatgpt.com/backend-api/codex",
  hosts: [],
  dialects: { "openai-responses": {} },
  capabilities: { customTools: true, strictTools: true, streamOnly: true, compacts: true, refusedFields: REFUSED_FIELDS },
  models: [
    ...(openai.models ?? []),
    // Thinking cannot be switched off here.
    { match: /^(gpt-5|codex-)/, capabilities: { reasoning: { levels: UP_TO_XHIGH } } },
    { match: /^gpt-5\.6/, capabilities: { reasoning: { levels: [...UP_TO_XHIGH, "max"] } } },
  ],
  readFailure: readCodexFailure,
});

const PROVIDERS: Readonly<Record<PlanCatalogue, Provider>> = {
  free: planProvider("free"), team: planProvider("team"), plus: planProvider("plus"), pro: planProvider("pro"),
};

function planProvider(plan: PlanCatalogue): Provider {
  return { ...base, catalogue: modelsOf(plan) };
}

/**
 * A ChatGPT account, used by the tokens of its Codex.
 *
 * We say who we are: `User-Agent` and `Originator` are `dragoman`. Should the vendor answer only its own program (whose
 * `Originator` is `codex-tui`), an operator who has settled that with the vendor sets `user-agent` and `headers` in
 * `accounts.kinds.codex`.
 *
 * Option `image-tool`: requests without it are given the vendor's tool for pictures, where plan and model have it.
 */
export const codex: AccountKind = defineAccountKind({
  name: "codex",
  types: ["codex"],
  title: "ChatGPT account (Codex)",
  terms: "OpenAI sells ChatGPT plans for its own programs; using one elsewhere may break its terms and cost you the account.",
  defaults: {
    clientId: "app_EMoamEEZ73f0CkXaXp7hrann",
    endpoints: {
      authorize: "https://auth.openai.com/oauth/authorize", token: "https://auth.openai.com/oauth/token",
      device: "https://auth.openai.com/api/accounts/deviceauth/usercode", "device-token": "https://auth.openai.com/api/accounts/deviceauth/token",
      "device-page": "https://auth.openai.com/codex/device", "device-callback": "https://auth.openai.com/deviceauth/callback",
      usage: "https://chatgpt.com/backend-api/wham/usage",
    },
    scopes: ["openid", "email", "profile", "offline_access"],
    callbackPort: 1455,
  },
  renewLeadMs: 5 * 24 * 60 * 60_000,
  logins: [codexBrowserLogin, codexDeviceLogin],
  found: [codexProgram],
  provider: PROVIDERS.pro,
  read: readStored,
  lines: ({ plan }) => [{ provider: PROVIDERS[planCatalogue(plan)] }],
  renew: ({ facts, settings, calls }) => threeTimes(calls, async () => {
    const reply = await calls.form(endpointOf(settings, "token"), { client_id: settings.clientId ?? "", grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "", scope: "openid profile email" });
    const renewed = readTokenReply(reply, calls.now());
    return { ...tokenMembers(renewed), ...personMembers(personIn(renewed.idToken)) };
  }),
  patchBody: (body, { dialect, model, facts, settings, conversation }): JsonObject => codexBody(withSystemPrefix(body, dialect, settings.systemPrefix), {
    cacheKey: conversation === undefined ? undefined : cacheKeyOf(conversation),
    offersPictures: settings.options?.["image-tool"] === true && textOf(facts.plan) !== "free" && !model.endsWith("spark"),
  }),
  address: addressCodex,
  connect: overWebSocket,
  openReply: (response, _request, visit) => rewriteEvents(response, new CodexEvents(() => visit.now())),
  readQuota: windowsInHeaders,
  askQuota: askWindows,
});
