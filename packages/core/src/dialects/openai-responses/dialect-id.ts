import type { Json, Wire } from "../../canonical/index.ts";
import type { NameRules } from "../../naming/index.ts";

export const DIALECT = "openai-responses";
export const VENDOR = "openai";

/** Function names: OpenAI SDK 6.49 types (read 2026-11). Call ids longer than 64 are refused (seen in the field). */
export const NAME_RULES: NameRules = {
  toolNameChar: /[A-Za-z0-9_-]/,
  toolNameFirstChar: /[A-Za-z0-9_-]/,
  toolNameMaxLength: 64,
  callIdChar: /[\x21-\x7e]/,
  callIdMaxLength: 64,
};

/** `encrypted_content` is a Fernet token: version byte 0x80 and a big-endian time stamp give this start. */
export function recognisesSeal(value: string): boolean {
  return value.startsWith("gAAAA");
}

/** Keeps a source node, so that this dialect can write it back word for word. */
export function ownWire(value: Json): Wire {
  return { dialect: DIALECT, value };
}

/** The source node, if it was one of this dialect. */
export function fromOwnWire(wire: Wire | undefined): Json | undefined {
  return wire?.dialect === DIALECT ? wire.value : undefined;
}
