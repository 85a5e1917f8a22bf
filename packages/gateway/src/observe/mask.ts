// Secrets in headers, addresses and bodies, for everything that is kept to be read by people.
import { redactSecrets } from "../upstream/redact-secrets.ts";

const SECRET_HEADER = /authorization|api-?key|dragoman-key|token|secret|cookie/i;
/** Counters of vendors' limits speak of tokens and hide nothing. */
const LIMIT_HEADER = /ratelimit/i;
const SECRET_PARAMETER = /^key$|api[-_]?key|token|secret/i;

/** Shorter values are looked for in no text: they would be found everywhere. */
const MIN_SECRET_LENGTH = 6;

type Headers = Iterable<readonly [string, string]>;

/** `sk-ab...wxyz`: enough to tell keys apart, too little to use one. */
export function maskValue(value: string): string {
  const shown = value.length >= 16 ? 4 : value.length >= 8 ? 2 : value.length >= 4 ? 1 : 0;
  return shown === 0 ? "..." : `${value.slice(0, shown)}...${value.slice(-shown)}`;
}

export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name) && !LIMIT_HEADER.test(name);
}

/** A header's value as it may be shown: of `Bearer …` the scheme stays. */
export function maskHeader(name: string, value: string): string {
  if (!isSecretHeader(name)) return value;
  const { scheme, secret } = schemeOf(name, value);
  return scheme === "" ? maskValue(secret) : `${scheme} ${maskValue(secret)}`;
}

export function maskHeaders(headers: Headers): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [name, value] of headers) masked[name] = maskHeader(name, value);
  return masked;
}

/** An address, or a path with a query, without user, password and what its parameters hide. */
export function maskUrl(url: string): string {
  const at = url.indexOf("?");
  const plain = (at < 0 ? url : url.slice(0, at)).replace(/\/\/[^/@]*@/, "//...@");
  if (at < 0) return plain;
  const parts = url.slice(at + 1).split("&").map((part) => {
    const equals = part.indexOf("=");
    return equals > 0 && SECRET_PARAMETER.test(part.slice(0, equals)) ? `${part.slice(0, equals)}=${maskValue(part.slice(equals + 1))}` : part;
  });
  return `${plain}?${parts.join("&")}`;
}

/** The secrets that a request's headers and address hold, whole: what must not be in its bodies either. */
export function secretsIn(headers: Headers, url: string): string[] {
  const secrets: string[] = [];
  for (const [name, value] of headers) if (isSecretHeader(name)) secrets.push(schemeOf(name, value).secret);
  const at = url.indexOf("?");
  if (at >= 0) for (const [name, value] of new URLSearchParams(url.slice(at))) if (SECRET_PARAMETER.test(name)) secrets.push(value);
  return secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

/** A body's text as it may be shown. `cut`: its end is missing, so that it may end within a secret. */
export function maskText(text: string, secrets: readonly string[], cut = false): string {
  const clean = redactSecrets(text, secrets);
  if (!cut) return clean;
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= MIN_SECRET_LENGTH; length--) {
      if (clean.endsWith(secret.slice(0, length))) return `${clean.slice(0, -length)}[redacted]`;
    }
  }
  return clean;
}

/** Only of authorization is the first word no secret. */
function schemeOf(name: string, value: string): { readonly scheme: string; readonly secret: string } {
  if (!/authorization$/i.test(name)) return { scheme: "", secret: value };
  const [, scheme = "", secret = value] = /^(\S+) +(\S.*)$/s.exec(value) ?? [];
  return { scheme, secret };
}
