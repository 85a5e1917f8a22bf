import type { Seal } from "../../canonical/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { VENDOR } from "./wire.ts";

/** Enough of a signature to hold the model's name; decoding more costs and tells nothing. */
const HEAD_LENGTH = 1024;

/**
 * Whether a bare blob was made by Anthropic: base64 of a protobuf (first byte 0x12, or 0x08 in the newer form) that
 * names a Claude model, sometimes encoded twice. Prefixes alone prove nothing: other vendors' blobs begin alike.
 */
export function recognisesSeal(value: string): boolean {
  const once = decodeHead(value);
  if (once === undefined) return false;
  if (isClaudeRecord(once)) return true;
  if (!value.startsWith("R")) return false;
  const twice = decodeHead(once);
  return twice !== undefined && isClaudeRecord(twice);
}

function isClaudeRecord(bytes: string): boolean {
  const first = bytes.charCodeAt(0);
  return (first === 0x12 || first === 0x08) && bytes.includes("claude-");
}

function decodeHead(value: string): string | undefined {
  const head = value.slice(0, HEAD_LENGTH);
  const whole = head.slice(0, head.length - (head.length % 4));
  if (whole === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(whole)) return undefined;
  return atob(whole);
}

/** What stood in an opaque field of a request; `rejected` when it was one of our envelopes and is not valid any more. */
export function openRequestSeal(value: string, form: Seal["form"], context: DecodeContext): Seal | "rejected" | undefined {
  if (value === "") return undefined;
  const seal = context.sealer.open(value, VENDOR, form);
  if (seal !== undefined) return seal;
  return context.sealer.isEnvelope(value) ? "rejected" : undefined;
}
