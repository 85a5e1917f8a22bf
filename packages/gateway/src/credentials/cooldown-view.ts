import type { FailureKind } from "@dragoman/core";
import type { Cooldown } from "./cooldown.ts";

/** A pause that lasts, for people. */
export interface CooldownView {
  /** The upstream's name; `*` is every model of the credential. */
  readonly model: string;
  /** Epoch ms. The vendor's own time where we ask again earlier. */
  readonly until: number;
  readonly kind?: FailureKind;
  /** The vendor named the time. */
  readonly fromVendor: boolean;
  /** It is not a matter of waiting a little: the credential was refused, or the model is not there. */
  readonly suspends: boolean;
}

/** `undefined` when it is over. */
export function viewCooldown(model: string, state: Cooldown, now: number): CooldownView | undefined {
  if (state.coolUntilAt <= now) return undefined;
  return {
    model,
    until: Math.max(state.coolUntilAt, state.vendorUntilAt),
    ...(state.reason !== undefined && { kind: state.reason }),
    fromVendor: state.vendorAsked,
    suspends: state.suspends,
  };
}
