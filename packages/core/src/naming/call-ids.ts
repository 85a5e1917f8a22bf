import { sha256Hex } from "../seals/sha256.ts";
import type { NameRules } from "./tool-names.ts";

/** Call ids ↔ ids that are legal at the upstream, for one request. Deterministic: no state between requests is needed. */
export interface CallIds {
  toWire(callId: string): string;
  /** The caller's id for one that the upstream uses. Unknown ids come back unchanged. */
  fromWire(wireId: string): string;
}

const HASH_DIGITS = 16;

/**
 * Ids are mapped in the order in which the conversation is written, and a conversation only grows at its end, so an
 * id that gave way to an earlier one gives way in every later turn too.
 */
export function createCallIds(rules: NameRules): CallIds {
  const wireOf = new Map<string, string>();
  const callIdOf = new Map<string, string>();

  const claim = (callId: string): string => {
    const wish = legalId(callId, rules);
    const wire = callIdOf.has(wish) ? withHash(wish, callId, rules) : wish;
    wireOf.set(callId, wire);
    callIdOf.set(wire, callId);
    return wire;
  };

  return {
    toWire: (callId) => wireOf.get(callId) ?? claim(callId),
    fromWire: (wireId) => callIdOf.get(wireId) ?? wireId,
  };
}

function legalId(callId: string, rules: NameRules): string {
  let id = "";
  for (const char of callId) id += rules.callIdChar.test(char) ? char : "_";
  if (id === "") return withHash("call", callId, rules);
  return id.length <= rules.callIdMaxLength ? id : withHash(id, callId, rules);
}

function withHash(id: string, callId: string, rules: NameRules): string {
  return `${id.slice(0, rules.callIdMaxLength - HASH_DIGITS - 1)}_${sha256Hex(callId).slice(0, HASH_DIGITS)}`;
}
