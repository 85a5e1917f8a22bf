import type { CallMemory, Sealer } from "../exchange.ts";

export { hmacSha256, sha256, sha256Hex } from "./sha256.ts";

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

export function createSealer(_options: SealerOptions): Sealer {
  throw new Error("not written yet");
}
