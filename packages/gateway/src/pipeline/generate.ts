import { GatewayError, isGatewayError, type GenerateRequest } from "@dragoman/core";
import type { Admitted } from "../access/guard.ts";
import { selectSeats } from "../hooks/select-seats.ts";
import { refusalOf } from "../responses/statefulness.ts";
import type { Candidate, RoutePlan } from "../routing/candidate.ts";
import { sessionIdsOf } from "../routing/session-ids.ts";
import type { RouteQuestion, Selection } from "../routing/switchboard.ts";
import { endsRequest } from "../upstream/classify.ts";
import { attempt, type FailedAttempt } from "./attempt.ts";
import type { Call } from "./call.ts";
import { noteChoice, noteFailure, notePausing } from "./note-decision.ts";

/**
 * The walk of a request: decode, route, and try candidates until one begins to answer. Until then failover is
 * invisible to the client; after it there is none. A stream may be walked for anew if the operator wants so.
 * @throws GatewayError when no candidate answered
 */
export async function generate(call: Call, request: GenerateRequest = call.dialect.decodeRequest(call.input, call.context)): Promise<Response> {
  await admit(call, request);
  let failure: unknown;
  for (let walk = 0; walk === 0 || (walk <= call.settings.bootstrapRetries && request.stream); walk++) {
    const { attempts } = call.story;
    try {
      return await walkOnce(call, request);
    } catch (thrown) {
      // What the last one that answered said tells more than that all are waiting now.
      if (failure === undefined || call.story.attempts > attempts) failure = thrown;
      if (call.story.attempts === attempts || !isWorthAWalk(thrown) || isOverdue(call)) break;
    }
  }
  throw failure;
}

/** Asks for permission, and waits only if that takes a while. @throws GatewayError when it is refused */
export async function admit(call: Call, request: Admitted): Promise<void> {
  if (request.model !== undefined) call.story.modelAsked = request.model;
  const asked = call.engine.guard.admit(call, request);
  const pass = asked instanceof Promise ? await asked : asked;
  if (pass !== undefined) call.story.pass = pass;
}

const WALK_STATUSES: ReadonlySet<number> = new Set([401, 402, 403, 408, 429]);

function isWorthAWalk(thrown: unknown): boolean {
  return isGatewayError(thrown) && (WALK_STATUSES.has(thrown.status) || thrown.status >= 500);
}

async function walkOnce(call: Call, request: GenerateRequest): Promise<Response> {
  const { switchboard } = call.engine;
  const question = questionOf(call, request);
  const plan = switchboard.plan(question);
  call.story.decisions?.push({ at: call.engine.ports.clock.now(), kind: "routed", asked: question.model, route: plan.routeName, maxRounds: plan.maxRounds });
  let failed: FailedAttempt | undefined;
  for (let round = 0; round <= plan.maxRounds; round++) {
    if (round > 0 && (isOverdue(call) || !(await recovers(call, plan)))) break;
    const result = await tryRound(call, request, plan, question);
    if (result instanceof Response) return result;
    failed = result ?? failed;
    if (failed !== undefined && !isWorthARound(failed)) break;
  }
  throw failed === undefined ? switchboard.unavailable(plan) : failed.error;
}

function questionOf(call: Call, request: GenerateRequest): RouteQuestion {
  return {
    model: request.model,
    dialect: call.dialect.id,
    hasTools: request.tools.length > 0,
    sessionIds: sessionIdsOf(request, call.headers),
    principal: call.principal.id,
    otherwise: call.principal.ownModel,
    ownKey: call.ownKey,
  };
}

/** Each candidate at most once. A fault of the request itself is thrown: nobody else would answer it differently. */
async function tryRound(call: Call, request: GenerateRequest, plan: RoutePlan, question: RouteQuestion): Promise<Response | FailedAttempt | undefined> {
  const selecting = selectSeats(call, plan, question);
  const selection = selecting instanceof Promise ? await selecting : selecting;
  notePausing(call, selection);
  const limit = call.settings.maxRetryCredentials || Number.POSITIVE_INFINITY;
  let failed: FailedAttempt | undefined;
  let refusal: GatewayError | undefined;
  for (let tried = 0; tried < limit && !(tried > 0 && isOverdue(call)); tried++) {
    const candidate = selection.next() ?? (tried === 0 ? await nextWithRoom(call, plan, selection) : undefined);
    if (candidate === undefined) break;
    refusal = refusalOf(call, request, candidate);
    if (refusal !== undefined) {
      candidate.hold?.release();
      call.story.decisions?.push({ at: call.engine.ports.clock.now(), kind: "unfit", credential: candidate.credential.label, reason: refusal.message });
      continue;
    }
    noteChoice(call, candidate, selection);
    const result = await attempt({ call, request, plan, question, candidate });
    if (result instanceof Response) return result;
    call.story.failures.push(result.outcome.kind);
    noteFailure(call, result);
    if (endsRequest(result.outcome)) throw result.error;
    failed = result;
  }
  if (failed === undefined && refusal !== undefined) throw refusal;
  return failed;
}

/** When all are as busy as they may be: whoever has room first, within the longest wait between rounds. */
async function nextWithRoom(call: Call, plan: RoutePlan, selection: Selection): Promise<Candidate | undefined> {
  const { engine: { switchboard, ports }, settings, signal } = call;
  const until = ports.clock.now() + settings.maxRetryIntervalMs;
  for (let left = settings.maxRetryIntervalMs; left > 0; left = until - ports.clock.now()) {
    const hasRoom = await switchboard.room?.(plan, { limitMs: left, signal });
    const candidate = hasRoom === true ? selection.next() : undefined;
    if (hasRoom !== true || candidate !== undefined) return candidate;
  }
  return undefined;
}

/** The request has taken as long as it may. */
function isOverdue({ settings, startedAt, engine }: Call): boolean {
  return settings.totalTimeoutMs > 0 && engine.ports.clock.now() >= startedAt + settings.totalTimeoutMs;
}

const ROUND_STATUSES: ReadonlySet<number> = new Set([403, 408, 429, 500, 502, 503, 504]);

function isWorthARound(failed: FailedAttempt): boolean {
  return ROUND_STATUSES.has(failed.error.status);
}

/** Waits for the first credential to recover, when that is near enough; up to a quarter (at most 2 s) longer, so that waiters do not come back as one. */
async function recovers(call: Call, plan: RoutePlan): Promise<boolean> {
  const waitMs = call.engine.switchboard.waitMs(plan);
  if (waitMs === undefined || waitMs > call.settings.maxRetryIntervalMs) return false;
  if (waitMs === 0) return true;
  call.story.decisions?.push({ at: call.engine.ports.clock.now(), kind: "waiting", waitMs });
  const spread = Number.parseInt(call.engine.ports.ids.random(4), 36) / 36 ** 4;
  await pause(waitMs + Math.min(waitMs / 4, 2000) * spread, call.signal);
  return true;
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new GatewayError("client_closed", { source: "client" }));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, durationMs);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
