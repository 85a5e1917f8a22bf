import { GatewayError } from "@dragoman/core";
import { anyPattern } from "../routing/pattern.ts";
import { readModelName } from "../routing/model-name.ts";
import type { ClientKey, User } from "../store/port.ts";
import { anyRange, type AddressTest } from "./address-range.ts";
import type { Limits } from "./limits.ts";
import type { LimitHolder, Principal, Visitor } from "./principal.ts";

/** A stored key, made ready so that a look at it costs next to nothing. */
export class KnownKey {
  readonly id: number;
  readonly principal: Principal;
  /** When its use was last noted, epoch ms. */
  touchedAt: number;
  readonly #switchedOff: "key" | "user" | undefined;
  readonly #expiresAt: number;
  readonly #isWelcome: AddressTest | undefined;

  constructor(key: ClientKey, user: User | undefined) {
    this.id = key.id;
    this.principal = principalOf(key, user);
    this.touchedAt = key.lastUsedAt ?? 0;
    this.#switchedOff = !key.active ? "key" : user?.active === false ? "user" : undefined;
    this.#expiresAt = key.expiresAt ?? Number.POSITIVE_INFINITY;
    this.#isWelcome = key.ipRanges.length === 0 ? undefined : anyRange(key.ipRanges);
  }

  /** Why it opens nothing now; `undefined` when it does. */
  fault(now: number): GatewayError | undefined {
    if (this.#switchedOff !== undefined) return closed(this.#switchedOff === "key" ? "This API key is switched off." : "The user of this API key is switched off.");
    if (now >= this.#expiresAt) return closed(`This API key expired at ${new Date(this.#expiresAt).toISOString()}.`);
    return undefined;
  }

  /** Why it does not open this door to this visitor. `dialect` is absent where none is spoken yet. */
  refusal({ address }: Visitor, dialect: string | undefined): GatewayError | undefined {
    if (this.#isWelcome !== undefined && (address === undefined || !this.#isWelcome(address))) return denied("This API key may not be used from this address.");
    const { allowedDialects } = this.principal;
    if (allowedDialects !== undefined && dialect !== undefined && !allowedDialects.has(dialect)) {
      return denied(`This API key may not be used for ${dialect}; it may for ${[...allowedDialects].join(", ")}.`);
    }
    return undefined;
  }
}

function principalOf(key: ClientKey, user: User | undefined): Principal {
  const holders = [
    ...holderOf(`key:${key.id}`, `key ${key.name ?? `${key.prefix}…`}`, key.limits),
    ...(user === undefined ? [] : holderOf(`user:${user.id}`, `user ${user.username}`, user.limits)),
  ];
  const allowedModels = key.models.length > 0 ? modelTest(key.models) : undefined;
  return {
    id: `key:${key.id}`,
    keyId: key.id,
    ...(key.userId !== undefined && { userId: key.userId }),
    ...(allowedModels !== undefined && { allowedModels }),
    ...(key.model !== undefined && allowedModels?.(key.model) !== false && { ownModel: key.model }),
    ...(key.dialects.length > 0 && { allowedDialects: new Set(key.dialects) }),
    ...(holders.length > 0 && { holders }),
  };
}

function holderOf(id: string, label: string, limits: Limits): LimitHolder[] {
  const { requestsPerMinute, tokensPerMinute, concurrentRequests, budgets = [] } = limits;
  const isLimited = budgets.length > 0 || [requestsPerMinute, tokensPerMinute, concurrentRequests].some((limit) => limit !== undefined);
  return isLimited ? [{ id, label, limits }] : [];
}

/** A wish about reasoning at the end of a name (`model(high)`) makes it no other model. */
export function modelTest(patterns: readonly string[]): (model: string) => boolean {
  const matches = anyPattern(patterns);
  return (model) => matches(model) || readModelName(model).some(({ base }) => matches(base));
}

const closed = (message: string): GatewayError => new GatewayError("invalid_api_key", { source: "client", message });
const denied = (message: string): GatewayError => new GatewayError("permission_denied", { source: "client", message });
