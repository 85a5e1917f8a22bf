import { GatewayError, type TokenCount } from "@dragoman/core";
import { requestTokens } from "../counting/request-tokens.ts";
import { selectSeats } from "../hooks/select-seats.ts";
import type { Candidate } from "../routing/candidate.ts";
import { sessionIdsOf } from "../routing/session-ids.ts";
import { deliver } from "../upstream/courier.ts";
import type { Call } from "./call.ts";
import { createExchange } from "./exchange.ts";
import { admit } from "./generate.ts";
import { decidedReasoning } from "./pack.ts";

/**
 * Counts a request's input tokens: by the upstream's own endpoint where it has one, else by an estimate here. Never
 * generates, and never answers 0 for something.
 */
export async function countTokens(call: Call): Promise<Response> {
  const { counting } = call.dialect;
  if (counting === undefined) throw new GatewayError("not_implemented", { source: "client" });
  const request = counting.decodeCountRequest(call.input, call.context);
  await admit(call, { model: request.model, spends: false });
  const question = { model: request.model, dialect: call.dialect.id, sessionIds: sessionIdsOf(request, call.headers), principal: call.principal.id, otherwise: call.principal.ownModel, ownKey: call.ownKey };
  const plan = call.engine.switchboard.plan(question);
  const candidate = (await selectSeats(call, plan, question)).next();
  const reasoning = candidate === undefined ? undefined : decidedReasoning(plan, candidate);
  const counted = candidate === undefined ? undefined : await askUpstream(call, candidate, reasoning === undefined ? request : { ...request, reasoning });
  candidate?.hold?.release();
  const count = counted ?? { inputTokens: requestTokens(request) };
  return new Response(JSON.stringify(counting.encodeCount(count)), { headers: { "content-type": "application/json", "x-request-id": call.requestId, ...call.story.pass?.headers } });
}

/** `undefined` when the upstream cannot count, or fails to: an estimate serves better than an error. */
async function askUpstream(call: Call, candidate: Candidate, request: Parameters<typeof createExchange>[1]): Promise<TokenCount | undefined> {
  const { counting } = candidate.upstream.dialect;
  if (counting === undefined || (candidate.capabilities.firstParty !== true && candidate.capabilities.countsTokens !== true)) return undefined;
  const abort = new AbortController();
  call.signal.addEventListener("abort", () => abort.abort(), { once: true });
  try {
    const wire = counting.encodeCountRequest(request, createExchange(call, request, candidate, call.losses));
    const body = candidate.credential.account?.patchBody?.(wire.body, { model: candidate.model, dialect: candidate.upstream.dialect.id, streamed: false, clientHeaders: call.headers }) ?? wire.body;
    const response = await deliver(
      { candidate, path: wire.path, ...(wire.query !== undefined && { query: wire.query }), headers: wire.headers, body: JSON.stringify(body), streamed: false, clientHeaders: call.headers, ownKey: call.ownKey },
      call.engine.ports, call.settings, abort,
    );
    if (!response.ok) return undefined;
    const count = counting.decodeCount(await response.json());
    return count.inputTokens > 0 ? count : undefined;
  } catch {
    return undefined;
  }
}
