import { hmacSha256, sha256Hex } from "@dragoman/core";
import type { Ids } from "../ports.ts";

/** So much of a key is kept and shown, for people to tell it by. */
const PREFIX_LENGTH = 12;
/** Letters and digits that a key is made from: more than 256 bits of chance. */
const SEED_LENGTH = 64;

const encoder = new TextEncoder();

/** A key as it is handed out, once, and what of it is kept. */
export interface NewSecret {
  readonly key: string;
  readonly prefix: string;
  readonly hash: string;
}

/** `sk-` and 64 hex digits: clients that look at keys know this form. */
export function makeSecret(ids: Ids, secretKey: Uint8Array | undefined): NewSecret {
  const key = `sk-${sha256Hex(ids.random(SEED_LENGTH))}`;
  return { key, prefix: key.slice(0, PREFIX_LENGTH), hash: hashKey(key, secretKey) };
}

/** HMAC-SHA-256 in hex: who reads the database without the secret cannot even try keys out. */
export function hashKey(key: string, secretKey: Uint8Array = NO_SECRET): string {
  let hex = "";
  for (const byte of hmacSha256(secretKey, encoder.encode(key))) hex += (0x100 + byte).toString(16).slice(1);
  return hex;
}

/** Before the SHA-256 of a key whose text nobody here has seen: so another gateway had kept it. */
const FOREIGN = "sha256:";

/** How a key stands in the store that was taken over with its plain SHA-256; good as long as keys are long and made by chance. */
export function foreignHash(sha256: string): string {
  return FOREIGN + sha256.toLowerCase();
}

export function isForeignHash(hash: string): boolean {
  return hash.startsWith(FOREIGN);
}

const NO_SECRET = new Uint8Array();
