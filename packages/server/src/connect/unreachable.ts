/** What people can do about it, by the words in which runtimes tell it (Bun 1.4, Node 24). */
const CAUSES: readonly (readonly [sign: RegExp, words: (host: string) => string])[] = [
  [/ConnectionRefused|ECONNREFUSED/, (host) => `nothing listens at ${host}. Start the gateway ("dragoman serve"), or name its address with --url`],
  [/ENOTFOUND|EAI_AGAIN|getaddrinfo|DNS/i, (host) => `the name ${host} is not known. Is it spelled right, and is there a network?`],
  [/SELF_SIGNED|UNABLE_TO|CERT|certificate/i, (host) => `the certificate of ${host} is not trusted here. Clients would refuse it, too: use one that is, or NODE_EXTRA_CA_CERTS`],
  [/TimeoutError|timed out|ETIMEDOUT/i, (host) => `${host} did not answer in time. Is a firewall or a proxy in between?`],
  [/FailedToOpenSocket|ENETUNREACH|EHOSTUNREACH/, (host) => `${host} cannot be reached from here`],
  [/ECONNRESET|ConnectionClosed|socket/i, (host) => `${host} closed the connection. Does it speak http where https was said, or the other way round?`],
];

/** Why no answer came at all, and what to do. */
export function unreachableText(url: string, error: unknown): string {
  const { code = "", name = "", message = "" } = error as { code?: string; name?: string; message?: string };
  const host = new URL(url).host;
  const cause = CAUSES.find(([sign]) => sign.test(`${code} ${name} ${message}`));
  return cause === undefined ? `${host} cannot be reached: ${message}` : cause[1](host);
}
