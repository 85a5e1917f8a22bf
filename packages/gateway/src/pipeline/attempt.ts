import { GatewayError, toGatewayError, type GenerateRequest, type Loss } from "@dragoman/core";
import { inlineRemote } from "../media/inline-remote.ts";
import type { Candidate, RoutePlan } from "../routing/candidate.ts";
import type { RouteQuestion } from "../routing/switchboard.ts";
import { capturedCall } from "../observe/captured-call.ts";
import { classifyFailure } from "../upstream/classify.ts";
import { deliver } from "../upstream/courier.ts";
import { verdictOn } from "../upstream/failure-rules.ts";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import { withoutSecrets } from "../upstream/redact-secrets.ts";
import type { Call } from "./call.ts";
import { brokenFacts } from "./count-answer.ts";
import { AttemptLedger } from "./ledger.ts";
import { conversationOf, packRequest, type Parcel } from "./pack.ts";
import { readWhole } from "./read-whole.ts";
import { errorOfReply } from "./refused-reply.ts";
import { relayReply } from "./reply.ts";
import { withLimitHeaders } from "./reply-headers.ts";

export interface AttemptInput {
  readonly call: Call;
  readonly request: GenerateRequest;
  readonly plan: RoutePlan;
  readonly question: RouteQuestion;
  readonly candidate: Candidate;
}

export interface FailedAttempt {
  readonly outcome: Extract<AttemptOutcome, { type: "failed" }>;
  readonly error: GatewayError;
}

/** What upstreams say when they cannot open sealed reasoning that came with the history. */
const SEAL_COMPLAINT = /invalid .{0,3}signature.{0,3} in .{0,3}thinking|thought[_ ]?signature|encrypted content.*could not be verified|invalid_encrypted_content|item with id 'rs_/i;

/** One candidate, once; a second time without seals if it could not open those of the history. */
export async function attempt(asked: AttemptInput): Promise<Response | FailedAttempt> {
  try {
    return await tryWithSeals(asked);
  } catch (thrown) {
    // It never came to be sent.
    asked.candidate.hold?.release();
    throw thrown;
  }
}

async function tryWithSeals(asked: AttemptInput): Promise<Response | FailedAttempt> {
  const request = await inlineRemote(asked);
  const input = request === asked.request ? asked : { ...asked, request };
  const first = await send(input, packRequest);
  if (first instanceof Response || !SEAL_COMPLAINT.test(first.error.message) || first.error.status !== 400) return first;
  return send(input, (given, losses) => packRequest(given, losses, { withoutSeals: true }));
}

async function send(input: AttemptInput, pack: (input: AttemptInput, losses: Loss[]) => Parcel): Promise<Response | FailedAttempt> {
  const { call, candidate } = input;
  candidate.hold?.take();
  const losses = [...call.losses];
  const parcel = pack(input, losses);
  const ledger = new AttemptLedger(input, parcel, losses);
  const abort = linkedAbort(call, ledger);
  const capture = capturedCall(call, ledger.number);
  try {
    const response = await deliver(
      { candidate, path: parcel.path, query: parcel.query, headers: parcel.headers, body: parcel.body, streamed: parcel.streamed, clientHeaders: call.headers, ownKey: call.ownKey, conversation: conversationOf(input), traceparent: call.story.traceparent, capture },
      call.engine.ports, call.settings, abort,
    );
    if (!response.ok) return await refused(input, ledger, { response, abort, call, capture });
    const reply = await relayReply({ call, request: input.request, plan: input.plan, question: input.question, candidate, parcel, ledger, abort, response, losses, capture });
    return reply instanceof Response ? reply : failed(input, ledger, reply);
  } catch (thrown) {
    return failed(input, ledger, call.signal.aborted ? new GatewayError("client_closed", { source: "client" }) : toGatewayError(thrown));
  }
}

async function refused(input: AttemptInput, ledger: AttemptLedger, reply: Parameters<typeof readWhole>[0]): Promise<FailedAttempt> {
  const { dialect } = input.candidate.upstream;
  const { response } = reply;
  // The status says enough when the rest does not come.
  const body = (await readWhole(reply).catch(() => "")).slice(0, MAX_ERROR_BODY);
  const error = errorOfReply(dialect, response, body, input.call.engine.ports.clock.now());
  const told = dialect.id === input.call.dialect.id ? withLimitHeaders(error, response.headers) : error;
  return failed(input, ledger, told, { body, headers: response.headers });
}

/** Longer error bodies are pages, not messages. Characters. */
const MAX_ERROR_BODY = 65_536;

function failed(input: AttemptInput, ledger: AttemptLedger, error: GatewayError, reply: { readonly body: string; readonly headers?: Headers } = { body: wordsOf(error) }): FailedAttempt {
  const { candidate } = input;
  const clean = withoutSecrets(error, candidate.credential);
  const verdict = verdictOn(candidate.credential.failureRules, clean.upstream?.status ?? clean.status, reply.body);
  const outcome = { ...classifyFailure(clean, candidate.upstream.provider, { ...reply, now: input.call.engine.ports.clock.now() }), ...(verdict !== undefined && { verdict }) };
  // What was sent is read, and paid for, whoever left before the answer.
  ledger.fail(outcome, outcome.kind === "client-closed" ? brokenFacts({}, input.request, 0) : {});
  return { outcome, error: toGatewayError(outcome.error) };
}

/** What an error said that came within a stream. */
function wordsOf({ upstream, message }: GatewayError): string {
  return upstream === undefined ? "" : [upstream.type, upstream.code, message].filter((word) => word !== undefined).join(" ");
}

/** Aborts when the client leaves, when the request has taken as long as it may, or when somebody here hangs up. */
function linkedAbort({ signal, settings, startedAt, engine }: Call, ledger: AttemptLedger): AbortController {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(new GatewayError("client_closed", { source: "client" }));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  if (settings.totalTimeoutMs > 0) {
    const left = startedAt + settings.totalTimeoutMs - engine.ports.clock.now();
    const timer = setTimeout(() => abort.abort(new GatewayError("upstream_timeout", { source: "upstream", message: "The request took longer than it may." })), left);
    ledger.whenClosed(() => clearTimeout(timer));
  }
  return abort;
}
