import type { GenerateRequest, Loss } from "../canonical/index.ts";
import { DEFAULT_POLICY, type Capabilities, type ClientTraits, type TranslationPolicy } from "../capabilities.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { DecodeContext, Exchange } from "../exchange.ts";
import { createCallIds, createToolNames } from "../naming/index.ts";
import { createSealer, type SealMemory } from "../seals/index.ts";

/** What a test may set; everything else is deterministic: ids count up from 1, the time stands still. */
export interface TestWorld {
  readonly losses: Loss[];
  readonly context: DecodeContext;
  exchange(request: GenerateRequest, upstream: Dialect, options?: { readonly capabilities?: Capabilities; readonly policy?: Partial<TranslationPolicy>; readonly upstreamModel?: string }): Exchange;
}

/** 2026-11-21T00:00:00Z, epoch ms. */
export const TEST_NOW = 1_795_219_200_000;

export function createTestWorld(dialects: readonly Pick<Dialect, "vendor" | "recognisesSeal">[], options: { readonly client?: ClientTraits; readonly tenant?: string; readonly memory?: SealMemory } = {}): TestWorld {
  const losses: Loss[] = [];
  let next = 0;
  const context: DecodeContext = {
    client: options.client ?? {},
    sealer: createSealer({
      keys: [new TextEncoder().encode("a key for tests only, 32 bytes..")],
      tenant: options.tenant ?? "tenant-1",
      vendors: dialects,
      memory: options.memory ?? new Map(),
    }),
    newId: (prefix) => `${prefix}${String(++next).padStart(24, "0")}`,
    report: (loss) => void losses.push(loss),
  };
  return {
    losses,
    context,
    exchange: (request, upstream, extra = {}) => ({
      ...context,
      request,
      upstreamModel: extra.upstreamModel ?? request.model,
      replyModel: request.model,
      upstreamDialect: upstream.id,
      upstreamVendor: upstream.vendor,
      capabilities: extra.capabilities ?? {},
      policy: { ...DEFAULT_POLICY, ...extra.policy },
      names: createToolNames(request.tools, request.messages, upstream.nameRules),
      callIds: createCallIds(upstream.nameRules),
      now: TEST_NOW,
    }),
  };
}
