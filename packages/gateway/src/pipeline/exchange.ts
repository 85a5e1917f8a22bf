import { createCallIds, createToolNames, type CallIds, type Exchange, type GenerateRequest, type Loss, type ToolNames } from "@dragoman/core";
import type { Candidate } from "../routing/candidate.ts";
import type { Call } from "./call.ts";

/** What both interpreters of one attempt know together. `losses` begins with those of decoding. */
export function createExchange(call: Call, request: GenerateRequest, candidate: Candidate, losses: Loss[]): Exchange {
  const { dialect } = candidate.upstream;
  const { context } = call;
  let names: ToolNames | undefined;
  let callIds: CallIds | undefined;
  return {
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
    // Made when first asked for: bytes that pass need none of them.
    get sealer() {
      return context.sealer;
    },
    get names() {
      return (names ??= createToolNames(request.tools, request.messages, dialect.nameRules));
    },
    get callIds() {
      return (callIds ??= createCallIds(dialect.nameRules));
    },
    now: call.startedAt,
  };
}
