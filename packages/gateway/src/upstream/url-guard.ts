// One guard for every address that a client chooses: nothing on this machine, in this network or of the cloud's own
// services is fetched for anybody. Address blocks: IANA special-purpose registries (read 2026-11).

/** Names → addresses, all of them; what the system's resolver says. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export interface GuardOptions {
  /** Without it names are judged by their looks alone. */
  readonly resolveHost?: ResolveHost | undefined;
  /** Hosts that may be private: `host`, `host:port`, or `*.domain`. */
  readonly allowHosts: readonly string[];
  /** No other host may be named but these and those of `allowHosts`, written alike. Absent or empty: every public one. */
  readonly onlyHosts?: readonly string[] | undefined;
  /** `http` is for `allowHosts` alone. */
  readonly httpsOnly?: boolean;
}

export type GuardVerdict =
  | { readonly ok: true; readonly url: URL; /** The checked address; connect to this one, or the name may lead elsewhere by then. */ readonly address?: string; /** One of `allowHosts`: it may be private. */ readonly isException?: true }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): GuardVerdict => ({ ok: false, reason });

/** Judges an address that somebody else chose, before it is asked and again after each redirect. Never throws. */
export async function guardUrl(text: string, options: GuardOptions): Promise<GuardVerdict> {
  const url = parseUrl(text);
  if (url === undefined) return refused("is not a web address");
  if (url.protocol !== "https:" && url.protocol !== "http:") return refused("is neither http nor https");
  if (url.username !== "" || url.password !== "") return refused("holds a user name or password");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
  if (host === "") return refused("names no host");
  if (isListed(url, host, options.allowHosts)) return { ok: true, url, isException: true };
  if (options.httpsOnly === true && url.protocol !== "https:") return refused("is not https");
  const { onlyHosts = [] } = options;
  if (onlyHosts.length > 0 && !isListed(url, host, onlyHosts)) return refused("is not among the hosts that may be named");
  const literal = parseAddress(host);
  if (literal === undefined && !isPublicName(host)) return refused("is not a public host");
  if (literal !== undefined && !isPublic(literal)) return refused("is not a public address");
  if (!isWebPort(url.port)) return refused("has a port that is for other things than the web");
  if (literal !== undefined) return { ok: true, url, address: host };
  return options.resolveHost === undefined ? { ok: true, url } : guardName(url, host, options.resolveHost);
}

/**
 * One private address among many is enough to refuse: which one is used is the client's dice to roll. Names that lead inside
 * and names that nobody has are refused in the same words, so that nobody learns which names there are inside.
 */
async function guardName(url: URL, host: string, resolveHost: ResolveHost): Promise<GuardVerdict> {
  const addresses = await resolveHost(host).catch(() => []);
  const [first] = addresses;
  return first !== undefined && addresses.every(isPublicAddress) ? { ok: true, url, address: first } : refused("has a host without a public address");
}

/** Whether an IPv4 or IPv6 address, as text, belongs to the public internet. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && isPublic(address);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** `host` is on any port, `host:port` on that one; `*.domain` is everything below it. */
function isListed(url: URL, host: string, listed: readonly string[]): boolean {
  const bare = url.hostname.startsWith("[") ? `[${host}]` : host;
  const withPort = `${bare}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
  return listed.some((entry) => {
    const wanted = entry.trim().toLowerCase();
    return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : wanted === host || wanted === bare || wanted === withPort;
  });
}

/** Above the reserved ports, those that browsers do not ask either, since other protocols take a request's lines for their own. */
const OTHER_TRADES: ReadonlySet<number> = new Set([1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080, 11_211]);
const RESERVED_PORTS = 1024;

/** Fetch's list of bad ports, and those of two databases in memory: https://fetch.spec.whatwg.org/#port-blocking (read 2026-11). */
function isWebPort(port: string): boolean {
  if (port === "" || port === "80" || port === "443") return true;
  return Number(port) >= RESERVED_PORTS && !OTHER_TRADES.has(Number(port));
}

/** Ends of names that never lead to the public internet (RFC 6761, RFC 6762, ICANN's `internal`), and names of cloud metadata. */
const PRIVATE_ENDS = ["localhost", "local", "internal", "localdomain", "home.arpa", "lan", "intranet", "corp", "home", "private", "test", "invalid", "onion", "alt"];

function isPublicName(host: string): boolean {
  const isDotted = host.includes(".");
  return isDotted && /^[a-z0-9._-]+$/.test(host) && !PRIVATE_ENDS.some((end) => host === end || host.endsWith(`.${end}`));
}

/** An address as 16-bit groups: two for IPv4, eight for IPv6. */
type Groups = readonly number[];

function parseAddress(text: string): Groups | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** Dotted decimals only: `URL` has brought every other spelling into this one. */
function parseIpv4(text: string): Groups | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1).map(Number);
  return [a, b, c, d].some((byte) => byte > 255) ? undefined : [a * 256 + b, c * 256 + d];
}

function parseIpv6(text: string): Groups | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted === null ? undefined : parseIpv4(dotted[2] ?? "");
  if (dotted !== null && tail === undefined) return undefined;
  const plain = tail === undefined ? text : `${dotted?.[1] ?? ""}${tail.map((group) => group.toString(16)).join(":")}`;
  const halves = plain.split("::");
  if (halves.length > 2 || !/^[0-9a-f:]+$/i.test(plain)) return undefined;
  const [head = [], rest] = halves.map((half) => (half === "" ? [] : half.split(":").map((group) => (group === "" || group.length > 4 ? Number.NaN : Number.parseInt(group, 16)))));
  const missing = 8 - head.length - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...(rest === undefined ? [] : [...new Array<number>(missing).fill(0), ...rest])];
  return groups.some(Number.isNaN) ? undefined : groups;
}

/** A block: its first groups, and how many bits of them count. */
type Block = readonly [groups: Groups, bits: number];

const block = (text: string): Block => {
  const [address = "", bits = ""] = text.split("/");
  return [parseAddress(address) ?? [], Number(bits)];
};

const PRIVATE_IPV4 = [
  "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
  "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
  // Azure's own services listen here on every machine (learn.microsoft.com, read 2026-11).
  "168.63.129.16/32",
].map(block);

/** Only this part of IPv6 is the public internet at all … */
const GLOBAL_IPV6 = block("2000::/3");
/** … but for tunnels and examples in it: Teredo and its neighbours, documentation, 6to4. */
const PRIVATE_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map(block);
/** An IPv4 address in IPv6's clothes: mapped, and translated by NAT64. The one inside decides. */
const IPV4_INSIDE = ["::ffff:0:0/96", "64:ff9b::/96"].map(block);

function isPublic(address: Groups): boolean {
  if (address.length === 2) return !PRIVATE_IPV4.some((each) => isIn(address, each));
  if (IPV4_INSIDE.some((each) => isIn(address, each))) return isPublic(address.slice(6));
  return isIn(address, GLOBAL_IPV6) && !PRIVATE_IPV6.some((each) => isIn(address, each));
}

function isIn(address: Groups, [groups, bits]: Block): boolean {
  return groups.every((group, index) => {
    const counted = Math.min(16, Math.max(0, bits - index * 16));
    return (address[index] ?? 0) >>> (16 - counted) === group >>> (16 - counted);
  });
}
