import { createGateway, parseConfig, type AttemptRecord, type Config, type Gateway, type LogFields } from "@dragoman/gateway";
import { fetchUpstream } from "../../packages/server/src/host/fetch-upstream.ts";
import { systemClock, systemIds } from "../../packages/server/src/host/ports.ts";
import { resolveHost } from "../../packages/server/src/host/resolve-host.ts";

/** A server on a free port of this machine. */
export interface Listening {
  readonly origin: string;
  close(): Promise<void>;
}

export function listen(fetch: (request: Request) => Response | Promise<Response>): Listening {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch });
  return { origin: server.url.origin, close: () => server.stop(true) };
}

/** A gateway on a port, as the server runs it, with everything written down that it tells. */
export interface RunningGateway extends Listening {
  readonly gateway: Gateway;
  readonly attempts: AttemptRecord[];
  readonly log: { readonly event: string; readonly fields: LogFields }[];
}

export const CLIENT_KEY = "client-key-for-tests";

/** What every configuration of these tests says; `raw` goes over it. */
export function startGateway(raw: Record<string, unknown>): RunningGateway {
  const attempts: AttemptRecord[] = [];
  const log: { event: string; fields: LogFields }[] = [];
  const gateway = createGateway({
    config: configOf({ "api-keys": [CLIENT_KEY], "logging-to-file": false, discovery: { environment: false, local: false }, ...raw }),
    sealKeys: [new TextEncoder().encode("seal key of the tests, 32 bytes!")],
    ports: {
      fetch: fetchUpstream,
      resolveHost,
      clock: systemClock,
      ids: systemIds,
      logger: { log: (_level, event, fields = {}) => void log.push({ event, fields }) },
      background: { run: (work) => void work.catch(() => undefined) },
      usage: { record: (attempt) => void attempts.push(attempt) },
    },
  });
  return { ...listen((request) => gateway.fetch(request)), gateway, attempts, log };
}

/** A configuration, or the reasons why it is none. */
export function configOf(raw: Record<string, unknown>, environment: Readonly<Record<string, string>> = {}): Config {
  const parsed = parseConfig(raw, environment);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
