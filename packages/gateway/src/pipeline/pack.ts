import { isJsonObject, type Dialect, type Exchange, type GenerateRequest, type Json, type JsonObject, type Loss, type Seal, type WireRequest } from "@dragoman/core";
import type { BodyContext } from "../credentials/credential-account.ts";
import { keepsReplies } from "../responses/statefulness.ts";
import { spliceMembers } from "../upstream/splice.ts";
import type { Candidate, RoutePlan } from "../routing/candidate.ts";
import type { AttemptInput } from "./attempt.ts";
import { createExchange } from "./exchange.ts";
import { packCompaction } from "./pack-compaction.ts";

/** What goes to the upstream, ready to be sent. */
export interface Parcel {
  readonly path: string;
  readonly query?: WireRequest["query"];
  readonly headers: WireRequest["headers"];
  readonly body: string;
  /** The upstream is asked to stream. */
  readonly streamed: boolean;
  /** Client and upstream speak the same dialect: nothing is translated, either way. */
  readonly passthrough: boolean;
  /** The stream was asked for its usage on our behalf: the frame that tells it is not for the client. */
  readonly hidesUsage?: boolean;
  readonly exchange: Exchange;
}

export interface PackOptions {
  /** Leave all sealed reasoning out: the upstream said that it cannot open it. */
  readonly withoutSeals?: boolean;
}

export function packRequest(input: AttemptInput, losses: Loss[], options: PackOptions = {}): Parcel {
  const { call, candidate } = input;
  const sameDialect = candidate.upstream.dialect.id === call.dialect.id;
  if (call.compacts === true && sameDialect && candidate.capabilities.compacts === true) return packCompaction(input, createExchange(call, input.request, candidate, losses));
  const withoutSeals = options.withoutSeals === true;
  const given = sameDialect && withoutSeals ? readUnsealed(input) : input.request;
  const reasoning = reasoningOf(input, given);
  const asked: GenerateRequest = reasoning === undefined ? given : { ...given, reasoning };
  const streamOnly = candidate.capabilities.streamOnly === true && !asked.stream;
  const request: GenerateRequest = streamOnly ? { ...asked, stream: true } : asked;
  const exchange = createExchange(call, request, candidate, losses);
  // An upstream is always asked for events; a client that wants a JSON list has them written anew.
  const passes = sameDialect && call.rewritten !== true && !streamOnly && !withoutSeals && request.framing !== "json-array" && call.compacts !== true && !holdsDigest(call.bodyText);
  return passes ? passOn(input, exchange) : translate(input, exchange, options);
}

/**
 * Reasoning that goes over what the client set. What it set for the model that it named, another one in its place may not
 * take as it is.
 */
function reasoningOf({ plan, candidate }: Pick<AttemptInput, "plan" | "candidate">, { reasoning }: Pick<GenerateRequest, "reasoning">): GenerateRequest["reasoning"] {
  const decided = decidedReasoning(plan, candidate);
  if (decided !== undefined) return decided;
  return plan.renamed === true && reasoning !== undefined ? { ...reasoning, from: "override" } : undefined;
}

/** The operator's word goes before that of the name; for all upstreams before that for one. */
export function decidedReasoning(plan: RoutePlan, candidate: Candidate): GenerateRequest["reasoning"] {
  return plan.reasoning?.from === "override" ? plan.reasoning : candidate.reasoning ?? plan.reasoning;
}

/** The request once more, from a body without seals: what then is missing elsewhere, the dialect mends as it writes. */
function readUnsealed({ call, candidate, request }: AttemptInput): GenerateRequest {
  const { body } = call.input;
  const unsealedBody = isJsonObject(body) ? candidate.upstream.dialect.withoutSeals?.(body, () => true) : undefined;
  return unsealedBody === undefined ? request : call.dialect.decodeRequest({ ...call.input, body: unsealedBody }, call.context);
}

/** The body as it came, with the listed edits made on its text. */
function passOn(input: AttemptInput, exchange: Exchange): Parcel {
  const { call, candidate, request } = input;
  const { dialect, patchRequest } = candidate.upstream;
  const { path, query, headers, edits } = dialect.passthroughRequest(call.input, request, candidate.model);
  const body = isJsonObject(call.input.body) ? call.input.body : {};
  const wish = candidate.capabilities.includeUsageOk === false ? undefined : dialect.usageWish?.ask(body);
  const members: Record<string, Json | undefined> = {
    ...wish,
    ...(edits.model !== undefined && { model: edits.model }),
    ...edits.set,
    ...(reasoningOf(input, request) !== undefined && dialect.reasoningMembers?.(body, exchange)),
  };
  const unknownIds = call.recollection !== undefined && keepsReplies(call, candidate) ? call.dialect.transcripts?.withoutItemIds : undefined;
  const spliced = Object.keys(members).length === 0 ? call.bodyText : spliceMembers(call.bodyText, members);
  return {
    path,
    ...(query !== undefined && { query }),
    headers,
    body: rewrite(spliced, (given): JsonObject => {
      const { account } = candidate.credential;
      const unsealed = dialect.withoutSeals?.(given, call.context.sealer.isEnvelope) ?? given;
      const named = unknownIds?.(unsealed) ?? unsealed;
      const body = changed(input, patchRequest?.(named, candidate.model) ?? named);
      return account?.patchBody?.(body, bodyContext(input, request.stream)) ?? body;
    }, call.settings.changePayload !== undefined || unknownIds !== undefined || patchRequest !== undefined || candidate.credential.account?.patchBody !== undefined || spliced.includes(ENVELOPE_MARK)),
    streamed: request.stream,
    passthrough: true,
    ...(wish !== undefined && { hidesUsage: true }),
    exchange,
  };
}

