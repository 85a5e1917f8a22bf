import { createSimulator, SIMULATED, type Script, type Simulator, type SimulatorOptions } from "@dragoman/gateway/testing";
import { entriesOf, joined } from "./entries.ts";
import { listen, startGateway, type Listening, type RunningGateway } from "./running.ts";

export { CLIENT_KEY, configOf } from "./running.ts";

/** A simulated provider on a port of its own. */
export interface Upstream extends Listening {
  readonly dialect: string;
  readonly simulator: Simulator;
}

/** A gateway on a port, before four simulated providers, all real HTTP. */
export interface World extends RunningGateway {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  upstream(dialect: string): Upstream;
}

/** The model that each simulated provider serves, by dialect id. */
export const MODELS: Readonly<Record<string, string>> = {
  "openai-chat": "sim-chat",
  "openai-responses": "sim-responses",
  "anthropic-messages": "claude-sonnet-4-5-20250929",
  "gemini-generate-content": "gemini-3-pro-preview",
};

/** The key that the gateway shows each simulated provider. */
export const UPSTREAM_KEYS: Readonly<Record<string, string>> = {
  "openai-chat": "sk-upstream-secret-chat",
  "openai-responses": "sk-upstream-secret-responses",
  "anthropic-messages": "sk-ant-upstream-secret-1",
  "gemini-generate-content": "AIzaUpstreamSecret000000001",
};

export interface WorldOptions {
  readonly script: Script;
  readonly simulator?: SimulatorOptions;
  /** Over the configuration of `worldConfig`. */
  readonly config?: Record<string, unknown>;
}

export function startUpstreams(script: Script, options: SimulatorOptions = {}): Map<string, Upstream> {
  return new Map(SIMULATED.map(({ dialect, vendor }) => {
    const simulator = createSimulator(dialect, vendor, script, options);
    return [dialect.id, { ...listen((request) => simulator.fetch(request)), dialect: dialect.id, simulator }];
  }));
}

/** One entry of each kind, pointing at the simulated providers. */
export function worldConfig(upstreams: ReadonlyMap<string, Upstream>): Record<string, unknown> {
  return joined(...[...upstreams].map(([dialect, { origin }]) => entriesOf(dialect, { origin, keys: [UPSTREAM_KEYS[dialect] ?? ""], models: [{ name: MODELS[dialect] }] })));
}

export function startWorld(options: WorldOptions): World {
  const upstreams = startUpstreams(options.script, options.simulator);
  const running = startGateway({ ...worldConfig(upstreams), ...options.config });
  return {
    ...running,
    upstreams,
    upstream(dialect) {
      const found = upstreams.get(dialect);
      if (found === undefined) throw new Error(`no upstream ${dialect}`);
      return found;
    },
    async close() {
      await running.close();
      for (const upstream of upstreams.values()) await upstream.close();
    },
  };
}
