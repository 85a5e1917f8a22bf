import { GatewayError } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { RoutePlan } from "../routing/candidate.ts";
import type { RouteQuestion, Selection } from "../routing/switchboard.ts";
import type { GatheredHooks } from "./gather-hooks.ts";
import type { SeatView } from "./hooks.ts";

/** The selection of a round, as the hooks want it. Waits only where there are some. */
export function selectSeats(call: Call, plan: RoutePlan, question: RouteQuestion): Selection | Promise<Selection> {
  const selection = call.engine.switchboard.select(plan, question);
  const hooks = call.engine.hooks?.select;
  return hooks === undefined || selection.seats === undefined ? selection : arranged(call, selection, { question, hooks });
}

async function arranged(call: Call, selection: Selection, { question, hooks }: { readonly question: RouteQuestion; readonly hooks: NonNullable<GatheredHooks["select"]> }): Promise<Selection> {
  const { model, dialect, principal, sessionIds } = question;
  const context = { requestId: call.requestId, model, dialect, principal, sessionIds };
  let seats = selection.seats?.() ?? [];
  for (const hook of hooks) {
    const wanted = await hook(seats, context);
    if (wanted === undefined) continue;
    refuseStrangers(seats, wanted);
    seats = wanted;
  }
  selection.keep?.(seats);
  return selection;
}

function refuseStrangers(given: readonly SeatView[], wanted: readonly SeatView[]): void {
  const known = new Set(given);
  if (wanted.some((seat) => !known.has(seat))) throw new GatewayError("internal", { cause: "a select hook gave back a seat that it was not shown" });
}
