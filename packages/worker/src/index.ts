import { refuseRequest, systemClock, systemIds } from "@dragoman/gateway";
import type { Bindings } from "./bindings.ts";
import { createIsolate, type Isolate } from "./isolate.ts";
import { jsonLogger } from "./logger.ts";
import { BadSettings } from "./read-settings.ts";
import { Schema } from "./schema.ts";
import { sweepUsage } from "./sweep-usage.ts";
import { visitorOf } from "./visitor.ts";

type Made = (Isolate & { readonly schema?: Schema }) | "refused";

/** One for each set of bindings, which an isolate is given once. */
const made = new WeakMap<Bindings, Made>();

const NOT_CONFIGURED = { code: "internal", message: "This gateway is not configured correctly. Its operator finds the reason in its log." } as const;

/** The Cloudflare host. */
export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const isolate = isolateOf(bindings);
    if (isolate === "refused") return refuseRequest(request, NOT_CONFIGURED, { clock: systemClock, ids: systemIds });
    const preparing = isolate.schema?.prepare();
    if (preparing !== undefined) await preparing;
    return isolate.gateway.fetch(request, visitorOf(request));
  },

  /** By the clock of `triggers.crons`: forgets old usage. */
  async scheduled(_event: unknown, bindings: Bindings): Promise<void> {
    const isolate = isolateOf(bindings);
    if (isolate === "refused" || isolate.store === undefined) return;
    await isolate.schema?.prepare();
    await sweepUsage(isolate.store, isolate.settings.config, isolate.logger);
  },
};

function isolateOf(bindings: Bindings): Made {
  const known = made.get(bindings);
  if (known !== undefined) return known;
  const fresh = make(bindings);
  made.set(bindings, fresh);
  return fresh;
}

/** Settings that make no gateway are told once an isolate; they cannot change while it lives. */
function make(bindings: Bindings): Made {
  try {
    const isolate = createIsolate(bindings);
    return { ...isolate, ...(isolate.store !== undefined && { schema: new Schema(isolate.store, isolate.logger) }) };
  } catch (error) {
    const problems = error instanceof BadSettings ? error.problems : [String(error)];
    jsonLogger(() => "info").log("error", "config.refused", { problems });
    return "refused";
  }
}
