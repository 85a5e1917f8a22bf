import type { ErrorKind } from "../canonical/index.ts";

export type ErrorCode =
  | "invalid_request"
  | "invalid_json"
  | "unsupported_parameter"
  | "context_length_exceeded"
  | "content_policy_violation"
  | "previous_response_not_found"
  | "compaction_not_portable"
  | "invalid_api_key"
  | "upstream_authentication"
  | "billing"
  | "money_budget_exhausted"
  | "permission_denied"
  | "model_not_found"
  | "not_found"
  | "method_not_allowed"
  | "request_timeout"
  | "conflict"
  | "request_too_large"
  | "unsupported_media_type"
  | "unprocessable"
  | "rate_limited"
  | "budget_exhausted"
  | "model_cooldown"
  | "client_closed"
  | "internal"
  | "upstream_server_error"
  | "not_implemented"
  | "upstream_malformed"
  | "upstream_unreachable"
  | "stream_interrupted"
  | "overloaded"
  | "store_unavailable"
  | "no_credential"
  | "upstream_timeout";

/** One row for each thing that can go wrong. A retired code is not used again. */
export interface ErrorRow {
  readonly kind: ErrorKind;
  readonly status: number;
  /** What happened, for anyone to read. */
  readonly sentence: string;
  /** What to do about it. */
  readonly remedy: string;
}

const row = (kind: ErrorKind, status: number, sentence: string, remedy: string): ErrorRow => ({ kind, status, sentence, remedy });

export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorRow>> = {
  invalid_request: row("invalid-request", 400, "The request is not valid.", "Correct the field that the message names."),
  invalid_json: row("invalid-request", 400, "The body is not valid JSON.", "Send a JSON object; the message gives the position."),
  unsupported_parameter: row("invalid-request", 400, "The chosen model cannot do what a parameter asks for, and leaving it out would change the meaning.", "Remove the parameter or choose another model."),
  context_length_exceeded: row("context-length", 400, "The conversation is longer than the model's context.", "Shorten or compact it."),
  content_policy_violation: row("content-policy", 400, "The provider refused the content.", "Change the content."),
  previous_response_not_found: row("invalid-request", 400, "No stored response has this id.", "Send the whole conversation instead of a reference."),
  compaction_not_portable: row("invalid-request", 400, "The conversation holds a sealed digest that only its maker can open.", "Go on with a model of the same vendor, or start from uncompacted messages."),
  invalid_api_key: row("authentication", 401, "The API key is missing or unknown.", "Send a client key that the operator gave out as a bearer token, x-api-key or x-goog-api-key."),
  upstream_authentication: row("authentication", 401, "The provider rejected the gateway's credential.", "The operator must renew the upstream key."),
  billing: row("billing", 402, "The account at the provider has no credit left.", "The operator must top it up or add another key."),
  money_budget_exhausted: row("budget", 402, "The money that this key or its user may spend is spent.", "Wait until the budget begins anew, which the message tells, or ask the operator to raise it."),
  permission_denied: row("permission", 403, "This key may not do that.", "Use a key with the permission, or ask the operator."),
  model_not_found: row("not-found", 404, "No upstream serves this model.", "List the models with GET /v1/models; names are case-sensitive."),
  not_found: row("not-found", 404, "There is nothing here.", "Check the path."),
  method_not_allowed: row("invalid-request", 405, "This path does not take this method.", "Use the method that the message names."),
  request_timeout: row("timeout", 408, "The request did not arrive in time.", "Send it again."),
  conflict: row("conflict", 409, "The request conflicts with another one.", "Try again."),
  request_too_large: row("too-large", 413, "The body is larger than allowed.", "Send less, or raise `limits.max-body-bytes`."),
  unsupported_media_type: row("unsupported-media", 415, "This content type is not understood here.", "Send application/json, or multipart/form-data where it is allowed."),
  unprocessable: row("unprocessable", 422, "The provider could not process the request.", "Correct the request."),
  rate_limited: row("rate-limit", 429, "Too many requests.", "Wait for the time in retry-after."),
  budget_exhausted: row("rate-limit", 429, "The tokens that this key or its user may use are used up.", "Wait until the budget begins anew, which the message tells, or ask the operator to raise it."),
  model_cooldown: row("rate-limit", 429, "Every credential for this model is cooling down.", "Wait for the time in retry-after, or add a credential."),
  client_closed: row("client-closed", 499, "The client left before the answer.", "Nothing to do."),
  internal: row("server", 500, "Something went wrong inside the gateway.", "Report it with the request id."),
  upstream_server_error: row("server", 500, "The provider had an internal error.", "Try again."),
  not_implemented: row("not-implemented", 501, "This is not supported.", "Use another endpoint."),
  upstream_malformed: row("bad-gateway", 502, "The provider's answer could not be understood.", "Try again; report it if it stays."),
  upstream_unreachable: row("bad-gateway", 502, "The provider could not be reached.", "Check the base URL, the proxy and the network."),
  stream_interrupted: row("bad-gateway", 502, "The provider's stream broke off before the answer was complete.", "Try again."),
  overloaded: row("overloaded", 503, "The provider is overloaded.", "Try again later."),
  store_unavailable: row("overloaded", 503, "The database of the gateway cannot be reached.", "Try again later; the operator must look after the database."),
  no_credential: row("overloaded", 503, "No usable credential is configured for this model.", "Add one, or look at `dragoman doctor`."),
  upstream_timeout: row("gateway-timeout", 504, "The provider did not answer in time.", "Try again, or raise the timeout."),
};
