import type { Config } from "../config/index.ts";

/** Whose turn it is, by list: another list begins at its first proxy. */
const turns = new WeakMap<readonly string[], number>();

/** The proxy for one call: the next of `proxy-urls`, else `proxy-url`. `undefined`: nothing is configured. */
export function nextProxy({ "proxy-urls": urls, "proxy-url": single }: Pick<Config, "proxy-urls" | "proxy-url">): string | undefined {
  if (urls.length === 0) return single === "" ? undefined : single;
  const turn = turns.get(urls) ?? 0;
  turns.set(urls, (turn + 1) % urls.length);
  return urls[turn];
}
