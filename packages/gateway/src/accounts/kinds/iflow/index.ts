import { BEARER, defineProvider, hmacSha256, providerOfId, type CatalogueModel, type Effort, type JsonObject } from "@dragoman/core";
import { defineAccountKind, type AccountFacts, type AccountKind } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { thinkingMembers, withFilledTools } from "./body.ts";
import { browserLogin, renewByToken } from "./browser-login.ts";
import { cookieLogin, renewByCookie } from "./cookie-login.ts";
import { textOf } from "../../stored-json.ts";

const HOUR = 60 * 60_000;
const encoder = new TextEncoder();

const model = (id: string, displayName: string, created: number): CatalogueModel => ({ id, displayName, created });
const EFFORTS: readonly Effort[] = ["minimal", "low", "medium", "high", "xhigh"];

/**
 * An account of iflow.cn, or a browser's cookie of its platform. Requests carry the account's API key, never the access
 * token. Facts: read 2026-04, when other gateways dropped the kind; nothing here was checked against the vendor since.
 *
 * Where the vendor asks for its own program's name, it stands in `user-agent`: `iFlow-Cli`. The signature, which is made
 * with the account's own key, covers whatever name is sent.
 */
export const iflow: AccountKind = defineAccountKind({
  name: "iflow",
  types: ["iflow"],
  title: "iFlow account",
  terms: "iFlow gives its accounts to its own program; using one elsewhere may break its terms and cost you the account.",
  defaults: {
    clientId: "10009311001",
    endpoints: {
      authorize: "https://iflow.cn/oauth", token: "https://iflow.cn/oauth/token", userinfo: "https://iflow.cn/api/oauth/getUserInfo",
      "api-key": "https://platform.iflow.cn/api/openapi/apikey",
    },
    callbackPort: 11_451,
  },
  needs: [{
    key: "client-secret",
    where: "the secret of iFlow's own program, published in the npm package @iflow-ai/iflow-cli",
    program: { npmPackage: "@iflow-ai/iflow-cli", pattern: /10009311001["'`][^"'`]{1,60}["'`]([A-Za-z0-9_-]{20,64})["'`]/ },
    isNeeded: ({ values }) => values?.cookie === undefined,
  }],
  renewLeadMs: 24 * HOUR,
  logins: [browserLogin, cookieLogin],
  provider: defineProvider({
    id: "iflow", name: "iFlow account",
    baseUrl: "https://apis.iflow.cn/v1",
    dialects: { "openai-chat": { patchRequest: thinkingMembers } },
    auth: BEARER,
    capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content" },
    models: [
      ...(providerOfId("openai-compatible")?.models ?? []),
      { match: /^(?!minimax)/, capabilities: { reasoning: { supported: false } } },
      { match: /^(glm-|qwen3-max-preview$|deepseek-v3\.[12]$)/, capabilities: { reasoning: { levels: EFFORTS, canBeOff: true } } },
    ],
    catalogue: [
      model("qwen3-coder-plus", "Qwen3-Coder-Plus", 1_753_228_800),
      model("qwen3-max", "Qwen3-Max", 1_758_672_000),
      model("qwen3-vl-plus", "Qwen3-VL-Plus", 1_758_672_000),
      model("qwen3-max-preview", "Qwen3-Max-Preview", 1_757_030_400),
      model("glm-4.6", "GLM-4.6", 1_759_190_400),
      model("kimi-k2", "Kimi-K2", 1_752_192_000),
      model("deepseek-v3.2", "DeepSeek-V3.2-Exp", 1_759_104_000),
      model("deepseek-v3.1", "DeepSeek-V3.1-Terminus", 1_756_339_200),
      model("deepseek-r1", "DeepSeek-R1", 1_737_331_200),
      model("deepseek-v3", "DeepSeek-V3-671B", 1_734_307_200),
      model("qwen3-32b", "Qwen3-32B", 1_747_094_400),
      model("qwen3-235b-a22b-thinking-2507", "Qwen3-235B-A22B-Thinking", 1_753_401_600),
      model("qwen3-235b-a22b-instruct", "Qwen3-235B-A22B-Instruct", 1_753_401_600),
      model("qwen3-235b", "Qwen3-235B-A22B", 1_753_401_600),
      model("iflow-rome-30ba3b", "iFlow-ROME", 1_736_899_200),
    ],
  }),
  read,
  renew: (visit) => (visit.facts.values?.cookie === undefined ? renewByToken(visit) : renewByCookie(visit)),
  patchBody(body, { dialect, streamed, settings }) {
    const whole = withSystemPrefix(body, dialect, settings.systemPrefix);
    return streamed ? withFilledTools(whole) : whole;
  },
  address(request, visit) {
    const { "user-agent": userAgent = "dragoman" } = request.headers;
    const session = `session-${visit.newId()}`;
    const timestamp = String(visit.now());
    const signature = hexOf(hmacSha256(encoder.encode(visit.facts.accessToken ?? ""), encoder.encode(`${userAgent}:${session}:${timestamp}`)));
    return addressed(request, visit, { headers: { "session-id": session, "x-iflow-timestamp": timestamp, "x-iflow-signature": signature } });
  },
});

/** The key is what requests carry; the token, or the cookie, is what a new key is had by. */
function read(content: JsonObject): AccountFacts {
  const { accessToken: _unused, refreshToken, trouble: _other, ...times } = storedTokens(content);
  const apiKey = textOf(content.api_key);
  const cookie = textOf(content.cookie);
  const renewedBy = cookie ?? refreshToken;
  const baseUrl = textOf(content.base_url);
  return {
    label: textOf(content.email) ?? "unnamed",
    ...times,
    ...(apiKey !== undefined && { accessToken: apiKey }),
    ...(renewedBy !== undefined && { refreshToken: renewedBy }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(cookie !== undefined && { values: { cookie }, renewLeadMs: 48 * HOUR }),
    ...(apiKey === undefined && renewedBy === undefined && { trouble: "it holds neither a key nor anything to get one with" }),
  };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
