import { defineProvider, providerOfId, type CatalogueModel, type JsonObject } from "@dragoman/core";
import { AccountError, isAccountError } from "../../account-error.ts";
import { defineAccountKind, type AccountFacts, type AccountKind } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import { endpointOf } from "../../kind-settings.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { readTokenReply, tokenMembers } from "../../token-request.ts";
import { mendMessages, thinksIn, upstreamName } from "./body.ts";
import { deviceHeaders, kimiLogin } from "./login.ts";
import { textOf } from "../../stored-json.ts";

const moonshot = providerOfId("moonshot");
if (moonshot === undefined) throw new Error("No provider is described as moonshot.");

const model = (id: string, displayName: string, created: number, limits: readonly [context: number, output: number]): CatalogueModel =>
  ({ id, displayName, created, contextTokens: limits[0], maxOutputTokens: limits[1] });

const provider = defineProvider({
  ...moonshot,
  id: "kimi", name: "Kimi account",
  baseUrl: "https://api.kimi.com/coding",
  hosts: [],
  dialects: { "openai-chat": moonshot.dialects["openai-chat"] ?? {}, "anthropic-messages": {} },
  capabilities: { ...moonshot.capabilities, countsTokens: true },
  catalogue: [
    model("kimi-k2", "Kimi K2", 1_752_192_000, [131_072, 32_768]),
    model("kimi-k2-thinking", "Kimi K2 Thinking", 1_762_387_200, [131_072, 32_768]),
    model("kimi-k2.5", "Kimi K2.5", 1_769_472_000, [262_144, 32_768]),
    model("kimi-k2.6", "Kimi K2.6", 1_776_729_600, [262_144, 65_536]),
    model("kimi-k2.7-code", "Kimi K2.7 Code", 1_780_396_800, [262_144, 65_536]),
    model("kimi-k2.7-code-highspeed", "Kimi K2.7 Code HighSpeed", 1_780_396_800, [262_144, 65_536]),
    model("kimi-k3", "Kimi K3", 1_784_073_600, [1_048_576, 65_536]),
    model("kimi-k3-256k", "Kimi K3 256K", 1_785_110_400, [262_144, 65_536]),
  ],
});

/**
 * A Kimi Code account. The vendor speaks two dialects: Anthropic's with those who speak it, OpenAI's with all others.
 * Facts: read 2026-08. We call ourselves `dragoman` in the vendor's `X-Msh-*` headers; `accounts.kinds.kimi.headers`
 * goes over that.
 */
export const kimi: AccountKind = defineAccountKind({
  name: "kimi",
  types: ["kimi"],
  title: "Kimi account",
  terms: "Moonshot sells Kimi Code for its own programs and those it names; using an account elsewhere may break its terms and cost you the account.",
  defaults: {
    clientId: "17e5f671-d194-4dfb-9706-5516cb48c098",
    endpoints: { device: "https://auth.kimi.com/api/oauth/device_authorization", token: "https://auth.kimi.com/api/oauth/token" },
  },
  renewLeadMs: 5 * 60_000,
  logins: [kimiLogin],
  provider,
  read,
  async renew({ facts, settings, calls }) {
    const form = { client_id: settings.clientId ?? "", grant_type: "refresh_token", refresh_token: facts.refreshToken ?? "" };
    const reply = await calls.form(endpointOf(settings, "token"), form, deviceHeaders(facts.values?.deviceId ?? "", settings));
    try {
      return tokenMembers(readTokenReply(reply, calls.now()));
    } catch (error) {
      // Whatever the words: who is refused here has to log in again.
      throw isAccountError(error) && (reply.status === 401 || reply.status === 403) ? new AccountError("revoked", error.message) : error;
    }
  },
  patchBody(body, { model: name, dialect, settings }) {
    const named = { ...withSystemPrefix(body, dialect, settings.systemPrefix), model: upstreamName(name) };
    return dialect === "openai-chat" ? mendMessages(named, thinksIn(named, name, provider)) : named;
  },
  address: (request, visit) => addressed(request, visit, { headers: deviceHeaders(visit.values.deviceId ?? "", visit.settings) }),
});

function read(content: JsonObject): AccountFacts {
  const deviceId = textOf(content.device_id);
  const baseUrl = textOf(content.base_url);
  return {
    label: textOf(content.email) ?? textOf(content.label) ?? deviceId?.slice(0, 8) ?? "unnamed",
    ...storedTokens(content),
    ...(deviceId !== undefined && { values: { deviceId } }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}
