import type { CallObserver } from "../observe/call-observer.ts";
import { gatherObservers } from "../observe/gather-observers.ts";
import type { Engine } from "../pipeline/call.ts";
import { gatherHooks } from "./gather-hooks.ts";
import { hookedGuard } from "./hooked-guard.ts";
import type { Hooks } from "./hooks.ts";
import { usageTeller } from "./outgoing.ts";

/** The parts of an engine that hooks stand before or beside; without hooks they are as they were given. */
export function hooked(given: Hooks | readonly Hooks[] | undefined, { ports, guard, observers }: Pick<Engine, "ports" | "guard"> & { readonly observers: readonly CallObserver[] }): Pick<Engine, "guard" | "observers" | "hooks"> {
  if (given === undefined) return { guard, observers: gatherObservers(observers) };
  const hooks = gatherHooks(given);
  return {
    hooks,
    guard: hooks.access === undefined ? guard : hookedGuard(guard, hooks.access, ports.clock),
    observers: gatherObservers(hooks.usage === undefined ? observers : [...observers, usageTeller(hooks.usage, ports)]),
  };
}
