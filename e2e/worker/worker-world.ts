import type { Script, SeenRequest } from "@dragoman/gateway/testing";
import type { DialectId } from "../kit/calls.ts";
import { startWorker, type RunningWorker, type WorkerOptions } from "../kit/workerd.ts";
import { startUpstreams, worldConfig, type Upstream } from "../kit/world.ts";

/** The Worker in workerd, beside four simulated providers that it may reach. */
export interface WorkerWorld extends RunningWorker {
  upstream(dialect: DialectId): Upstream;
  /** Requests that any of them was sent. */
  seen(): readonly SeenRequest[];
}

export interface WorkerWorldOptions extends WorkerOptions {
  readonly script?: Script;
  /** Keys that the simulated providers take; any when absent. */
  readonly keys?: readonly string[];
  /** Of the configuration: it names the simulated providers as the operator's own. */
  readonly isOperators?: boolean;
  /** Over the rest of the configuration. */
  readonly config?: Record<string, unknown>;
}

export const ANSWER = { text: "Hello there.", usage: { input: 12, output: 5 } };

export async function startWorkerWorld({ script = () => ANSWER, keys, isOperators = false, config, variables, ...rest }: WorkerWorldOptions = {}): Promise<WorkerWorld> {
  const upstreams = startUpstreams(script, keys === undefined ? {} : { keys });
  const hosts = [...upstreams.values()].map(({ origin }) => new URL(origin).host);
  const file = { "request-retry": 0, "dynamic-routes": { "private-hosts": hosts }, ...(isOperators && worldConfig(upstreams)), ...config };
  const worker = await startWorker({ ...rest, variables: { DNS_RESOLVER: "off", DRAGOMAN_CONFIG: JSON.stringify(file), ...variables } });
  const upstream = (dialect: DialectId): Upstream => {
    const found = upstreams.get(dialect);
    if (found === undefined) throw new Error(`no upstream ${dialect}`);
    return found;
  };
  return {
    ...worker,
    upstream,
    seen: () => [...upstreams.values()].flatMap(({ simulator }) => simulator.seen),
    async close() {
      await worker.close();
      for (const each of upstreams.values()) await each.close();
    },
  };
}

/** Waits until something holds, for as long as a test may take. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(10);
}
