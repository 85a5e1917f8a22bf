import { ApiError, messageOf } from "./api-error.ts";
import { ROUTES, type Asked, type AskedArgument, type OperationId, type QueryValue, type Reply } from "./operations.ts";

/** Requests that change something carry it: no form and no foreign page can send it. */
const SESSION_HEADER = "x-dragoman-session";

/** Is told when the server does not know the session any more. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/** Carries out one operation of the contract. @throws ApiError */
export async function call<Id extends OperationId>(id: Id, ...[asked, init]: Record<never, never> extends Asked<Id> ? [asked?: AskedArgument<Id>, init?: CallInit] : [asked: Asked<Id>, init?: CallInit]): Promise<Reply<Id>> {
  const response = await send(id, asked as AnyAsked | undefined, init);
  return (response.status === 204 ? undefined : await readBody(response)) as Reply<Id>;
}

/** The same, for replies that are streams or files. */
export function send(id: OperationId, asked: AnyAsked = {}, init: CallInit = {}): Promise<Response> {
  const { method } = ROUTES[id];
  return request(method, addressOf(id, asked), { ...(asked.body !== undefined && { body: asked.body }), ...init });
}

interface AnyAsked {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

export interface CallInit {
  readonly signal?: AbortSignal;
}

/** Path and query of an operation, for links and streams. */
export function addressOf(id: OperationId, asked: Pick<AnyAsked, "params" | "query"> = {}): string {
  const path = ROUTES[id].path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String((asked.params as Record<string, unknown>)[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((asked.query ?? {}) as Record<string, QueryValue>)) {
    const text = Array.isArray(value) ? value.join(",") : value === undefined ? "" : String(value);
    if (text !== "") query.set(name, text);
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

export interface Sending extends CallInit {
  /** A value is sent as JSON, a `text` as it is. */
  readonly body?: unknown;
  readonly text?: { readonly content: string; readonly type: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request to the server, with the session. Also for endpoints beside the contract. @throws ApiError */
export async function request(method: string, address: string, init: Sending = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json, */*;q=0.5", [SESSION_HEADER]: "1", ...init.headers };
  if (init.body !== undefined) headers["content-type"] = "application/json";
  if (init.text !== undefined) headers["content-type"] = init.text.type;
  const body = init.text?.content ?? (init.body === undefined ? null : JSON.stringify(init.body));
  const response = await fetch(address, { method, headers, body, credentials: "same-origin", ...(init.signal !== undefined && { signal: init.signal }) }).catch((cause: unknown) => {
    if (init.signal?.aborted === true) throw cause;
    throw new ApiError(0, "unreachable");
  });
  if (response.ok) return response;
  // A refused client key says nothing about the session.
  if (response.status === 401 && address.startsWith("/v0/management/")) onSignedOut();
  const refused = await readBody(response);
  throw new ApiError(response.status, messageOf(refused, response.status), refused);
}

/** JSON as its value, anything else as text. */
export async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!/json/.test(response.headers.get("content-type") ?? "")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
