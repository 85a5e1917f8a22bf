import { createHash } from "node:crypto";
import { listen, type Listening } from "../../kit/running.ts";

export interface IssuerOptions {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Id and secret are wanted as HTTP Basic too. */
  readonly basic?: true;
  /** How its token endpoint wants to be asked; another content type is refused. */
  readonly body: "form" | "json";
  /** Lifetime of access tokens, in seconds; 3600 when absent. */
  readonly lifetimeSeconds?: number;
  /** Refresh tokens are good once, and each answer brings a new one; true when absent. */
  readonly rotates?: boolean;
  /** A refresh token that was spent is good once more, as long as nothing that came for it was used. */
  readonly forgives?: true;
  /** The callback that was registered; another is refused. */
  readonly redirectUri?: string;
  /** A code without a verifier is refused. */
  readonly pkce?: boolean;
  /** Further members of a token answer. */
  readonly extra?: (tokens: IssuedTokens) => Readonly<Record<string, unknown>>;
  /** Answers what is not the token endpoint: profile, projects, device codes. */
  readonly other?: (request: Request, issuer: Issuer) => Response | undefined | Promise<Response | undefined>;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A vendor's login server, as strict as the reference says: what it does not know it refuses, and it keeps count. */
export interface Issuer extends Listening {
  readonly tokenUrl: string;
  /** Access tokens that are good now. */
  readonly good: Set<string>;
  /** Every call of the token endpoint, as it was understood. */
  readonly asked: Readonly<Record<string, string>>[];
  /** Makes a pair as if a person had just logged in. */
  issue(): IssuedTokens;
  /** A code for the browser to bring back. `challenge` is checked against the verifier. */
  code(challenge?: string): string;
  /** Its access token was seen: what was spent for it is gone for good. */
  used(accessToken: string): void;
  /** From now on this refresh token is refused with `invalid_grant`. */
  revoke(refreshToken: string): void;
  /** Called before each answer of the token endpoint; a Response goes out in its place. */
  before: ((fields: Readonly<Record<string, string>>) => Promise<Response | undefined> | Response | undefined) | undefined;
}

export function startIssuer(options: IssuerOptions): Issuer {
  const good = new Set<string>();
  const refreshTokens = new Map<string, "good" | "spent" | "revoked">();
  const codes = new Map<string, string>();
  const asked: Readonly<Record<string, string>>[] = [];
  let count = 0;
  const issue = (): IssuedTokens => {
    count += 1;
    const tokens = { accessToken: `access-token-${count}-of-tests`, refreshToken: `refresh-token-${count}-of-tests` };
    good.add(tokens.accessToken);
    refreshTokens.set(tokens.refreshToken, "good");
    return tokens;
  };
  const answer = (tokens: IssuedTokens, withRefresh: boolean): Response => Response.json({
    access_token: tokens.accessToken, token_type: "Bearer", expires_in: options.lifetimeSeconds ?? 3600,
    ...(withRefresh && { refresh_token: tokens.refreshToken }), ...options.extra?.(tokens),
  });
  const refuse = (error: string, description: string, status = 400): Response => Response.json({ error, error_description: description }, { status });

  /** What came for a spent refresh token, while none of it was used. */
  const unused = new Map<string, IssuedTokens>();
  function takeBack(given: string): void {
    const successor = unused.get(given);
    if (options.forgives !== true || successor === undefined) return;
    refreshTokens.set(successor.refreshToken, "revoked");
    good.delete(successor.accessToken);
    refreshTokens.set(given, "good");
  }
  function grantRefresh(fields: Readonly<Record<string, string>>): Response {
    const given = fields.refresh_token ?? "";
    takeBack(given);
    const state = refreshTokens.get(given);
    if (state === "spent") return refuse("invalid_grant", "refresh_token_reused");
    if (state !== "good") return refuse("invalid_grant", "the refresh token was revoked");
    const rotates = options.rotates !== false;
    const tokens = issue();
    if (rotates) refreshTokens.set(given, "spent");
    for (const [spent, successor] of unused) if (successor.refreshToken === given) unused.delete(spent);
    unused.set(given, tokens);
    return answer(tokens, rotates);
  }
  function grantCode(fields: Readonly<Record<string, string>>): Response {
    const challenge = codes.get(fields.code ?? "");
    if (challenge === undefined) return refuse("invalid_grant", "the code is unknown or was used");
    codes.delete(fields.code ?? "");
    if (options.redirectUri !== undefined && fields.redirect_uri !== options.redirectUri) return refuse("invalid_grant", "redirect_uri differs");
    if (options.pkce === true && createHash("sha256").update(fields.code_verifier ?? "").digest("base64url") !== challenge) return refuse("invalid_grant", "code_verifier does not fit");
    return answer(issue(), true);
  }
  async function token(request: Request): Promise<Response> {
    const wanted = options.body === "form" ? "application/x-www-form-urlencoded" : "application/json";
    if (request.headers.get("content-type")?.startsWith(wanted) !== true) return refuse("invalid_request", `expected ${wanted}`, 415);
    const text = await request.text();
    const fields = options.body === "form" ? Object.fromEntries(new URLSearchParams(text)) : (JSON.parse(text) as Record<string, string>);
    asked.push(fields);
    const instead = await issuer.before?.(fields);
    if (instead !== undefined) return instead;
    if (fields.client_id !== options.clientId) return refuse("invalid_client", "unknown client", 401);
    if (options.basic === true && request.headers.get("authorization") !== `Basic ${btoa(`${options.clientId}:${options.clientSecret ?? ""}`)}`) return refuse("invalid_client", "no Basic", 401);
    if (options.clientSecret !== undefined && fields.client_secret !== options.clientSecret) return refuse("invalid_client", "wrong secret", 401);
    if (fields.grant_type === "refresh_token") return grantRefresh(fields);
    if (fields.grant_type === "authorization_code") return grantCode(fields);
    return (await options.other?.(new Request(request.url, { method: "POST", headers: request.headers, body: text }), issuer)) ?? refuse("unsupported_grant_type", "unknown grant");
  }
  const listening = listen(async (request) => {
    if (request.method === "POST" && new URL(request.url).pathname === "/token") return token(request);
    return (await options.other?.(request, issuer)) ?? new Response("not found", { status: 404 });
  });
  const issuer: Issuer = {
    ...listening,
    tokenUrl: `${listening.origin}/token`,
    good,
    asked,
    issue,
    code(challenge = "") {
      const code = `code-${codes.size + count + 1}-of-tests`;
      codes.set(code, challenge);
      return code;
    },
    used(accessToken) {
      for (const [spent, successor] of unused) if (successor.accessToken === accessToken) unused.delete(spent);
    },
    revoke: (refreshToken) => void refreshTokens.set(refreshToken, "revoked"),
    before: undefined,
  };
  return issuer;
}
