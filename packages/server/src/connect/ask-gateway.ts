import { isJsonObject, type Json } from "@dragoman/core";
import { FIRST_CALLS, type Setting } from "@dragoman/gateway";
import { nearest } from "../cli/nearest.ts";
import { unreachableText } from "./unreachable.ts";

/** How long a gateway may take to list its models, in ms. */
const LIST_MS = 10_000;
/** How long a model may take for a word, in ms. */
const CALL_MS = 90_000;

/** What a gateway says when it is asked for its models. */
export type Listing =
  | { readonly kind: "models"; readonly models: readonly string[] }
  /** It wants a key, or another one. */
  | { readonly kind: "refused" }
  /** It answers, but has no list: the address may lead to one model alone. */
  | { readonly kind: "no-list"; readonly status: number }
  | { readonly kind: "unreachable"; readonly reason: string };

/** `key` absent: none is shown. */
export async function listModels(url: string, key: string | undefined): Promise<Listing> {
  try {
    const reply = await fetch(`${url}/v1/models`, { headers: bearer(key), redirect: "manual", signal: AbortSignal.timeout(LIST_MS) });
    const body = await bodyOf(reply);
    if (reply.status === 401 || reply.status === 403) return { kind: "refused" };
    const data = isJsonObject(body) ? body.data : undefined;
    if (!reply.ok || !Array.isArray(data)) return { kind: "no-list", status: reply.status };
    return { kind: "models", models: (data as readonly Json[]).flatMap((model) => (isJsonObject(model) && typeof model.id === "string" ? [model.id] : [])) };
  } catch (error) {
    return { kind: "unreachable", reason: unreachableText(url, error) };
  }
}

/** What came of a first request with one model. */
export interface FirstAnswer {
  readonly model: string;
  readonly outcome:
    | "answered"
    /** Nobody listens, or it is no gateway. */
    | "unreachable"
    | "key-refused"
    | "unknown-model"
    /** The gateway is fine, whoever answers for it is not. */
    | "failed";
  readonly status?: number;
  readonly message: string;
  readonly durationMs: number;
}

/** Asks a model for a word, as the client would. `models`: those that the gateway lists, to name a near one. */
export async function askModel({ url, key, headers }: Setting, { dialect, model, models = [] }: { readonly dialect: string; readonly model: string; readonly models?: readonly string[] }): Promise<FirstAnswer> {
  const call = FIRST_CALLS[dialect]?.(model);
  if (call === undefined) throw new Error(`no first call in ${dialect}`);
  const startedAt = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedAt);
  try {
    const reply = await fetch(url + call.path, { method: "POST", headers: { ...headers, ...bearer(key), "content-type": "application/json" }, body: JSON.stringify(call.body), redirect: "manual", signal: AbortSignal.timeout(CALL_MS) });
    const body = await bodyOf(reply);
    const { status } = reply;
    if (reply.ok && body !== undefined) return { model, outcome: "answered", status, message: "answered", durationMs: durationMs() };
    return { model, ...refusal(status, body, { model, models, url }), status, durationMs: durationMs() };
  } catch (error) {
    return { model, outcome: "unreachable", message: unreachableText(url, error), durationMs: durationMs() };
  }
}

function refusal(status: number, body: Json | undefined, { model, models, url }: { readonly model: string; readonly models: readonly string[]; readonly url: string }): Pick<FirstAnswer, "outcome" | "message"> {
  const said = messageIn(body);
  if (body === undefined) return { outcome: "unreachable", message: `something answers at ${url} with HTTP ${status}, but it speaks no JSON: is that the gateway's address?` };
  if (status === 401 || status === 403) return { outcome: "key-refused", message: `the key was refused (HTTP ${status}): ${said}` };
  if (status === 404) {
    const near = nearest(model, models);
    return { outcome: "unknown-model", message: `${said}${near === undefined || near === model || said.includes(near) ? "" : ` Did you mean ${near}?`}` };
  }
  return { outcome: "failed", message: `HTTP ${status}: ${said}` };
}

/** All dialects say it in `error.message`, and simple programs in `error`. */
function messageIn(body: Json | undefined): string {
  const error = isJsonObject(body) ? body.error : undefined;
  const message = isJsonObject(error) ? error.message : error;
  return typeof message === "string" ? message : "no reason was given";
}

async function bodyOf(reply: Response): Promise<Json | undefined> {
  const text = await reply.text();
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const bearer = (key: string | undefined): Record<string, string> => (key === undefined ? {} : { authorization: `Bearer ${key}` });
