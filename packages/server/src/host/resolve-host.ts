import { lookup } from "node:dns/promises";

/** All addresses of a host, as the system finds them (hosts file included). */
export async function resolveHost(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
