import type { AccountKind } from "@dragoman/gateway";
import { settingsOver, type KindSettings } from "../../../packages/gateway/src/accounts/kind-settings.ts";
import type { LoginVisit } from "../../../packages/gateway/src/accounts/login/login-flow.ts";
import { createVendorCalls } from "../../../packages/gateway/src/accounts/vendor-calls.ts";
import { fetchUpstream } from "../../../packages/server/src/host/fetch-upstream.ts";
import { systemIds } from "../../../packages/server/src/host/ports.ts";
import { movedClock } from "./account-world.ts";

/** What a login flow works with: real calls, a clock that stands still, and pauses that are only written down. */
export interface RecordedVisit extends LoginVisit {
  /** Lengths of the pauses, in ms. */
  readonly pauses: number[];
}

export function visitOf(kind: AccountKind, own: KindSettings, options: Readonly<Record<string, string>> = {}): RecordedVisit {
  const pauses: number[] = [];
  const calls = createVendorCalls({ fetch: fetchUpstream, clock: movedClock(), ids: systemIds });
  return {
    settings: settingsOver(kind.defaults, own),
    calls: { ...calls, pause: (durationMs) => Promise.resolve(void pauses.push(durationMs)) },
    options,
    tell: () => undefined,
    pauses,
  };
}
