import type { Ids } from "../ports.ts";

const RANDOM_CHARACTERS = 20;
const SHORT_CHARACTERS = 8;
const HEX = "0123456789abcdef";

/**
 * The name of a request: `req_`, twelve letters and digits, and eight hex digits. The last eight alone are the name that
 * log lines and log files bear: tools written for CLIProxyAPI look for exactly eight hex digits there.
 */
export function newRequestId(ids: Ids): string {
  const random = ids.random(RANDOM_CHARACTERS);
  let id = `req_${random.slice(0, RANDOM_CHARACTERS - SHORT_CHARACTERS)}`;
  for (let at = RANDOM_CHARACTERS - SHORT_CHARACTERS; at < RANDOM_CHARACTERS; at++) id += HEX[random.charCodeAt(at) & 15] ?? "0";
  return id;
}

/** The eight hex digits at its end. */
export function shortRequestId(requestId: string): string {
  return requestId.slice(-SHORT_CHARACTERS);
}