function bodyContext(input: AttemptInput, streamed: boolean): BodyContext {
  const { call, candidate } = input;
  const conversation = conversationOf(input);
  return { model: candidate.model, dialect: candidate.upstream.dialect.id, streamed, clientHeaders: call.headers, ...(conversation !== undefined && { conversation }) };
}

/** Names the conversation for the accounts that want to know it. The last id is the one that the first turn had, too. */
export function conversationOf({ call, question }: Pick<AttemptInput, "call" | "question">): string | undefined {
  const session = question.sessionIds.at(-1);
  return session === undefined ? undefined : `${call.principal.id}\n${session}`;
}

/** The operator has the last word about a body; only what an account's vendor wants of the account itself comes after it. */
function changed({ call, candidate, plan, request }: AttemptInput, body: JsonObject): JsonObject {
  return call.settings.changePayload?.(body, {
    models: [candidate.model, plan.routeName, request.model],
    upstreamDialect: candidate.upstream.dialect.id,
    clientDialect: call.dialect.id,
    headers: call.headers,
    asSent: call.input.body,
  }) ?? body;
}

/** Whether a digest that was made here may be in the text: whoever answers must be told what it says. */
function holdsDigest(text: string): boolean {
  return text.includes(ENVELOPE_MARK) && text.includes('"compaction"');
}

/** How every envelope of ours begins; text without it needs no look inside. */
const ENVELOPE_MARK = "gwr1.";

function rewrite(text: string, change: (body: JsonObject) => JsonObject, needed: boolean): string {
  if (!needed) return text;
  const body = JSON.parse(text) as JsonObject;
  const changed = change(body);
  return changed === body ? text : JSON.stringify(changed);
}

function translate(input: AttemptInput, given: Exchange, options: PackOptions): Parcel {
  const { candidate } = input;
  const { dialect, patchRequest } = candidate.upstream;
  const request = options.withoutSeals === true ? unsealed(given.request) : given.request;
  // The encoder notes in the exchange what the reply will need (stop sequences to cut at), so that it is kept as it is.
  const exchange: Exchange = options.withoutSeals === true ? { ...given, request, sealer: forgetful(given) } : given;
  const wire = input.call.rewritten === true && request.dialect === dialect.id ? writeAnew(request, exchange, dialect) : dialect.encodeRequest(request, exchange);
  const body = changed(input, withoutRefused(patchRequest?.(wire.body, candidate.model) ?? wire.body, exchange));
  return {
    path: wire.path,
    ...(wire.query !== undefined && { query: wire.query }),
    headers: wire.headers,
    body: JSON.stringify(candidate.credential.account?.patchBody?.(body, bodyContext(input, request.stream)) ?? body),
    streamed: request.stream,
    passthrough: false,
    exchange,
  };
}

/**
 * A request of the upstream's own dialect that a hook made anew. The dialect would go by the body that it was decoded
 * from; written as a stranger's, only what canonical has no word for is taken over from there.
 */
function writeAnew(request: GenerateRequest, exchange: Exchange, dialect: Dialect): WireRequest {
  const { wire: _before, residue, ...said } = request;
  const { headers, body, ...where } = dialect.encodeRequest({ ...said, dialect: "rewritten", residue: {} }, exchange);
  return { ...where, headers: { ...headers, ...request.headers }, body: { ...residue, ...body } };
}

function withoutRefused(body: JsonObject, exchange: Exchange): JsonObject {
  const refused = exchange.capabilities.refusedFields?.filter((field) => body[field] !== undefined);
  if (refused === undefined || refused.length === 0) return body;
  for (const field of refused) exchange.report({ code: "unsupported-parameter", path: field, action: "dropped", detail: "the upstream refuses this field" });
  return Object.fromEntries(Object.entries(body).filter(([name]) => !refused.includes(name)));
}

function unsealed(request: GenerateRequest): GenerateRequest {
  return {
    ...request,
    messages: request.messages.map((message) => ({
      ...message,
      parts: message.parts.filter((part) => part.kind !== "reasoning" || part.text !== "").map((part) => ("seal" in part && part.seal !== undefined ? withoutSeal(part) : part)),
    })),
  };
}

function withoutSeal<P extends { readonly seal?: Seal }>(part: P): P {
  const { seal: _seal, ...rest } = part;
  return rest as P;
}

/** Remembers nothing, so that seals which the upstream refused are not put back from memory. */
function forgetful(exchange: Exchange): Exchange["sealer"] {
  const { sealer } = exchange;
  return {
    close: (seal, vendor) => sealer.close(seal, vendor),
    open: (value, vendor, form) => sealer.open(value, vendor, form),
    isEnvelope: (value) => sealer.isEnvelope(value),
    remember: (callId, memory) => sealer.remember(callId, memory),
    recall: () => undefined,
  };
}
