import { isJsonObject, sha256Hex, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import type { AccountVisit } from "../../account-kind.ts";
import { askForDevice, readDeviceGrant } from "../../device-code.ts";
import { endpointOf } from "../../kind-settings.ts";
import type { DeviceLogin, NewAccount, SecretLogin } from "../../login/login-flow.ts";
import { rfc3339 } from "../../stored-times.ts";
import { readTokenReply, tokenMembers, type TokenReply } from "../../token-request.ts";
import { tokenClaims } from "./token-claims.ts";
import { textOf } from "../../stored-json.ts";

const LONGEST_MS = 30 * 60_000;

/** The person agrees at the page of WorkOS, who keeps the vendor's users. */
export const deviceLogin: DeviceLogin = {
  type: "device",
  async begin({ settings, calls }) {
    const reply = await calls.form(endpointOf(settings, "device"), { client_id: settings.clientId ?? "" });
    return readDeviceGrant(reply, calls.now(), { longestMs: LONGEST_MS });
  },
  async poll(grant, { settings, calls }) {
    const answer = await askForDevice(grant, { tokenUrl: endpointOf(settings, "token"), clientId: settings.clientId ?? "" }, calls);
    if (answer === "pending" || answer === "slow-down") return { type: answer };
    return { type: "done", account: accountOf(answer, calls.now()) };
  },
};

/** A key of the vendor's settings page. */
export const keyLogin: SecretLogin = {
  type: "secret",
  asks: "API key of the Factory settings page (fk-…)",
  /** Nobody is asked: a key is tried by its first request. */
  async exchange(secret) {
    const key = secret.trim();
    if (!/^\S{8,}$/.test(key)) throw new AccountError("refused", "a key is one word of at least 8 characters");
    return { file: `factory-key-${sha256Hex(key).slice(0, 8)}.json`, content: { type: "factory", api_key: key } };
  },
};

/** Each refresh token is good once; the answer always brings the next one. @throws AccountError */
export async function renew({ content, facts, settings, calls }: AccountVisit): Promise<JsonObject> {
  const organization = textOf(content.organization_id);
  const reply = await calls.form(endpointOf(settings, "token"), {
    grant_type: "refresh_token",
    refresh_token: facts.refreshToken ?? "",
    client_id: settings.clientId ?? "",
    ...(organization !== undefined && { organization_id: organization }),
  });
  return membersOf(readTokenReply(reply, calls.now()), calls.now());
}

function accountOf(reply: TokenReply, now: number): NewAccount {
  const user: JsonObject = isJsonObject(reply.body.user) ? reply.body.user : {};
  const email = textOf(user.email);
  return {
    file: `factory-${email ?? textOf(user.id) ?? String(now)}.json`,
    content: { type: "factory", ...(email !== undefined && { email }), ...membersOf(reply, now) },
  };
}

/** WorkOS tells no `expires_in`: the end stands in the token. `last_updated` is what the vendor's own file has. */
function membersOf(reply: TokenReply, now: number): JsonObject {
  const organization = textOf(reply.body.organization_id);
  const expiresAt = tokenClaims(reply.accessToken).expiresAt ?? reply.expiresAt;
  return {
    ...tokenMembers({ ...reply, ...(expiresAt !== undefined && { expiresAt }) }),
    ...(organization !== undefined && { organization_id: organization }),
    last_updated: rfc3339(now),
  };
}
