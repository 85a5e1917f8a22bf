import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Account } from "../../../accounts/account.ts";
import type { AccountPool } from "../../../accounts/account-pool.ts";
import { storedTime } from "../../../accounts/stored-times.ts";
import { credentialAt } from "../../../routing/roster.ts";
import { OfficeError, type Office } from "../../office.ts";
import { findLogin } from "./stored-login.ts";
import { textOf } from "../../../accounts/stored-json.ts";

/** Who gives a token, and the way its requests go. */
export interface Lender {
  readonly proxyUrl?: string;
  /** @throws OfficeError 400 when it has run out and cannot be renewed */
  token(now: number): Promise<string | undefined> | string | undefined;
}

/** A configured credential or a stored login, by its index. `undefined`: neither. */
export async function lenderOf(office: Office, index: string): Promise<Lender | undefined> {
  const placed = credentialAt(office.engine.switchboard.roster, index);
  const account = placed === undefined ? undefined : office.accounts?.find(placed.credential.id.split("::", 1)[0] ?? "");
  if (office.accounts !== undefined && account !== undefined) return lenderOfAccount(office.accounts, account);
  if (placed !== undefined) {
    const { apiKey, proxyUrl } = placed.credential;
    return { ...(proxyUrl !== undefined && { proxyUrl }), token: () => apiKey };
  }
  const files = office.ports.authFiles;
  const login = files === undefined ? undefined : await findLogin(files, (each) => each.index === index);
  if (login?.content === undefined) return undefined;
  const { content } = login;
  const proxyUrl = textOf(content.proxy_url);
  return { ...(proxyUrl !== undefined && { proxyUrl }), token: (now) => storedToken(content, now) };
}

/** A token that is about to end is renewed first. */
function lenderOfAccount(pool: AccountPool, account: Account): Lender {
  const proxyUrl = textOf(account.content.proxy_url);
  return {
    ...(proxyUrl !== undefined && { proxyUrl }),
    async token(now) {
      const { expiresAt, refreshToken } = account.facts;
      if (expiresAt !== undefined && expiresAt <= now + SOON_MS && refreshToken !== undefined) {
        await pool.renew(account).catch(() => {
          throw new OfficeError(400, "auth token refresh failed");
        });
      }
      return account.facts.accessToken;
    },
  };
}

const SOON_MS = 10_000;

/** A token that has run out is no use where its kind is not known. */
function storedToken(content: JsonObject, now: number): string | undefined {
  const nested = isJsonObject(content.token) ? content.token : {};
  const access = textOf(content.access_token) ?? textOf(nested.access_token) ?? textOf(content.token);
  if (access !== undefined && isOver(content, nested, now)) throw new OfficeError(400, "auth token refresh failed");
  return access ?? firstText(nested) ?? textOf(content.id_token) ?? textOf(content.cookie) ?? textOf(content.api_key);
}

function isOver(content: JsonObject, nested: JsonObject, now: number): boolean {
  const until = [content.expired, content.expires_at, content.expiry, nested.expired, nested.expires_at, nested.expiry].map((value: Json | undefined) => storedTime(value)).find((time) => time !== undefined);
  return until !== undefined && until <= now;
}

function firstText(nested: JsonObject): string | undefined {
  return ["token", "id_token", "api_key"].map((name) => textOf(nested[name])).find((text) => text !== undefined);
}
