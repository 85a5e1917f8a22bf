import { createSimulator, SIMULATED, type Script, type Simulator } from "@dragoman/gateway/testing";
import type { CallObserver } from "@dragoman/gateway";
import { entriesOf, joined } from "../kit/entries.ts";
import { startOffice, type OfficeOptions, type RunningOffice } from "../kit/office.ts";
import { listen, type Listening } from "../kit/running.ts";
import { MODELS, UPSTREAM_KEYS } from "../kit/world.ts";

export { MODELS, UPSTREAM_KEYS } from "../kit/world.ts";

export interface ObservedWorld extends RunningOffice {
  upstream(dialect: string): Listening & { readonly simulator: Simulator };
}

export interface ObservedWorldOptions {
  readonly script: Script;
  /** YAML behind the usual configuration. */
  readonly more?: string;
  readonly observers?: readonly CallObserver[];
  readonly eventPauseMs?: number;
  readonly office?: OfficeOptions["office"];
}

/** A gateway with its office, before four simulated providers, all real HTTP. */
export async function startObserved({ script, more = "", observers, eventPauseMs, office: ports }: ObservedWorldOptions): Promise<ObservedWorld> {
  const upstreams = new Map(SIMULATED.map(({ dialect, vendor }) => {
    const simulator = createSimulator(dialect, vendor, script, eventPauseMs === undefined ? {} : { eventPauseMs });
    return [dialect.id, { ...listen((request) => simulator.fetch(request)), simulator }] as const;
  }));
  const entries = joined(...[...upstreams].map(([dialect, { origin }]) => entriesOf(dialect, { origin, keys: [UPSTREAM_KEYS[dialect] ?? ""], models: [{ name: MODELS[dialect] }] })));
  const office = await startOffice({ more: `${more}\n${Object.entries(entries).map(([section, list]) => `${section}: ${JSON.stringify(list)}`).join("\n")}\n`, ...(observers !== undefined && { observers }), ...(ports !== undefined && { office: ports }) });
  return {
    ...office,
    upstream(dialect) {
      const found = upstreams.get(dialect);
      if (found === undefined) throw new Error(`no upstream ${dialect}`);
      return found;
    },
    async close() {
      await office.close();
      for (const upstream of upstreams.values()) await upstream.close();
    },
  };
}
