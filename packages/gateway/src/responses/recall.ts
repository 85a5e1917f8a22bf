import { isJsonObject, type GenerateRequest, type JsonObject, type TranscriptFormat, type TranscriptReference } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { TranscriptStore } from "./transcript-store.ts";

/** What a request goes on from, once it is said instead of named. */
export interface Recollection {
  /** The step before the reply that is to come. */
  readonly previousId?: string;
  /** The named conversation that the reply joins. */
  readonly conversationId?: string;
  /** How many items of the body were said before. */
  readonly earlierItems: number;
  /** Members of the body as it was sent, which replies say back. */
  readonly asSent: JsonObject;
}

/**
 * Puts what was said before in place of the references to it, as far as it is kept here. What is not may be known to an
 * upstream that keeps replies itself, and stays as it is. Without references the call stays the same object.
 */
export async function recall(call: Call): Promise<Call> {
  const { body } = call.input;
  const { transcripts } = call.dialect;
  if (transcripts === undefined || !isJsonObject(body)) return call;
  const references = transcripts.references(body);
  if (references.length === 0) return call;
  const known = await lookUp(call, references);
  if (known.before === undefined && known.items.size === 0) return call;
  const spelt = transcripts.spellOut(body, known);
  const recollection: Recollection = {
    earlierItems: known.before?.length ?? 0,
    asSent: Object.fromEntries(Object.entries(body).filter(([name]) => !(name in spelt))),
    ...(known.previousId !== undefined && { previousId: known.previousId }),
    ...(known.conversationId !== undefined && { conversationId: known.conversationId }),
  };
  return { ...call, input: { ...call.input, body: spelt }, bodyText: JSON.stringify(spelt), recollection };
}

/** The request of a call; one that named earlier replies still says so to whoever repeats it to the client. */
export function recalledRequest(call: Call): GenerateRequest {
  const request = call.dialect.decodeRequest(call.input, call.context);
  return call.recollection === undefined ? request : { ...request, wire: { ...request.wire, ...call.recollection.asSent } };
}

type Known = Parameters<TranscriptFormat["spellOut"]>[1] & Pick<Recollection, "previousId" | "conversationId">;

async function lookUp(call: Call, references: readonly TranscriptReference[]): Promise<Known> {
  const { transcripts: store } = call.engine;
  const items = new Map<string, JsonObject>();
  let start: TranscriptReference | undefined;
  for (const reference of references) {
    if (reference.to !== "item") start ??= reference;
    else {
      const item = await store.findItem(call.principal.id, reference.id);
      if (item !== undefined) items.set(reference.id, item);
    }
  }
  const past = start === undefined ? undefined : await replay(store, call.principal.id, start.id);
  if (start === undefined || past === undefined) return { items };
  if (start.to === "response") return { items, before: past.items, previousId: start.id };
  return { items, before: past.items, conversationId: start.id, ...(past.previousId !== undefined && { previousId: past.previousId }) };
}

interface Past {
  readonly items: readonly JsonObject[];
  readonly previousId?: string;
}

/** Everything up to and including one step; `undefined` when a step of it is lost, for half a past would mislead. */
async function replay(store: TranscriptStore, principal: string, id: string): Promise<Past | undefined> {
  const last = await store.find(principal, id);
  if (last === undefined) return undefined;
  const steps = [last];
  const seen = new Set([id]);
  for (let next = last.previousId; next !== undefined && !seen.has(next);) {
    seen.add(next);
    const step = await store.find(principal, next);
    if (step === undefined) return undefined;
    steps.unshift(step);
    next = step.previousId;
  }
  // A conversation's own items were there before its first step.
  if (last.conversation !== undefined) steps.unshift(...steps.splice(-1));
  return { items: steps.flatMap(({ input, output }) => [...input, ...output]), ...(last.previousId !== undefined && { previousId: last.previousId }) };
}
