import { GatewayError, type GatewayErrorShape } from "@dragoman/core";
import type { Credential } from "../credentials/credential.ts";

/** Takes a credential's secret, and anything that looks like a key, out of words that an upstream said. */
export function redactSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== undefined && secret.length >= 6) clean = clean.replaceAll(secret, "[redacted]");
  return clean.replace(KEY_LIKE, "[redacted]");
}

/** Prefixes that vendors give their keys (sk-…, AIza…, gsk_…, xai-…), also half masked as some put them into messages. */
const KEY_LIKE = /\b(?:sk-[A-Za-z0-9_*-]{8,}|AIza[A-Za-z0-9_*-]{10,}|gsk_[A-Za-z0-9*]{10,}|xai-[A-Za-z0-9*]{10,})/g;

/** The same error, with words that may be shown to anyone. */
export function withoutSecrets(error: GatewayErrorShape, credential: Credential): GatewayError {
  const message = redactSecrets(error.message, [credential.apiKey, ...(credential.account?.secrets() ?? [])]);
  if (!(error instanceof GatewayError)) return new GatewayError("stream_interrupted", { ...error, message });
  return message === error.message ? error : new GatewayError(error.code, { ...error, message, cause: error.cause });
}
