import { createCallIds, createToolNames, type Exchange, type GenerateRequest, type Loss } from "@dragoman/core";
import type { Candidate } from "../routing/candidate.ts";
import type { Call } from "./call.ts";

/** What both interpreters of one attempt know together. `losses` begins with those of decoding. */
export function createExchange(call: Call, request: GenerateRequest, candidate: Candidate, losses: Loss[]): Exchange {
  const { dialect } = candidate.upstream;
  const { context } = call;
  return {
    sealer: context.sealer,
    client: context.client,
    newId: context.newId,
    report: (loss) => void losses.push(loss),
    request,
    upstreamModel: candidate.model,
    replyModel: request.model,
    upstreamDialect: dialect.id,
    upstreamVendor: dialect.vendor,
    capabilities: candidate.capabilities,
    policy: call.settings.policy,
    names: createToolNames(request.tools, request.messages, dialect.nameRules),
    callIds: createCallIds(dialect.nameRules),
    now: call.startedAt,
  };
}
