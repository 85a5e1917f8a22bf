import { isJsonObject, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import type { AccountVisit } from "../../account-kind.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import type { SecretLogin } from "../../login/login-flow.ts";
import { rfc3339 } from "../../stored-times.ts";
import { tokenError } from "../../token-request.ts";
import type { VendorCalls, VendorReply } from "../../vendor-calls.ts";
import { textOf } from "../../stored-json.ts";

/** By the cookie of a browser that is logged in at platform.iflow.cn; no client secret is needed. */
export const cookieLogin: SecretLogin = {
  type: "secret",
  asks: "Cookie of platform.iflow.cn (the value of BXAuth is enough of it: BXAuth=…)",
  needsNothing: true,
  async exchange(secret, { settings, calls }) {
    const cookie = sessionOf(secret);
    const { name } = readKey(await calls.get(endpointOf(settings, "api-key"), { accept: ACCEPT, cookie }), calls.now());
    if (name === undefined) throw new AccountError("malformed", "the vendor did not say whose cookie it is");
    const { apiKey, expireTime } = await askForKey({ cookie, name }, settings, calls);
    return {
      file: `iflow-${name.replaceAll("*", "x")}.json`,
      content: { access_token: "", refresh_token: "", last_refresh: rfc3339(calls.now()), expired: expireTime, api_key: apiKey, email: name, token_type: "", scope: "", cookie, type: "iflow" },
    };
  },
};

/** A new key by the stored cookie. */
export async function renewByCookie({ content, facts, settings, calls }: AccountVisit): Promise<JsonObject> {
  const { apiKey, expireTime } = await askForKey({ cookie: facts.values?.cookie ?? "", name: textOf(content.email) ?? "" }, settings, calls);
  return { api_key: apiKey, expired: expireTime };
}

const ACCEPT = "application/json, text/plain, */*";

/** Only what the session needs; the rest of a browser's cookies is none of our business. @throws AccountError */
function sessionOf(pasted: string): string {
  const value = /(?:^|[;\s])BXAuth=([^;\s]+)/.exec(pasted)?.[1];
  if (value === undefined) throw new AccountError("refused", "the cookie holds no BXAuth: copy it from a browser that is logged in at platform.iflow.cn");
  return `BXAuth=${value};`;
}

async function askForKey({ cookie, name }: { readonly cookie: string; readonly name: string }, settings: KindSettings, calls: VendorCalls): Promise<{ readonly apiKey: string; readonly expireTime: string }> {
  const url = endpointOf(settings, "api-key");
  const { origin } = new URL(url);
  const { apiKey, expireTime } = readKey(await calls.json(url, { name }, { accept: ACCEPT, cookie, origin, referer: `${origin}/` }), calls.now());
  if (apiKey === undefined) throw new AccountError("malformed", "the vendor's answer holds no key");
  return { apiKey, expireTime: expireTime ?? "" };
}

interface KeyAnswer {
  readonly name?: string | undefined;
  readonly apiKey?: string | undefined;
  /** `YYYY-MM-DD HH:MM`. */
  readonly expireTime?: string | undefined;
}

/** A cookie that is over is told by `success: false`, with any status. */
function readKey(reply: VendorReply, now: number): KeyAnswer {
  const { body } = reply;
  if (reply.status === 401 || reply.status === 403) throw new AccountError("revoked", "the cookie is not good any more");
  if (!reply.ok || body === undefined) throw tokenError(reply, now);
  const { data } = body;
  if (body.success !== true || !isJsonObject(data)) throw new AccountError("refused", `the vendor answered ${(textOf(body.message) ?? textOf(body.code) ?? "no").slice(0, 300)}`);
  return { name: textOf(data.name), apiKey: textOf(data.apiKey), expireTime: textOf(data.expireTime) };
}
