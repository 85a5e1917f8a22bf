import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../../kit/running.ts";
import { startIssuer, type IssuedTokens, type Issuer, type IssuerOptions } from "./issuer.ts";

/** A vendor whose accounts are written as `claude` files: a model API that takes the tokens of a login server, and knows whose they are. */
export interface Vendor extends Listening {
  readonly issuer: Issuer;
  readonly upstream: Simulator;
  /** A file as a login leaves it; its token ends at `expiresAt`, epoch ms. */
  login(owner: string, expiresAt: number, members?: Record<string, unknown>): { readonly tokens: IssuedTokens; readonly content: Record<string, unknown> };
  /** Who was asked, in order. */
  owners(): readonly string[];
  /** For `accounts.kinds`. */
  readonly kinds: Record<string, unknown>;
  /** Answers in place of the model API; `undefined`: it answers itself. */
  instead: ((request: Request, owner: string, token: string) => Response | Promise<Response | undefined> | undefined) | undefined;
}

export function startVendor(options: Partial<IssuerOptions> = {}): Vendor {
  const issuer = startIssuer({ clientId: "9d1c250a-e61b-44d9-88ed-5944d1962f5e", body: "json", lifetimeSeconds: 8 * 3600, ...options });
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "anthropic-messages");
  if (simulated === undefined) throw new Error("no simulated provider");
  const upstream = createSimulator(simulated.dialect, simulated.vendor, () => ({ text: "Good day" }));
  const ownerOf = new Map<string, string>();
  const asked: string[] = [];
  const place = listen(async (request) => {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    if (!issuer.good.has(token)) return Response.json({ type: "error", error: { type: "authentication_error", message: "OAuth token has expired." } }, { status: 401 });
    issuer.used(token);
    const owner = ownerOf.get(token) ?? "nobody";
    asked.push(owner);
    return (await vendor.instead?.(request, owner, token)) ?? upstream.fetch(request);
  });
  const vendor: Vendor = {
    origin: place.origin,
    issuer,
    upstream,
    instead: undefined,
    kinds: { claude: { "base-url": place.origin, endpoints: { token: issuer.tokenUrl } } },
    login(owner, expiresAt, members = {}) {
      const tokens = issuer.issue();
      ownerOf.set(tokens.accessToken, owner);
      return { tokens, content: { type: "claude", email: owner, access_token: tokens.accessToken, refresh_token: tokens.refreshToken, expired: new Date(expiresAt).toISOString(), ...members } };
    },
    owners: () => asked,
    close: async () => void (await Promise.all([issuer.close(), place.close()])),
  };
  return vendor;
}
