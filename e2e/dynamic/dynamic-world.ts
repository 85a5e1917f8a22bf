import type { Script } from "@dragoman/gateway/testing";
import type { DialectId } from "../kit/calls.ts";
import { startGateway, type RunningGateway } from "../kit/running.ts";
import { MODELS, startUpstreams, type Upstream } from "../kit/world.ts";

/** Words for the upstream's dialect, and the base path under which it is usually told. */
const SPOKEN: Readonly<Record<DialectId, { readonly word: string; readonly base: string }>> = {
  "openai-chat": { word: "openai", base: "/v1" },
  "openai-responses": { word: "responses", base: "/v1" },
  "anthropic-messages": { word: "claude", base: "" },
  "gemini-generate-content": { word: "gemini", base: "" },
};

/** Each simulated provider takes this key and no other. */
export const THEIR_KEY = "sk-of-the-caller-0123456789";

export interface Naming {
  /** As it stands in the path; absent: the one that the simulated provider serves. */
  readonly model?: string;
  readonly word?: string;
}

/** A gateway's address with an upstream in it. */
export function named(gateway: string, upstream: string, dialect: DialectId, { model = MODELS[dialect] ?? "", word = SPOKEN[dialect].word }: Naming = {}): string {
  return `${gateway}/${word}+http/${new URL(upstream).host}${SPOKEN[dialect].base}/${model}`;
}

/** A gateway that knows no upstream, beside four that clients may name. */
export interface DynamicWorld extends RunningGateway {
  upstream(dialect: DialectId): Upstream;
  at(dialect: DialectId, naming?: Naming): string;
}

export interface DynamicOptions {
  readonly script?: Script;
  /** Over `dynamic-routes`; the simulated hosts are among `private-hosts`. */
  readonly routes?: Record<string, unknown>;
  readonly config?: Record<string, unknown>;
}

export function startDynamicWorld(options: DynamicOptions = {}): DynamicWorld {
  const upstreams = startUpstreams(options.script ?? (() => ({ text: "Hello there." })), { keys: [THEIR_KEY] });
  const hosts = [...upstreams.values()].map(({ origin }) => new URL(origin).host);
  const running = startGateway({ "api-keys": [], "dynamic-routes": { enabled: true, "private-hosts": hosts, ...options.routes }, ...options.config });
  const upstream = (dialect: DialectId): Upstream => {
    const found = upstreams.get(dialect);
    if (found === undefined) throw new Error(`no upstream ${dialect}`);
    return found;
  };
  return {
    ...running,
    upstream,
    at: (dialect, naming) => named(running.origin, upstream(dialect).origin, dialect, naming),
    async close() {
      await running.close();
      for (const each of upstreams.values()) await each.close();
    },
  };
}
