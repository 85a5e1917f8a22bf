import { maskText, maskValue } from "@dragoman/gateway";

/** A name that speaks of a secret, and the value that follows on the same line. */
const NAMED_SECRET = /((?:key|token|secret|password|authorization|helper)\w*["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,#}]+)/gi;
/** Names of files and counts of tokens hide nothing. */
const PLAIN_VALUE = /^["']?(?:\d+|true|false|null|)["']?$/;

/** A line of somebody's settings as it may be shown. */
export function redactedLine(line: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((text, secret) => (secret === "" ? text : text.replaceAll(secret, maskValue(secret))), line);
  if (masked !== line) return masked;
  return maskText(line.replace(NAMED_SECRET, (whole: string, name: string, value: string) => (PLAIN_VALUE.test(value) ? whole : name + hidden(value))), secrets);
}

function hidden(value: string): string {
  const [quote = ""] = /^["']/.exec(value) ?? [];
  return `${quote}${maskValue(quote === "" ? value : value.slice(1, -1))}${quote}`;
}
