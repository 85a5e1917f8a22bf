import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** What a JSON Web Token says; its signature is the vendor's business. `undefined` when it is none. */
export function claimsOf(token: string): JsonObject | undefined {
  try {
    const base64 = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const value = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)))) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
