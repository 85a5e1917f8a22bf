import { toGatewayError } from "@dragoman/core";
import { StoreConflict } from "../store/port.ts";
import { VERSION } from "../version.ts";
import { ConfigRefused, OfficeError, type Desk } from "./office.ts";

/** What pages of CLIProxyAPI read a server's version from. There is no build to name, and there are no plugins. */
const VERSION_HEADERS: Readonly<Record<string, string>> = { "x-cpa-version": VERSION, "x-cpa-commit": "none", "x-cpa-build-date": "unknown", "x-cpa-support-plugin": "false" };

/** What a desk handed out, as it goes over the wire. */
export function replyOf(desk: Desk, value: unknown): Response {
  if (value instanceof Response) return value;
  const status = desk.operation.status ?? 200;
  return value === undefined ? new Response(null, { status: status === 200 ? 204 : status }) : Response.json(value, { status });
}

/** Adds what every reply of the office carries. */
export function sealed(response: Response, extra: Readonly<Record<string, string>>): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries({ ...VERSION_HEADERS, "x-content-type-options": "nosniff", ...extra })) headers.set(name, value);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  return new Response(response.body, { status: response.status, headers });
}

/** A refusal for what was thrown; `unexpected` when nobody planned it. Nothing of a cause is in it. */
export function refusal(thrown: unknown, faultMember?: string): { readonly response: Response; readonly unexpected: boolean } {
  const { status, body, headers, unexpected = false } = refusalOf(thrown);
  const told = faultMember === undefined ? body : { [faultMember]: body.error };
  return { response: Response.json(told, { status, ...(headers !== undefined && { headers }) }), unexpected };
}

interface Refusal {
  readonly status: number;
  readonly body: { readonly error?: unknown; readonly [member: string]: unknown };
  readonly headers?: Record<string, string>;
  readonly unexpected?: boolean;
}

function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof OfficeError) return { status: thrown.status, body: thrown.body };
  if (thrown instanceof ConfigRefused) return configRefusal(thrown);
  if (thrown instanceof StoreConflict) return { status: 409, body: { error: thrown.message } };
  const error = toGatewayError(thrown);
  if (error.code === "internal") return { status: 500, body: { error: "Something went wrong inside the gateway." }, unexpected: true };
  const headers: Record<string, string> = error.retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)) };
  return { status: error.status, body: { error: error.message, ...(error.path !== undefined && { path: error.path }) }, headers };
}

function configRefusal(refused: ConfigRefused): Refusal {
  if (refused.kind === "foreign") return { status: 409, body: { error: refused.message } };
  if (refused.kind === "write") return { status: 500, body: { error: `failed to save config: ${refused.message}` } };
  const problems = refused.problems.map(({ path, line, message }) => ({ path, ...(line !== undefined && { line }), message }));
  const [first] = problems;
  const body = { message: refused.message, ...(first !== undefined && first.path !== "" && { path: first.path }), problems };
  return refused.kind === "syntax" ? { status: 400, body: { error: "invalid_yaml", ...body } } : { status: 422, body: { error: "invalid_config", ...body } };
}
