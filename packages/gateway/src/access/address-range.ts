/** Whether an address lies within; both in any spelling of IPv4 or IPv6. */
export type AddressTest = (address: string) => boolean;

/** Parts of an address, 8 bits (IPv4) or 16 bits (IPv6) each. */
interface Address {
  readonly parts: readonly number[];
  readonly partBits: 8 | 16;
}

/** An address, or a CIDR range such as `10.0.0.0/8` or `2001:db8::/32`. `undefined`: it is neither. */
export function parseRange(text: string): AddressTest | undefined {
  const [host = "", length, ...more] = text.trim().split("/");
  const base = parseAddress(host);
  if (base === undefined || more.length > 0) return undefined;
  const totalBits = base.parts.length * base.partBits;
  const bits = length === undefined ? totalBits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (!(bits <= totalBits)) return undefined;
  return (address) => {
    const other = parseAddress(address);
    return other !== undefined && other.partBits === base.partBits && sharesBits(base, other, bits);
  };
}

/** Whether an address lies within one of the ranges; those that are none hold nobody. */
export function anyRange(ranges: readonly string[]): AddressTest {
  const tests = ranges.map(parseRange).filter((test) => test !== undefined);
  return (address) => tests.some((test) => test(address));
}

function sharesBits(base: Address, other: Address, bits: number): boolean {
  let left = bits;
  for (let index = 0; left > 0; index++, left -= base.partBits) {
    const shift = Math.max(0, base.partBits - left);
    if ((base.parts[index] ?? 0) >> shift !== (other.parts[index] ?? 0) >> shift) return false;
  }
  return true;
}

function parseAddress(text: string): Address | undefined {
  const parts = text.includes(":") ? parseIpv6(text.replace(/%.*$/, "")) : parseIpv4(text);
  if (parts === undefined) return undefined;
  // An IPv4 address that is written as IPv6 is still that address.
  if (parts.length === 8 && parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff) {
    return { parts: parts.slice(6).flatMap((part) => [part >> 8, part & 0xff]), partBits: 8 };
  }
  return { parts, partBits: parts.length === 8 ? 16 : 8 };
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  const [before, after] = [groupsOf(halves[0] ?? ""), groupsOf(halves[1] ?? "")];
  if (halves.length > 2 || before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

/** The last group may be an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const words = text.split(":");
  for (const [index, word] of words.entries()) {
    if (word.includes(".") && index === words.length - 1) {
      const [a = 0, b = 0, c = 0, d = 0] = parseIpv4(word) ?? [];
      if (parseIpv4(word) === undefined) return undefined;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}
