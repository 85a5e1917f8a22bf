import { claimsOf } from "../../jwt.ts";
import { textOf } from "../../stored-json.ts";

/** What an access token of WorkOS says of itself. */
export interface TokenClaims {
  /** Epoch ms. */
  readonly expiresAt?: number;
  /** Epoch ms. */
  readonly issuedAt?: number;
  readonly email?: string;
  readonly organization?: string;
}

/** Nothing, for a token that is no JSON Web Token. */
export function tokenClaims(token: string): TokenClaims {
  const { exp, iat, email, org_id: organization } = claimsOf(token) ?? {};
  return {
    ...(typeof exp === "number" && exp > 0 && { expiresAt: exp * 1000 }),
    ...(typeof iat === "number" && iat > 0 && { issuedAt: iat * 1000 }),
    ...(textOf(email) !== undefined && { email: textOf(email) }),
    ...(textOf(organization) !== undefined && { organization: textOf(organization) }),
  };
}
