import { GatewayError } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { Ports } from "../ports.ts";
import { bearerOf, otherKeys, type ClientKeys } from "./client-keys.ts";
import { ownKeyOf } from "./own-key.ts";
import type { Admitted, Guard, Pass, Presented } from "./guard.ts";
import { KeyDirectory } from "./key-directory.ts";
import { KeyUses } from "./key-uses.ts";
import type { KnownKey } from "./known-key.ts";
import { Limiter } from "./limiter.ts";
import { OwnBudgets } from "./own-budgets.ts";
import { ANONYMOUS, type Principal, type Visitor } from "./principal.ts";
import { SharedBudgets } from "./shared-budgets.ts";
import type { Store } from "../store/port.ts";

export interface GuardOptions {
  /** The keys of the configuration that is in force. */
  readonly configured: () => ClientKeys;
  readonly ports: Ports;
}

/** Knows the keys of the configuration and those of the store, and holds the latter to their limits. */
export function createGuard({ configured, ports }: GuardOptions): Guard {
  const stored = ports.store === undefined ? undefined : new StoredKeys(ports.store, ports);
  return {
    identify(presented, visitor) {
      const fresh = stored?.directory.freshen();
      return fresh === undefined ? identify(configured(), stored, presented, visitor) : fresh.then(() => identify(configured(), stored, presented, visitor));
    },
    ownKey: (headers, principal) => ownKeyOf(headers, { isKeyless: principal === ANONYMOUS, isOurs: (key) => configured().find(key) !== undefined || stored?.knows(key) === true }),
    admit(call, request) {
      refuseModel(call, request);
      return call.principal.keyId === undefined ? undefined : stored?.admit(call, request);
    },
    isKeyed() {
      const { isRequired, size } = configured();
      if (isRequired || size > 0) return true;
      const fresh = stored?.directory.freshen();
      return fresh === undefined ? mayHoldKeys(stored) : fresh.then(() => mayHoldKeys(stored));
    },
    reload: async () => stored?.directory.reload(),
  };
}

class StoredKeys {
  readonly directory: KeyDirectory;
  readonly #limiter: Limiter;
  readonly #uses: KeyUses;
  readonly #clock: Ports["clock"];
  /** For all who have no limits: what they spend is noted all the same, since they may get some meanwhile. */
  readonly #freePass: Pass;

  constructor(store: Store, ports: Ports) {
    this.directory = new KeyDirectory(store, ports);
    this.#limiter = new Limiter(store.shared ? new SharedBudgets(store.budgets, ports) : new OwnBudgets(store.budgets, ports), ports.clock);
    this.#uses = new KeyUses(store.keys, ports);
    this.#clock = ports.clock;
    this.#freePass = { headers: {}, spend: (record) => void this.#limiter.note(record), release: () => undefined };
  }

  /** @returns who has the key; why it does not open the door; `undefined`: nobody knows it */
  find(key: string, presented: Presented, visitor: Visitor): Principal | GatewayError | undefined {
    const known = this.directory.find(key);
    return known === undefined ? undefined : this.check(known, presented, visitor);
  }

  /** Whether it is a key of ours, good or not. What cannot be looked up may be one. */
  knows(key: string): boolean {
    return !this.directory.isRead || (this.directory.remembered(key) ?? this.directory.find(key)) !== undefined;
  }

  /** @returns who has the key, or why it does not open the door */
  check(known: KnownKey, { dialect }: Presented, visitor: Visitor): Principal | GatewayError {
    const now = this.#clock.now();
    const refusal = known.fault(now) ?? known.refusal(visitor, dialect);
    if (refusal !== undefined) return refusal;
    this.#uses.note(known, now);
    return known.principal;
  }

  admit(call: Call, request: Admitted): Pass | Promise<Pass> {
    const { holders } = call.principal;
    return holders === undefined ? this.#freePass : this.#limiter.admit(call, request, holders);
  }
}

/** A store that was never read may hold keys: nobody is let in without one. */
function mayHoldKeys(stored: StoredKeys | undefined): boolean {
  return stored !== undefined && (!stored.directory.isRead || stored.directory.wasUsed);
}

/** The bearer token first, since nearly everybody sends just that. */
function identify(configured: ClientKeys, stored: StoredKeys | undefined, presented: Presented, visitor: Visitor): Principal {
  const bearer = bearerOf(presented.headers);
  const first = bearer === undefined ? undefined : lookUp(bearer);
  if (first !== undefined && !(first instanceof GatewayError)) return first;
  let refusal = first;
  const others = otherKeys(presented, configured.header);
  for (const key of others) {
    const found = lookUp(key);
    if (found !== undefined && !(found instanceof GatewayError)) return found;
    refusal ??= found;
  }
  if (refusal !== undefined) throw refusal;
  if (!configured.isRequired && configured.size === 0 && (stored === undefined || !stored.directory.wasUsed)) return ANONYMOUS;
  const isMissing = bearer === undefined && others.length === 0;
  throw new GatewayError("invalid_api_key", { source: "client", message: isMissing ? "Missing API key" : "Invalid API key" });

  /** Hashes come last: they cost more than all the rest. */
  function lookUp(key: string): Principal | GatewayError | undefined {
    const remembered = stored?.directory.remembered(key);
    if (stored !== undefined && remembered !== undefined) return stored.check(remembered, presented, visitor);
    return configured.find(key) ?? stored?.find(key, presented, visitor);
  }
}

/** @throws GatewayError `permission_denied` */
export function refuseModel({ principal }: Call, { model }: Admitted): void {
  if (model === undefined || principal.allowedModels === undefined || principal.allowedModels(model)) return;
  throw new GatewayError("permission_denied", { source: "client", path: "model", message: `This API key may not use the model ${model.slice(0, 200)}.` });
}
