import type { Clock } from "@dragoman/gateway";
import { listen, type Listening } from "../../kit/running.ts";

export const WORKOS_CLIENT_ID = "client_01HNM792M5G5G1A2THWPXKFMXB";

/** WorkOS as Factory uses it: forms only, each refresh token good once, the end of a token in the token itself. */
export interface Workos extends Listening {
  readonly endpoints: { readonly token: string; readonly device: string };
  /** Access tokens that are good now. */
  readonly good: Set<string>;
  /** Every call of the token endpoint. */
  readonly asked: Readonly<Record<string, string>>[];
  /** A pair as if a person had just logged in. */
  issue(): { readonly accessToken: string; readonly refreshToken: string };
  revoke(refreshToken: string): void;
  /** What device logins are told until somebody agrees; `undefined`: somebody has. */
  deviceAnswer: string | undefined;
  /** Goes out in place of a reply. */
  instead: (() => Response | undefined) | undefined;
}

const USER = { object: "user", id: "user_1", email: "one@example.com", email_verified: true };

export function startWorkos(clock: Clock, lifetimeMs = 8 * 3_600_000): Workos {
  const good = new Set<string>();
  const refreshTokens = new Map<string, "good" | "spent" | "revoked">();
  const asked: Readonly<Record<string, string>>[] = [];
  let count = 0;
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const issue = (): { accessToken: string; refreshToken: string } => {
    count += 1;
    const iat = Math.floor(clock.now() / 1000);
    const accessToken = `${encoded({ alg: "RS256" })}.${encoded({ sub: USER.id, org_id: "org_1", iat, exp: iat + lifetimeMs / 1000, jti: `access-${count}` })}.signature-of-tests`;
    const refreshToken = `refresh-token-${count}-of-tests`;
    good.add(accessToken);
    refreshTokens.set(refreshToken, "good");
    return { accessToken, refreshToken };
  };
  const refuse = (error: string, description: string, status = 400): Response => Response.json({ error, error_description: description }, { status });
  const answer = (): Response => {
    const { accessToken, refreshToken } = issue();
    return Response.json({ access_token: accessToken, refresh_token: refreshToken, organization_id: "org_1", authentication_method: "GitHubOAuth", user: USER });
  };
  function authenticate(fields: Readonly<Record<string, string>>): Response {
    if (fields.client_id !== WORKOS_CLIENT_ID) return refuse("invalid_client", "unknown client", 401);
    if (fields.grant_type === "refresh_token") {
      const token = fields.refresh_token ?? "";
      if (refreshTokens.get(token) !== "good") return refuse("invalid_grant", refreshTokens.get(token) === "spent" ? "Refresh token already exchanged." : "Session has ended.");
      refreshTokens.set(token, "spent");
      return answer();
    }
    if (fields.grant_type !== "urn:ietf:params:oauth:grant-type:device_code" || fields.device_code !== "device-code-of-tests") return refuse("invalid_request", "unknown grant");
    return workos.deviceAnswer === undefined ? answer() : refuse(workos.deviceAnswer, "not now");
  }
  const listening = listen(async (request) => {
    if (request.method !== "POST" || request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") !== true) return refuse("invalid_request", "a form is wanted", 415);
    const fields = Object.fromEntries(new URLSearchParams(await request.text()));
    const { pathname } = new URL(request.url);
    if (pathname === "/user_management/authorize/device") {
      return fields.client_id !== WORKOS_CLIENT_ID ? refuse("invalid_client", "unknown client", 401) : Response.json({
        device_code: "device-code-of-tests", user_code: "ABCD-EFGH", verification_uri: "https://login.example.com/device",
        verification_uri_complete: "https://login.example.com/device?user_code=ABCD-EFGH", expires_in: 300, interval: 5,
      });
    }
    if (pathname !== "/user_management/authenticate") return new Response("not found", { status: 404 });
    asked.push(fields);
    return workos.instead?.() ?? authenticate(fields);
  });
  const workos: Workos = {
    ...listening, good, asked, issue,
    endpoints: { token: `${listening.origin}/user_management/authenticate`, device: `${listening.origin}/user_management/authorize/device` },
    revoke: (refreshToken) => void refreshTokens.set(refreshToken, "revoked"),
    deviceAnswer: "authorization_pending",
    instead: undefined,
  };
  return workos;
}
