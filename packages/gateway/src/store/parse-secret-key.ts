import { sha256 } from "@dragoman/core";

const KEY_BYTES = 32;
/** Fewer characters can be guessed. */
const MIN_PASSPHRASE = 16;

/**
 * The secret key of a house, as an operator writes it: 64 hex digits or base64 of 32 bytes are the key itself; any other
 * text of 16 characters or more is hashed to one.
 * @throws RangeError when it is too short; its message goes after the name of the setting
 */
export function parseSecretKey(text: string): Uint8Array {
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from({ length: KEY_BYTES }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/").replace("=", "")), (letter) => letter.charCodeAt(0));
  if (text.length < MIN_PASSPHRASE) throw new RangeError(`is too short: use 32 random bytes in hex, or at least ${MIN_PASSPHRASE} characters`);
  return sha256(new TextEncoder().encode(text));
}
