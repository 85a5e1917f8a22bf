import type { Clock } from "@dragoman/gateway";

export interface DnsOverHttps {
  /** Takes `?name=…&type=…` and answers `application/dns-json`. */
  readonly resolver: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
}

/** Hosts that are remembered: strangers may name any number of them. */
const MAX_HOSTS = 1_000;
const MIN_TTL_MS = 10_000;
const MAX_TTL_MS = 3_600_000;
const PATIENCE_MS = 5_000;
/** Types of records: A, AAAA. */
const TYPES: readonly number[] = [1, 28];
/** There is such a name, or there is none; all other answers are none. */
const ANSWERED: readonly number[] = [0, 3];

interface Known {
  readonly addresses: readonly string[];
  readonly until: number;
}

/** All addresses of a host: a Worker cannot ask the system. What is known is kept for as long as the records say. */
export function dnsOverHttps(options: DnsOverHttps): (host: string) => Promise<readonly string[]> {
  const known = new Map<string, Known>();
  return async (host) => {
    const now = options.clock.now();
    const remembered = known.get(host);
    if (remembered !== undefined && remembered.until > now) return remembered.addresses;
    const answers = (await Promise.all(TYPES.map((type) => ask(options, host, type)))).flat();
    const ttlMs = Math.min(MAX_TTL_MS, ...answers.map(({ ttlMs }) => ttlMs));
    const addresses = answers.map(({ address }) => address);
    if (known.size >= MAX_HOSTS) known.clear();
    known.set(host, { addresses, until: now + Math.max(MIN_TTL_MS, ttlMs) });
    return addresses;
  };
}

interface Answer {
  readonly address: string;
  readonly ttlMs: number;
}

/** @throws Error when the resolver does not answer: an address that nobody knows of may be a private one */
async function ask({ resolver, fetch }: DnsOverHttps, host: string, type: number): Promise<readonly Answer[]> {
  const url = new URL(resolver);
  url.searchParams.set("name", host);
  url.searchParams.set("type", String(type));
  const response = await fetch(url.href, { headers: { accept: "application/dns-json" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`the resolver answered ${response.status}`);
  const { Status: status, Answer: records = [] } = (await response.json()) as { readonly Status?: number; readonly Answer?: readonly { readonly type: number; readonly data: string; readonly TTL: number }[] };
  if (status === undefined || !ANSWERED.includes(status)) throw new Error(`the resolver answered with code ${String(status)}`);
  return records.filter((record) => record.type === type).map(({ data, TTL }) => ({ address: data, ttlMs: TTL * 1000 }));
}
