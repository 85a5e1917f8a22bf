import type { Seal } from "../canonical/index.ts";
import type { CallMemory, Sealer } from "../exchange.ts";
import { isEnvelope, readEnvelope, writeEnvelope } from "./envelope.ts";

/** Where call memories live. Synchronous: a host with a shared store fetches before it encodes. */
export interface SealMemory {
  get(key: string): CallMemory | undefined;
  set(key: string, memory: CallMemory): void;
}

export interface SealerOptions {
  /** Deployment keys, newest first: the first one signs, all of them verify. */
  readonly keys: readonly Uint8Array[];
  /** Whose conversation this is; part of what is signed and of every memory key. */
  readonly tenant: string;
  /** Vendors and how to tell their bare seals. */
  readonly vendors: readonly { readonly vendor: string; recognisesSeal(value: string): boolean }[];
  readonly memory: SealMemory;
}

export function createSealer({ keys, tenant, vendors, memory }: SealerOptions): Sealer {
  const [signingKey] = keys;
  if (signingKey === undefined) throw new TypeError("A sealer needs at least one key.");
  const memoryKey = (callId: string) => JSON.stringify([tenant, callId]);
  return {
    close: (seal, clientVendor) => (travelsBare(seal, clientVendor) ? seal.value : writeEnvelope(seal, tenant, signingKey)),
    open(value, clientVendor, form) {
      if (value === "") return undefined;
      if (isEnvelope(value)) return readEnvelope(value, tenant, keys);
      return { vendor: vendorOf(value, clientVendor, vendors), form, value, bindsTo: "self" };
    },
    isEnvelope,
    remember: (callId, remembered) => memory.set(memoryKey(callId), remembered),
    recall: (callId) => memory.get(memoryKey(callId)),
  };
}

/**
 * A vendor's own client may take its seals to the vendor directly. Not so a hash, which is no vendor's word, nor the
 * envelope of another gateway further up: bare, we would take it for a forged one of ours.
 */
function travelsBare(seal: Seal, clientVendor: string): boolean {
  return seal.vendor === clientVendor && seal.form !== "plain-text-hash" && !isEnvelope(seal.value);
}

/** Prefixes are alike across vendors, so the dialect that carried the value is asked first, and believed when nobody knows. */
function vendorOf(value: string, clientVendor: string, vendors: SealerOptions["vendors"]): string {
  const candidates = vendors.filter((candidate) => candidate.recognisesSeal(value));
  if (candidates.length === 0 || candidates.some((candidate) => candidate.vendor === clientVendor)) return clientVendor;
  return candidates[0]?.vendor ?? clientVendor;
}
