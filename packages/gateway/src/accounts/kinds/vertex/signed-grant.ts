// A service account has no password: it signs for itself (RFC 7523).
import { AccountError } from "../../account-error.ts";
import { keyBytes } from "./private-key.ts";

export interface Grant {
  readonly email: string;
  readonly privateKey: string;
  readonly keyId?: string | undefined;
  readonly tokenUri: string;
  readonly scope: string;
}

const LIFETIME_S = 3600;
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** A JWT that is good for an hour from `now` (epoch ms). @throws AccountError `refused` when the key cannot sign */
export async function signedGrant({ email, privateKey, keyId, tokenUri, scope }: Grant, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const header = { alg: "RS256", typ: "JWT", ...(keyId !== undefined && { kid: keyId }) };
  const claims = { iss: email, sub: email, aud: tokenUri, scope, iat: issuedAt, exp: issuedAt + LIFETIME_S };
  const text = `${base64Url(encode(JSON.stringify(header)))}.${base64Url(encode(JSON.stringify(claims)))}`;
  return `${text}.${base64Url(await sign(privateKey, text))}`;
}

async function sign(privateKey: string, text: string): Promise<Uint8Array> {
  try {
    const key = await crypto.subtle.importKey("pkcs8", keyBytes(privateKey), RS256, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign(RS256, key, encode(text)));
  } catch (cause) {
    throw new AccountError("refused", "the private key of the service account is not readable", { cause });
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
