import type { Loss, Seal } from "../../canonical/index.ts";
import type { Sealer } from "../../exchange.ts";
import { isSentinel, VENDOR } from "./wire.ts";

/** What opening a seal needs; a subset of both contexts. */
export interface SealOpener {
  readonly sealer: Sealer;
  report(loss: Loss): void;
}

/** Reads a `thoughtSignature`: Google's own, or an envelope with another vendor's state. */
export function openSignature(value: string, path: string, opener: SealOpener): Seal | undefined {
  if (value === "" || isSentinel(value)) return undefined;
  const seal = opener.sealer.open(value, VENDOR, "thought-signature");
  if (seal === undefined) opener.report({ code: "seal-unreadable", path, action: "dropped", detail: "the signature was altered or made for another client" });
  return seal;
}

/** First bytes tell: an optional outer record (tag 0x12), then a record (tag 0x0a) that starts with the byte 0x01. */
export function recognisesSeal(value: string): boolean {
  const head = /^[A-Za-z0-9+/_-]{16,}/.exec(value.slice(0, 24))?.[0];
  if (head === undefined) return false;
  const bytes = atob(head.replaceAll("-", "+").replaceAll("_", "/").slice(0, 16));
  const inner = bytes.charCodeAt(0) === 0x12 ? afterLength(bytes, 1) : 0;
  return bytes.charCodeAt(inner) === 0x0a && bytes.charCodeAt(afterLength(bytes, inner + 1)) === 0x01;
}

/** Position behind the variable-length integer that starts at `at`: its bytes but the last have the high bit set. */
function afterLength(bytes: string, at: number): number {
  let end = at;
  while (bytes.charCodeAt(end) >= 0x80) end += 1;
  return end + 1;
}
