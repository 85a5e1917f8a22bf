import { GatewayError, isJsonObject, toGatewayError, type Json } from "@dragoman/core";
import { selectSeats } from "../hooks/select-seats.ts";
import { capturedCall, captureReply } from "../observe/captured-call.ts";
import { classifyFailure, endsRequest } from "../upstream/classify.ts";
import { deliver } from "../upstream/courier.ts";
import { verdictOn } from "../upstream/failure-rules.ts";
import { withoutSecrets } from "../upstream/redact-secrets.ts";
import { spliceMembers } from "../upstream/splice.ts";
import type { Call } from "./call.ts";
import { admit } from "./generate.ts";
import { AttemptLedger, type LedgerInput } from "./ledger.ts";
import { errorOfReply } from "./refused-reply.ts";

/** Embeddings pass through to an upstream of the caller's dialect; only the model's name is translated. */
export async function passEmbeddings(call: Call): Promise<Response> {
  const { body } = call.input;
  if (!isJsonObject(body) || typeof body.model !== "string") throw new GatewayError("invalid_request", { source: "client", path: "model", message: "model: expected a string" });
  await admit(call, { model: body.model, maxOutputTokens: 0 });
  const question = { model: body.model, dialect: call.dialect.id, sessionIds: [], principal: call.principal.id, otherwise: call.principal.ownModel };
  const { switchboard } = call.engine;
  const plan = switchboard.plan(question);
  const selection = await selectSeats(call, plan, question);
  let failure: GatewayError | undefined;
  for (let candidate = selection.next(); candidate !== undefined; candidate = selection.next()) {
    if (candidate.upstream.dialect.id !== call.dialect.id) {
      candidate.hold?.release();
      continue;
    }
    const reply = await askOnce({ call, request: { model: body.model, stream: false }, plan, question, candidate });
    if (reply instanceof Response) return reply;
    failure = reply;
  }
  throw failure ?? new GatewayError("not_implemented", { source: "client", message: `No upstream of ${body.model} takes embeddings.`, path: "model" });
}

/** @returns the reply, or why this candidate failed; throws when no other would answer differently */
async function askOnce(input: LedgerInput): Promise<Response | GatewayError> {
  const { call, candidate } = input;
  const ledger = new AttemptLedger(input, { passthrough: true }, []);
  const abort = new AbortController();
  call.signal.addEventListener("abort", () => abort.abort(new GatewayError("client_closed", { source: "client" })), { once: true });
  const capture = capturedCall(call, ledger.number);
  let response: Response;
  let text: string;
  try {
    response = await deliver(
      { candidate, path: "/embeddings", headers: {}, body: candidate.model === input.request.model ? call.bodyText : spliceMembers(call.bodyText, { model: candidate.model }), streamed: false, clientHeaders: call.headers, traceparent: call.story.traceparent, capture },
      call.engine.ports, call.settings, abort,
    );
    text = await response.text();
    capture?.upstreamChunk(text);
  } catch (thrown) {
    return failed(input, ledger, toGatewayError(thrown), { body: "" });
  }
  if (!response.ok) return failed(input, ledger, errorOfReply(candidate.upstream.dialect, response, text, call.engine.ports.clock.now()), { body: text, headers: response.headers });
  ledger.begun();
  ledger.succeed(factsOf(call, text));
  const reply = new Response(text, { headers: { "content-type": "application/json", "x-request-id": call.requestId, ...call.story.pass?.headers } });
  await captureReply(call, reply);
  return reply;
}

function failed({ call, candidate }: Pick<LedgerInput, "call" | "candidate">, ledger: AttemptLedger, told: GatewayError, { body, headers }: { readonly body: string; readonly headers?: Headers }): GatewayError {
  const error = withoutSecrets(told, candidate.credential);
  const verdict = verdictOn(candidate.credential.failureRules, error.upstream?.status ?? error.status, body);
  const outcome = { ...classifyFailure(error, candidate.upstream.provider, { body, now: call.engine.ports.clock.now(), ...(headers !== undefined && { headers }) }), ...(verdict !== undefined && { verdict }) };
  ledger.fail(outcome);
  if (endsRequest(outcome)) throw error;
  return error;
}

function factsOf(call: Call, text: string): ReturnType<Call["dialect"]["tapResponse"]> | Record<string, never> {
  try {
    const body = JSON.parse(text) as Json;
    return isJsonObject(body) ? call.dialect.tapResponse(body) : {};
  } catch {
    return {};
  }
}
