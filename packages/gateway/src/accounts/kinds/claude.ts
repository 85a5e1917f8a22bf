import { defineProvider, providerOfId, type JsonObject } from "@dragoman/core";
import { defineAccountKind, type AccountFacts, type AccountKind } from "../account-kind.ts";
import { endpointOf } from "../kind-settings.ts";
import { textOf } from "../services-of-accounts.ts";
import { storedExpiry, storedRenewal } from "../stored-times.ts";
import { readTokenReply, tokenMembers } from "../token-request.ts";

const anthropic = providerOfId("anthropic");
if (anthropic === undefined) throw new Error("No provider is described as anthropic.");

/** An Anthropic subscription, used by OAuth tokens (`sk-ant-oat…`). */
export const claude: AccountKind = defineAccountKind({
  name: "claude",
  types: ["claude"],
  title: "Claude subscription",
  terms: "Anthropic sells subscriptions for its own programs; using one elsewhere may break its consumer terms and cost you the account.",
  defaults: {
    clientId: "9d1c250a-e61b-44d9-88ed-5944d1962f5e",
    endpoints: { authorize: "https://claude.ai/oauth/authorize", token: "https://platform.claude.com/v1/oauth/token" },
    callbackPort: 54_545,
  },
  renewLeadMs: 4 * 60 * 60_000,
  provider: defineProvider({ ...anthropic, id: "anthropic-account", name: "Claude subscription", hosts: [] }),
  read,
  async renew({ facts, settings, calls }) {
    const reply = await calls.json(endpointOf(settings, "token"), { client_id: settings.clientId ?? "", grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "" });
    return tokenMembers(readTokenReply(reply, calls.now()));
  },
});

function read(content: JsonObject): AccountFacts {
  const accessToken = textOf(content.access_token);
  const refreshToken = textOf(content.refresh_token) ?? textOf(content.refreshToken);
  const expiresAt = storedExpiry(content);
  const renewedAt = storedRenewal(content);
  return {
    label: textOf(content.email) ?? "unnamed",
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(renewedAt !== undefined && { renewedAt }),
    ...(accessToken === undefined && refreshToken === undefined && { trouble: "it holds no token" }),
  };
}
