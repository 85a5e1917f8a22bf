import type { JsonObject } from "@dragoman/core";
import { askForDevice, readDeviceGrant } from "../../device-code.ts";
import { endpointOf } from "../../kind-settings.ts";
import type { DeviceGrant, DeviceLogin, LoginVisit, NewAccount } from "../../login/login-flow.ts";
import { createProofKey } from "../../login/pkce.ts";
import { rfc3339 } from "../../stored-times.ts";
import { tokenMembers, type TokenReply } from "../../token-request.ts";
import { textOf } from "../../stored-json.ts";

/** Sixty questions, five seconds apart. */
const LONGEST_MS = 5 * 60_000;
const SLOWEST_MS = 10_000;
const VERIFIER_LENGTH = 43;

/** By a code on another device, with PKCE. Option `email` (or `alias`): what the account is called, as the vendor does not say whose it is. */
export const qwenLogin: DeviceLogin = {
  type: "device",
  async begin({ settings, calls }) {
    const { verifier, challenge } = await createProofKey(VERIFIER_LENGTH, calls.random);
    const form = { client_id: settings.clientId ?? "", scope: (settings.scopes ?? []).join(" "), code_challenge: challenge, code_challenge_method: "S256" };
    return readDeviceGrant(await calls.form(endpointOf(settings, "device"), form), calls.now(), { longestMs: LONGEST_MS, secret: { verifier } });
  },
  async poll(grant, visit) {
    const { settings, calls } = visit;
    const answer = await askForDevice(grant, { tokenUrl: endpointOf(settings, "token"), clientId: settings.clientId ?? "", fields: { code_verifier: grant.secret.verifier ?? "" } }, calls);
    if (answer === "pending") return { type: "pending" };
    if (answer === "slow-down") return { type: "slow-down", intervalMs: slower(grant) };
    return { type: "done", account: newAccount(answer, visit) };
  },
};

/** Half as long again. */
function slower({ intervalMs }: DeviceGrant): number {
  return Math.max(intervalMs, Math.min(intervalMs * 1.5, SLOWEST_MS));
}

function newAccount(tokens: TokenReply, { options, calls }: LoginVisit): NewAccount {
  const name = textOf(options.email) ?? textOf(options.alias) ?? String(calls.now());
  return { file: `qwen-${name}.json`, content: { ...qwenMembers(tokens), last_refresh: rfc3339(calls.now()), email: name, type: "qwen" } };
}

/** With the address of the model API, which can be another one each time. */
export function qwenMembers(tokens: TokenReply): JsonObject {
  const resource = textOf(tokens.body.resource_url);
  return { ...tokenMembers(tokens), ...(resource !== undefined && { resource_url: resource }) };
}
