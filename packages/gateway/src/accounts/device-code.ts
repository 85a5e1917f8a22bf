import { AccountError } from "./account-error.ts";
import type { DeviceGrant } from "./login/login-flow.ts";
import { readTokenReply, tokenError, type TokenReply } from "./token-request.ts";
import type { VendorCalls, VendorReply } from "./vendor-calls.ts";
import { textOf } from "./stored-json.ts";

/** The least time between two questions, whatever the vendor says; in ms. */
const LEAST_INTERVAL_MS = 5000;
/** RFC 8628, section 3.3.1: names are read from a screen and typed within minutes. */
const DEFAULT_LIFETIME_MS = 15 * 60_000;

export interface DeviceGrantRules {
  /** The login is given up after so many ms even if the vendor would wait longer. */
  readonly longestMs: number;
  readonly asksAtOnce?: boolean;
  /** For the kind's own `poll`; `deviceCode` is added. */
  readonly secret?: Readonly<Record<string, string>>;
}

/**
 * Reads the answer of a device authorization endpoint (RFC 8628, section 3.2).
 * @throws AccountError
 */
export function readDeviceGrant(reply: VendorReply, now: number, { longestMs, asksAtOnce, secret }: DeviceGrantRules): DeviceGrant {
  if (!reply.ok) throw tokenError(reply, now);
  const deviceCode = textOf(reply.body?.device_code);
  const completeUrl = textOf(reply.body?.verification_uri_complete);
  const verificationUrl = textOf(reply.body?.verification_uri) ?? completeUrl;
  if (deviceCode === undefined || verificationUrl === undefined) throw new AccountError("malformed", "the vendor's answer holds no device code");
  const lifetime = Number(reply.body?.expires_in);
  const interval = Number(reply.body?.interval);
  return {
    userCode: textOf(reply.body?.user_code) ?? "",
    verificationUrl,
    ...(completeUrl !== undefined && { completeUrl }),
    expiresInMs: Math.min(lifetime > 0 ? lifetime * 1000 : DEFAULT_LIFETIME_MS, longestMs),
    intervalMs: Math.max(interval > 0 ? interval * 1000 : 0, LEAST_INTERVAL_MS),
    ...(asksAtOnce === true && { asksAtOnce }),
    secret: { ...secret, deviceCode },
  };
}

export interface DeviceQuestion {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Beside grant type, client id and device code. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks once whether the person has agreed.
 * @throws AccountError when it is over, or `unavailable`: then the vendor has said neither yes nor no
 */
export async function askForDevice(grant: DeviceGrant, { tokenUrl, clientId, fields, headers }: DeviceQuestion, calls: VendorCalls): Promise<"pending" | "slow-down" | TokenReply> {
  const form = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: clientId, device_code: grant.secret.deviceCode ?? "", ...fields };
  return readDeviceAnswer(await calls.form(tokenUrl, form, headers), calls.now());
}

/** Some vendors say `authorization_pending` with status 400, others with 200: only the word counts. */
function readDeviceAnswer(reply: VendorReply, now: number): "pending" | "slow-down" | TokenReply {
  const error = textOf(reply.body?.error);
  switch (error) {
    case undefined:
      return readTokenReply(reply, now);
    case "authorization_pending":
      return "pending";
    case "slow_down":
      return "slow-down";
    case "expired_token":
      throw new AccountError("expired", "the code was not used in time");
    case "access_denied":
      throw new AccountError("denied", "the login was refused at the vendor's page");
    default:
      throw tokenError(reply, now);
  }
}
