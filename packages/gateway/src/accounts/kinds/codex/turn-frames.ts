// What goes over a websocket of ChatGPT's endpoint: one frame a turn, each event of the answer a frame. Facts: read 2026-08.
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** What was said on a socket so far, so that the next turn need only say what is new. */
export interface Said {
  readonly responseId: string;
  /** Everything of a request but its input. */
  readonly settings: string;
  /** Input and output, without what the vendor adds to them. */
  readonly items: readonly string[];
}

/** The frame of a turn; when it goes on from what was said here, with the new items only. */
export function turnFrame(body: JsonObject, said: Said | undefined): { readonly text: string; readonly continues: boolean } {
  const items: readonly Json[] = Array.isArray(body.input) ? body.input : [];
  const goesOn = said !== undefined && said.settings === settingsOf(body) && items.length > said.items.length && said.items.every((item, at) => item === plain(items[at]));
  const frame: JsonObject = goesOn ? { ...body, previous_response_id: said.responseId, input: items.slice(said.items.length) } : body;
  return { text: JSON.stringify({ type: "response.create", ...frame }), continues: goesOn };
}

export function saidAfter(body: JsonObject, response: JsonObject, output: readonly JsonObject[]): Said | undefined {
  const { id } = response;
  if (typeof id !== "string") return undefined;
  return { responseId: id, settings: settingsOf(body), items: [...(Array.isArray(body.input) ? (body.input as readonly Json[]) : []), ...output].map(plain) };
}

function settingsOf({ input: _input, ...settings }: JsonObject): string {
  return JSON.stringify(settings);
}

/** Ids and states are the vendor's, and clients leave them out. */
function plain(item: Json | undefined): string {
  if (item === undefined || !isJsonObject(item)) return JSON.stringify(item ?? null);
  const { id: _id, status: _status, ...rest } = item;
  return JSON.stringify(rest);
}

/** An event of the vendor, or what it says in place of one. */
export type VendorFrame =
  | { readonly type: "event"; readonly event: JsonObject; readonly ends: boolean }
  | { readonly type: "refusal"; readonly status: number; readonly error: JsonObject; readonly headers: Record<string, string> }
  | { readonly type: "broken" };

const ENDS: ReadonlySet<Json | undefined> = new Set(["response.completed", "response.incomplete", "response.failed"]);

export function readFrame(data: unknown): VendorFrame {
  const event = typeof data === "string" ? parse(data) : undefined;
  if (event === undefined) return { type: "broken" };
  if (event.type === "error") return refusalOf(event);
  const told = event.type === "response.done" ? { ...event, type: "response.completed" } : event;
  return { type: "event", event: told, ends: ENDS.has(told.type) };
}

/** The error stands in `error` or in `body.error`, its status under one of two names, and headers beside it. */
function refusalOf(event: JsonObject): VendorFrame {
  const wrapped = isJsonObject(event.body) ? event.body.error : undefined;
  const error: JsonObject = wrapped !== undefined && isJsonObject(wrapped) ? wrapped : isJsonObject(event.error) ? event.error : event;
  const status = Number(event.status ?? event.status_code);
  const headers = isJsonObject(event.headers) ? Object.entries(event.headers).flatMap(([name, value]) => (typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [])) : [];
  return { type: "refusal", status: status >= 400 && status < 600 ? status : 502, error, headers: Object.fromEntries(headers) as Record<string, string> };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
