import { VERSION } from "../../../version.ts";
import { uuidFrom } from "../../account-sender.ts";
import { askForDevice, readDeviceGrant } from "../../device-code.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import type { DeviceLogin, LoginVisit, NewAccount } from "../../login/login-flow.ts";
import { tokenMembers, type TokenReply } from "../../token-request.ts";
import { textOf } from "../../stored-json.ts";

const LONGEST_MS = 15 * 60_000;

/** By a code on another device. The id that the login is made with stays with the account. */
export const kimiLogin: DeviceLogin = {
  type: "device",
  async begin({ settings, calls }) {
    const deviceId = uuidFrom(calls.random(32));
    const reply = await calls.form(endpointOf(settings, "device"), { client_id: settings.clientId ?? "" }, deviceHeaders(deviceId, settings));
    return readDeviceGrant(reply, calls.now(), { longestMs: LONGEST_MS, secret: { deviceId } });
  },
  async poll(grant, visit) {
    const { settings, calls } = visit;
    const headers = deviceHeaders(grant.secret.deviceId ?? "", settings);
    const answer = await askForDevice(grant, { tokenUrl: endpointOf(settings, "token"), clientId: settings.clientId ?? "", headers }, calls);
    if (answer === "pending") return { type: "pending" };
    if (answer === "slow-down") return { type: "slow-down" };
    return { type: "done", account: newAccount(answer, grant.secret.deviceId ?? "", visit) };
  },
};

function newAccount(tokens: TokenReply, deviceId: string, { calls }: LoginVisit): NewAccount {
  const now = calls.now();
  const { token_type, scope } = tokens.body;
  return {
    file: `kimi-${now}.json`,
    content: { ...tokenMembers(tokens), token_type: textOf(token_type) ?? "Bearer", scope: textOf(scope) ?? "", device_id: deviceId, type: "kimi", timestamp: now },
  };
}

/**
 * What the vendor wants to know of who asks. We say what we are; the machine's name and make are none of its business,
 * and operators who see that otherwise set them in `headers`.
 */
export function deviceHeaders(deviceId: string, { headers }: KindSettings): Record<string, string> {
  const own = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    "x-msh-platform": "dragoman", "x-msh-version": VERSION, "x-msh-device-name": "dragoman", "x-msh-device-model": "server",
    ...(deviceId !== "" && { "x-msh-device-id": deviceId }),
    ...own,
  };
}
