export { LruSealMemory } from "./lru-seal-memory.ts";
export * from "./sealer.ts";
export { hmacSha256, sha256, sha256Hex } from "./sha256.ts";
