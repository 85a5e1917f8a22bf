import type { JsonObject, MutableJsonObject, Wire } from "../../canonical/index.ts";
import type { NameRules } from "../../naming/index.ts";

/** The words of this dialect that more than one file needs. Field names follow the Anthropic SDK 1.11 types (read 2026-11). */
export const DIALECT_ID = "anthropic-messages";
export const VENDOR = "anthropic";
export const API_VERSION = "2023-06-01";
export const MESSAGES_PATH = "/v1/messages";
export const COUNT_PATH = "/v1/messages/count_tokens";

export const NAME_RULES: NameRules = {
  toolNameChar: /[A-Za-z0-9_-]/,
  toolNameFirstChar: /[A-Za-z0-9_-]/,
  toolNameMaxLength: 64,
  callIdChar: /[A-Za-z0-9_-]/,
  callIdMaxLength: 64,
};

/** What the API accepts as an image. */
export const IMAGE_TYPES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** The members of `message_delta` beside `delta` and `usage`. */
export interface StreamEventBody {
  readonly type?: unknown;
  readonly index?: unknown;
  readonly message?: unknown;
  readonly content_block?: unknown;
  readonly delta?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
}

/** Notes that a node came in this dialect, so that it can go out word for word. */
export function ownWire(value: JsonObject): Wire {
  return { dialect: DIALECT_ID, value };
}

/** The source node, if it was one of this dialect. */
export function wireOf(node: { readonly wire?: Wire }): MutableJsonObject | undefined {
  const wire = node.wire;
  return wire !== undefined && wire.dialect === DIALECT_ID ? (wire.value as MutableJsonObject) : undefined;
}
