import { GatewayError, isJsonObject } from "@dragoman/core";
import { classifyFailure, endsRequest } from "../upstream/classify.ts";
import { deliver } from "../upstream/courier.ts";
import { verdictOn } from "../upstream/failure-rules.ts";
import { spliceMembers } from "../upstream/splice.ts";
import type { Call } from "./call.ts";

/** Embeddings pass through to an upstream of the caller's dialect; only the model's name is translated. */
export async function passEmbeddings(call: Call): Promise<Response> {
  const { body } = call.input;
  if (!isJsonObject(body) || typeof body.model !== "string") throw new GatewayError("invalid_request", { source: "client", path: "model", message: "model: expected a string" });
  const question = { model: body.model, dialect: call.dialect.id, sessionIds: [], principal: call.principal.id };
  const { switchboard, ports } = call.engine;
  const plan = switchboard.plan(question);
  const selection = switchboard.select(plan, question);
  let failure: GatewayError | undefined;
  for (let candidate = selection.next(); candidate !== undefined; candidate = selection.next()) {
    if (candidate.upstream.dialect.id !== call.dialect.id) continue;
    const abort = new AbortController();
    call.signal.addEventListener("abort", () => abort.abort(new GatewayError("client_closed", { source: "client" })), { once: true });
    const response = await deliver(
      { candidate, path: "/embeddings", headers: {}, body: candidate.model === body.model ? call.bodyText : spliceMembers(call.bodyText, { model: candidate.model }), streamed: false, clientHeaders: call.headers },
      ports, call.settings, abort,
    );
    if (response.ok) {
      switchboard.report({ candidate, plan, question }, { type: "succeeded" });
      return new Response(await response.text(), { headers: { "content-type": "application/json", "x-request-id": call.requestId } });
    }
    const text = await response.text();
    failure = candidate.upstream.dialect.decodeError(response.status, response.headers, text, ports.clock.now());
    const verdict = verdictOn(candidate.credential.failureRules, response.status, text);
    const outcome = { ...classifyFailure(failure, candidate.upstream.provider, text), ...(verdict !== undefined && { verdict }) };
    switchboard.report({ candidate, plan, question }, outcome);
    if (endsRequest(outcome)) throw failure;
  }
  throw failure ?? new GatewayError("not_implemented", { source: "client", message: `No upstream of ${body.model} takes embeddings.`, path: "model" });
}
