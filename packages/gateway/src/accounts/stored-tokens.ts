import { isJsonObject, type JsonObject } from "@dragoman/core";
import type { AccountFacts } from "./account-kind.ts";
import { storedExpiry, storedRenewal } from "./stored-times.ts";
import { textOf } from "./stored-json.ts";

export type StoredTokens = Pick<AccountFacts, "accessToken" | "refreshToken" | "expiresAt" | "renewedAt" | "trouble">;

/** Tokens and their times, in the spellings of all tools; in the file itself or in its `token`. */
export function storedTokens(content: JsonObject): StoredTokens {
  const nested: JsonObject = isJsonObject(content.token) ? content.token : {};
  const read = (...names: readonly string[]): string | undefined => [content, nested].flatMap((place) => names.map((name) => textOf(place[name]))).find((text) => text !== undefined);
  const accessToken = read("access_token", "accessToken");
  const refreshToken = read("refresh_token", "refreshToken");
  const expiresAt = storedExpiry(content);
  const renewedAt = storedRenewal(content);
  return {
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(renewedAt !== undefined && { renewedAt }),
    ...(accessToken === undefined && refreshToken === undefined && { trouble: "it holds no token" }),
  };
}
