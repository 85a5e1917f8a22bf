import type { OfficePorts } from "@dragoman/gateway";

/**
 * The link that sets the management key. It works from this machine alone, so it names the loopback address.
 * @returns `undefined`: a key is set, or the server does not listen on loopback
 */
export function setupUrl(serverUrl: string, { firstRun }: Pick<OfficePorts, "firstRun">): string | undefined {
  if (firstRun === undefined) return undefined;
  const url = new URL(serverUrl);
  if (/^(0\.0\.0\.0|\[::\])$/.test(url.hostname)) url.hostname = "127.0.0.1";
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return undefined;
  return `${url.origin}/admin/setup#token=${firstRun.token}`;
}
