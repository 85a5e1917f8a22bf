import type { Ids } from "../ports.ts";

const TIME_CHARACTERS = 8;
const CHANCE_CHARACTERS = 4;
const SHORT_CHARACTERS = 8;
const HEX = "0123456789abcdef";
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/**
 * The name of a request: `req_`, twelve letters and digits, and eight hex digits. The last eight alone are the name that
 * log lines and log files bear: tools written for CLIProxyAPI look for exactly eight hex digits there.
 *
 * The first eight tell the time, so that names in their order are names by time: a database then writes records of one
 * moment to one place of its index, not each to another page. What follows is chance and cannot be guessed.
 * @param now epoch ms
 */
export function newRequestId(ids: Ids, now: number): string {
  const random = ids.random(CHANCE_CHARACTERS + SHORT_CHARACTERS);
  let id = `req_${timeText(now)}${random.slice(0, CHANCE_CHARACTERS)}`;
  for (let at = CHANCE_CHARACTERS; at < random.length; at++) id += HEX[random.charCodeAt(at) & 15] ?? "0";
  return id;
}

/** The eight hex digits at its end. */
export function shortRequestId(requestId: string): string {
  return requestId.slice(-SHORT_CHARACTERS);
}

/** In base 36; eight digits last until 2059. */
function timeText(now: number): string {
  let text = "";
  for (let left = Math.floor(now); text.length < TIME_CHARACTERS; left = Math.floor(left / DIGITS.length)) text = (DIGITS[left % DIGITS.length] ?? "0") + text;
  return text;
}
