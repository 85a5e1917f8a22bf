import type { OwnKey } from "../credentials/credential-account.ts";
import { bearerOf } from "./client-keys.ts";

export interface OwnKeyContext {
  readonly isKeyless: boolean;
  /** Whether a key is known here, good or not. */
  isOurs(key: string): boolean;
}

/** What a client brought beside, or in place of, a key of ours. The bearer token goes before `x-api-key`. */
export function ownKeyOf(headers: Headers, { isKeyless, isOurs }: OwnKeyContext): OwnKey | undefined {
  const authorization = headers.get("authorization")?.trim() ?? "";
  const bearer = bearerOf(headers);
  if (authorization !== "" && bearer !== undefined && !isOurs(bearer)) return { authorization, from: "authorization", isKeyless };
  const key = headers.get("x-api-key")?.trim() ?? "";
  return key === "" || isOurs(key) ? undefined : { authorization: `Bearer ${key}`, from: "x-api-key", isKeyless };
}
