import type { Ports } from "../ports.ts";
import type { Hooks } from "./hooks.ts";

/** Functions of one kind, in their order; never empty. */
type OfKind<K extends keyof Hooks> = readonly NonNullable<Hooks[K]>[];

/** The hooks of a gateway, kind by kind; a kind that nobody has is absent, so that its place costs one look. */
export type GatheredHooks = { readonly [K in keyof Hooks]?: OfKind<K> | undefined };

export function gatherHooks(given: Hooks | readonly Hooks[]): GatheredHooks {
  const sets = Array.isArray(given) ? (given as readonly Hooks[]) : [given as Hooks];
  return { access: kind("access"), request: kind("request"), select: kind("select"), response: kind("response"), events: kind("events"), usage: kind("usage") };

  function kind<K extends keyof Hooks>(name: K): OfKind<K> | undefined {
    // Bound, so that a set may be an object with a state.
    const found = sets.flatMap((set) => (set[name] === undefined ? [] : [(set[name] as (...parameters: unknown[]) => unknown).bind(set) as NonNullable<Hooks[K]>]));
    return found.length === 0 ? undefined : found;
  }
}

/** Runs what has no say in the answer: a throw of it is logged, and that is all. */
export function isolated(hook: keyof Hooks, logger: Ports["logger"], run: () => unknown): void | Promise<void> {
  const failed = (thrown: unknown): void => logger.log("error", "hook.failed", { hook, message: thrown instanceof Error ? thrown.message : String(thrown) });
  try {
    const running = run();
    return running instanceof Promise ? running.then(() => undefined, failed) : undefined;
  } catch (thrown) {
    failed(thrown);
  }
}
