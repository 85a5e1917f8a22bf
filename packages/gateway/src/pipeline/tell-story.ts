import { inputTotal, outputTotal, type GatewayErrorShape, type Loss } from "@dragoman/core";
import type { Call, CallStory } from "./call.ts";
import type { LogFields, LogLevel } from "../ports.ts";
import type { ReplyFacts } from "./ledger.ts";

export interface StoryEnd extends ReplyFacts {
  readonly status: number;
  readonly losses: readonly Loss[];
  readonly error?: GatewayErrorShape;
}

/** One line a request tells all of it. Attribute names follow OpenTelemetry's GenAI conventions (read 2026-11). */
export function tellStory(call: Call, end: StoryEnd): void {
  tell(call, end, levelOf(end));
}

/** The same of a request that asked no upstream: models, counts, kept replies. Few want to read of those. */
export function tellErrand(call: Call, end: StoryEnd): void {
  tell(call, end, "debug");
}

function tell(call: Call, end: StoryEnd, level: LogLevel): void {
  const { story, engine } = call;
  if (story.endedAt !== undefined) return;
  story.endedAt = engine.ports.clock.now();
  story.pass?.release();
  engine.ports.logger.log(level, "request.completed", fieldsOf(call, end, story.endedAt));
  for (const observer of engine.observers.requestEnded) observer.requestEnded(call, end);
}

/** Set one by one: spreads of optional members cost more than writing the line. */
function fieldsOf(call: Call, end: StoryEnd, endedAt: number): LogFields {
  const { story } = call;
  const fields: Record<string, unknown> = {
    requestId: call.requestId,
    status: end.status,
    durationMs: endedAt - call.startedAt,
    method: call.method,
    path: call.input.path,
    principal: call.principal.id,
    dialect: call.dialect.id,
  };
  if (call.visitor.address !== undefined) fields.clientAddress = call.visitor.address;
  if (story.modelAsked !== undefined) fields["gen_ai.request.model"] = story.modelAsked;
  if (story.provider !== undefined) {
    fields["gen_ai.provider.name"] = story.provider;
    fields.upstreamDialect = story.upstreamDialect;
    fields.upstreamModel = story.modelUpstream;
    fields.credential = story.credential;
    fields.passthrough = story.passthrough;
    addWish(fields, story);
  }
  addFacts(fields, end);
  if (story.firstEventMs !== undefined) fields.firstEventMs = story.firstEventMs;
  fields.attempts = story.attempts;
  if (story.failures.length > 0) fields.failures = story.failures;
  if (end.losses.length > 0) fields.losses = end.losses.map(({ code, path, action }) => `${action} ${code} ${path}`);
  if (end.error !== undefined) Object.assign(fields, { error: end.error.code, message: end.error.message, ...causeOf(end.error) });
  return fields;
}

/** What was asked of the upstream, without a word of it. */
function addWish(fields: Record<string, unknown>, { upstreamUrl, streamed, maxOutputTokens, reasoning, messages }: CallStory): void {
  if (upstreamUrl !== undefined) fields["server.address"] = upstreamUrl.split("/", 3)[2];
  fields.stream = streamed;
  if (maxOutputTokens !== undefined) fields["gen_ai.request.max_tokens"] = maxOutputTokens;
  if (reasoning !== undefined && reasoning.mode !== "default") fields.reasoning = reasoning.effort ?? reasoning.budget ?? reasoning.mode;
  if (messages !== undefined) fields.messages = messages;
}

function addFacts(fields: Record<string, unknown>, { model, finishReason, usage }: ReplyFacts): void {
  if (model !== undefined) fields["gen_ai.response.model"] = model;
  if (finishReason !== undefined) fields["gen_ai.response.finish_reasons"] = [finishReason];
  if (usage === undefined) return;
  fields["gen_ai.usage.input_tokens"] = inputTotal(usage);
  fields["gen_ai.usage.output_tokens"] = outputTotal(usage);
  if (usage.cacheRead !== undefined) fields.cachedTokens = usage.cacheRead;
  if (usage.estimated === true) fields.usageEstimated = true;
}

function levelOf({ status, error }: StoryEnd): LogLevel {
  if (error?.code === "internal") return "error";
  return status >= 400 && status !== 499 ? "warn" : "info";
}

/** Of our own faults the log keeps the stack; the client never sees it. */
function causeOf(error: GatewayErrorShape): { cause?: string } {
  if (!(error instanceof Error) || error.cause === undefined) return {};
  const { cause } = error;
  return { cause: cause instanceof Error ? (error as { code?: string } & Error).code === "internal" ? (cause.stack ?? cause.message) : cause.message : String(cause) };
}
