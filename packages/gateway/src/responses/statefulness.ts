import { GatewayError, isJsonObject, type GenerateRequest } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { Candidate } from "../routing/candidate.ts";

/** Whether the upstream itself keeps what it answers, under ids that the client can use. */
export function keepsReplies(call: Call, candidate: Candidate): boolean {
  return candidate.upstream.dialect.id === call.dialect.id && candidate.capabilities.stateful === true;
}

/**
 * Why a candidate without a memory cannot answer: the request leans on something that is not kept here, or on work in
 * the background.
 */
export function refusalOf(call: Call, request: GenerateRequest, candidate: Candidate): GatewayError | undefined {
  const { transcripts } = call.dialect;
  if (request.state === undefined || transcripts === undefined || keepsReplies(call, candidate)) return undefined;
  if (request.state.background === true) {
    return new GatewayError("unsupported_parameter", { source: "client", path: "background", message: "background: this model answers while you wait; send false, or stream" });
  }
  const [missing] = isJsonObject(call.input.body) ? transcripts.references(call.input.body) : [];
  if (missing === undefined) return undefined;
  return new GatewayError("previous_response_not_found", {
    source: "client", path: missing.path, message: `${missing.path}: there is no ${missing.to} ${missing.id} here, or no longer. Send the whole conversation instead.`,
  });
}
