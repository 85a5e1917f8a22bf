import { hmacSha256 } from "@dragoman/core";
import { parseSecretKey, type Logger } from "@dragoman/gateway";
import type { Settings } from "./read-settings.ts";

const KEY_BYTES = 32;
const encoder = new TextEncoder();

/** The keys for sealed reasoning: the file's, else one that is derived from the secret, so that all isolates have the same. */
export function sealKeysOf({ config, secretText }: Settings, logger: Logger): readonly Uint8Array[] {
  const configured = config["seal-keys"].map((key) => encoder.encode(key));
  if (configured.length > 0) return configured;
  if (secretText !== undefined) return [hmacSha256(parseSecretKey(secretText), encoder.encode("dragoman seals"))];
  logger.log("info", "sealkey.ephemeral", { effect: "reasoning that other vendors sealed is lost when another isolate goes on with a conversation; set DRAGOMAN_SECRET" });
  return [crypto.getRandomValues(new Uint8Array(KEY_BYTES))];
}
