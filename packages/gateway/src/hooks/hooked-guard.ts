import { GatewayError } from "@dragoman/core";
import type { Budgets } from "../access/budgets.ts";
import type { Guard, Presented } from "../access/guard.ts";
import { modelTest } from "../access/known-key.ts";
import { refuseModel } from "../access/key-guard.ts";
import { Limiter } from "../access/limiter.ts";
import type { Principal, Visitor } from "../access/principal.ts";
import type { Clock } from "../ports.ts";
import type { GatheredHooks } from "./gather-hooks.ts";
import type { Admission } from "./hooks.ts";

/** Ids that the gateway itself gives: whoever bore one would meet another's conversations. */
const OWN_IDS = /^(anonymous$|key[-:]|user:)/;

/** Nobody who was let in by a hook has a budget. */
const NO_BUDGETS: Budgets = {
  reserve: () => ({ spend: () => undefined, release: () => undefined }),
  note: () => undefined,
};

/** Asks the hooks first, and for whom none of them speaks the guard of the house. */
export function hookedGuard(guard: Guard, hooks: NonNullable<GatheredHooks["access"]>, clock: Clock): Guard {
  const limiter = new Limiter(NO_BUDGETS, clock);
  const letIn = new WeakSet<Principal>();
  return {
    ...guard,
    async identify(presented, visitor) {
      for (const hook of hooks) {
        const admission = await hook({ ...presented, ...visitorOf(visitor) });
        if (admission === undefined) continue;
        const principal = principalOf(admission, presented);
        letIn.add(principal);
        return principal;
      }
      return guard.identify(presented, visitor);
    },
    admit(call, request) {
      if (!letIn.has(call.principal)) return guard.admit(call, request);
      refuseModel(call, request);
      const { holders } = call.principal;
      return holders === undefined ? undefined : limiter.admit(call, request, holders);
    },
    // What the hook knew him by is nobody else's to see.
    ownKey: (headers, principal) => (letIn.has(principal) ? undefined : guard.ownKey(headers, principal)),
  };
}

const visitorOf = ({ address }: Visitor): { readonly address?: string } => (address === undefined ? {} : { address });

function principalOf({ id, models, dialects, limits }: Admission, { dialect }: Presented): Principal {
  if (id === "" || OWN_IDS.test(id)) throw new GatewayError("internal", { cause: `a hook let somebody in as ${JSON.stringify(id)}, which is an id of the gateway's own` });
  if (dialects !== undefined && dialect !== undefined && !dialects.includes(dialect)) {
    throw new GatewayError("permission_denied", { source: "client", message: `You may not use ${dialect} here; you may use ${dialects.join(", ")}.` });
  }
  return {
    id,
    ...(models !== undefined && { allowedModels: modelTest(models) }),
    ...(dialects !== undefined && { allowedDialects: new Set(dialects) }),
    ...(limits !== undefined && { holders: [{ id: `hook:${id}`, label: id, limits }] }),
  };
}
