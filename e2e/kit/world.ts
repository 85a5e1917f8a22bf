import { createGateway, parseConfig, type AttemptRecord, type Config, type Gateway, type LogFields } from "@dragoman/gateway";
import { createSimulator, SIMULATED, type Script, type Simulator, type SimulatorOptions } from "@dragoman/gateway/testing";
import { fetchUpstream } from "../../packages/server/src/host/fetch-upstream.ts";
import { systemClock, systemIds } from "../../packages/server/src/host/ports.ts";

/** A simulated provider on a port of its own. */
export interface Upstream {
  readonly dialect: string;
  readonly origin: string;
  readonly simulator: Simulator;
}

/** A gateway on a port, before four simulated providers, all real HTTP. */
export interface World {
  readonly origin: string;
  readonly gateway: Gateway;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly attempts: AttemptRecord[];
  readonly log: { readonly event: string; readonly fields: LogFields }[];
  close(): Promise<void>;
}

export const CLIENT_KEY = "client-key-for-tests";

/** The model that each simulated provider serves, by dialect id. */
export const MODELS: Readonly<Record<string, string>> = {
  "openai-chat": "sim-chat",
  "openai-responses": "sim-responses",
  "anthropic-messages": "claude-sonnet-4-5-20250929",
  "gemini-generate-content": "gemini-3-pro-preview",
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
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: (request) => simulator.fetch(request) });
    servers.add(server);
    return [dialect.id, { dialect: dialect.id, origin: server.url.origin, simulator }];
  }));
}

const servers = new Set<ReturnType<typeof Bun.serve>>();

/** One entry of each kind, pointing at the simulated providers. */
export function worldConfig(upstreams: ReadonlyMap<string, Upstream>): Record<string, unknown> {
  const origin = (id: string): string => upstreams.get(id)?.origin ?? "";
  return {
    "api-keys": [CLIENT_KEY],
    "logging-to-file": false,
    discovery: { environment: false, local: false },
    "claude-api-key": [{ "api-key": "sk-ant-upstream-secret-1", "base-url": origin("anthropic-messages"), models: [{ name: MODELS["anthropic-messages"] }] }],
    "gemini-api-key": [{ "api-key": "AIzaUpstreamSecret000000001", "base-url": origin("gemini-generate-content"), models: [{ name: MODELS["gemini-generate-content"] }] }],
    "codex-api-key": [{ "api-key": "sk-upstream-secret-responses", "base-url": `${origin("openai-responses")}/v1`, models: [{ name: MODELS["openai-responses"] }] }],
    "openai-compatibility": [{ name: "simulated", "base-url": `${origin("openai-chat")}/v1`, "api-key-entries": [{ "api-key": "sk-upstream-secret-chat" }], models: [{ name: MODELS["openai-chat"] }] }],
  };
}

export function startWorld(options: WorldOptions): World {
  const upstreams = startUpstreams(options.script, options.simulator);
  const attempts: AttemptRecord[] = [];
  const log: { event: string; fields: LogFields }[] = [];
  const gateway = createGateway({
    config: configOf({ ...worldConfig(upstreams), ...options.config }),
    sealKeys: [new TextEncoder().encode("seal key of the tests, 32 bytes!")],
    ports: {
      fetch: fetchUpstream,
      clock: systemClock,
      ids: systemIds,
      logger: { log: (_level, event, fields = {}) => void log.push({ event, fields }) },
      background: { run: (work) => void work.catch(() => undefined) },
      usage: { record: (attempt) => void attempts.push(attempt) },
    },
  });
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: (request) => gateway.fetch(request) });
  servers.add(server);
  return {
    origin: server.url.origin,
    gateway,
    upstreams,
    attempts,
    log,
    async close() {
      for (const running of servers) await running.stop(true);
      servers.clear();
    },
  };
}

/** A configuration, or the reasons why it is none. */
export function configOf(raw: Record<string, unknown>): Config {
  const parsed = parseConfig(raw, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
