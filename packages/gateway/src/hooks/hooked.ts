import type { Engine } from "../pipeline/call.ts";
import { gatherHooks } from "./gather-hooks.ts";
import { hookedGuard } from "./hooked-guard.ts";
import type { Hooks } from "./hooks.ts";
import { usageTeller } from "./outgoing.ts";

/** The parts of an engine that hooks stand before or beside; without hooks they are as they were given. */
export function hooked(given: Hooks | readonly Hooks[] | undefined, { ports, guard, observers }: Pick<Engine, "ports" | "guard" | "observers">): Pick<Engine, "guard" | "observers" | "hooks"> {
  if (given === undefined) return { guard, observers };
  const hooks = gatherHooks(given);
  return {
    hooks,
    guard: hooks.access === undefined ? guard : hookedGuard(guard, hooks.access, ports.clock),
    observers: hooks.usage === undefined ? observers : [...observers, usageTeller(hooks.usage, ports)],
  };
}
