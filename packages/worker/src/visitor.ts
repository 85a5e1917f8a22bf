import type { Visitor } from "@dragoman/gateway";

/** Cloudflare's edge tells the client's address in this header and takes it out of what clients send. */
const ADDRESS_HEADER = "cf-connecting-ip";
/** What is only said where no edge stands before the Worker: nobody is on a machine of its own there. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/i;

export function visitorOf({ headers }: Request): Visitor {
  const address = headers.get(ADDRESS_HEADER)?.trim();
  return address === undefined || address === "" || LOOPBACK.test(address) ? {} : { address };
}
