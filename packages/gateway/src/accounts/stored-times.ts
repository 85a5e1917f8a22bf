import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

const EXPIRY = ["expired", "expire", "expires_at", "expiresAt", "expiry", "expires"];
const RENEWAL = ["last_refresh", "lastRefresh", "last_refreshed_at", "lastRefreshedAt", "last_updated"];

/** Epoch ms at which a stored token ends, in whichever spelling it stands there; in the file itself or in its `token`. */
export function storedExpiry(content: JsonObject): number | undefined {
  return timeAt(content, EXPIRY);
}

/** Epoch ms of the last renewal. */
export function storedRenewal(content: JsonObject): number | undefined {
  return timeAt(content, RENEWAL);
}

function timeAt(content: JsonObject, names: readonly string[]): number | undefined {
  const places = [content, content.token, content.Token].filter((place): place is JsonObject => place !== undefined && isJsonObject(place));
  for (const place of places) {
    for (const name of names) {
      const time = storedTime(place[name]);
      if (time !== undefined) return time;
    }
  }
  return undefined;
}

/** Numbers from here on are milliseconds. */
const MILLISECONDS_FROM = 1e12;

/** RFC 3339, `YYYY-MM-DD HH:MM[:SS]` (UTC), or seconds or milliseconds since 1970, also as text. */
export function storedTime(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value <= 0 ? undefined : value < MILLISECONDS_FROM ? value * 1000 : value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return storedTime(Number(text));
  const parsed = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(text) ? `${text.replace(" ", "T")}Z` : text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** As files say it. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString().replace(/\.000Z$/, "Z");
}
