import { entriesOf } from "../../kit/entries.ts";
import { CLIENT_KEY, startOffice, type OfficeOptions, type RunningOffice } from "../../kit/office.ts";
import { startPool, type KeyedScript, type Pool } from "../../kit/pool.ts";

export interface UpstreamOffice {
  readonly office: RunningOffice;
  readonly pool: Pool;
  /** A call by a client; the status of its answer. */
  ask(model?: string): Promise<number>;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly dialect?: string;
  readonly keys: readonly string[];
  readonly models?: readonly Record<string, unknown>[];
  readonly extra?: Record<string, unknown>;
  readonly script?: KeyedScript;
  readonly office?: OfficeOptions;
}

/** A gateway with its office before one simulated provider with several keys. */
export async function startUpstreamOffice({ dialect = "openai-chat", keys, models = [{ name: "sim" }], extra, script = () => ({ text: "ok" }), office: options = {} }: UpstreamOptions): Promise<UpstreamOffice> {
  const pool = startPool(dialect, script);
  const section = entriesOf(dialect, { origin: pool.origin, keys, models, ...(extra !== undefined && { extra }) });
  const office = await startOffice({ ...options, more: `request-retry: 0\nrouting: { session-affinity: false }\n${yaml(section)}${options.more ?? ""}` });
  return {
    office,
    pool,
    async ask(model = "sim") {
      const response = await fetch(`${office.origin}/v1/chat/completions`, { method: "POST", headers: { authorization: `Bearer ${CLIENT_KEY}`, "content-type": "application/json" }, body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }) });
      await response.text();
      return response.status;
    },
    async close() {
      await office.close();
      await pool.close();
    },
  };
}

/** JSON is YAML. */
export const yaml = (section: object): string => Object.entries(section).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join("");
