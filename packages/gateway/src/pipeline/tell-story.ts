import { inputTotal, outputTotal, type GatewayErrorShape, type Loss } from "@dragoman/core";
import type { Call } from "./call.ts";
import type { ReplyFacts } from "./ledger.ts";

export interface StoryEnd extends ReplyFacts {
  readonly status: number;
  readonly losses: readonly Loss[];
  readonly error?: GatewayErrorShape;
}

/** One line a request tells all of it. Attribute names follow OpenTelemetry's GenAI conventions (read 2026-11). */
export function tellStory(call: Call, end: StoryEnd): void {
  const { story, engine } = call;
  if (story.told === true) return;
  story.told = true;
  const { usage, error } = end;
  engine.ports.logger.log(levelOf(end), "request.completed", {
    requestId: call.requestId,
    status: end.status,
    durationMs: engine.ports.clock.now() - call.startedAt,
    path: call.input.path,
    principal: call.principal.id,
    dialect: call.dialect.id,
    ...(story.modelAsked !== undefined && { "gen_ai.request.model": story.modelAsked }),
    ...(story.provider !== undefined && {
      "gen_ai.provider.name": story.provider,
      upstreamDialect: story.upstreamDialect,
      upstreamModel: story.modelUpstream,
      credential: story.credential,
      passthrough: story.passthrough,
    }),
    ...(end.model !== undefined && { "gen_ai.response.model": end.model }),
    ...(end.finishReason !== undefined && { "gen_ai.response.finish_reasons": [end.finishReason] }),
    ...(usage !== undefined && {
      "gen_ai.usage.input_tokens": inputTotal(usage),
      "gen_ai.usage.output_tokens": outputTotal(usage),
      ...(usage.cacheRead !== undefined && { cachedTokens: usage.cacheRead }),
      ...(usage.estimated === true && { usageEstimated: true }),
    }),
    ...(story.firstEventMs !== undefined && { firstEventMs: story.firstEventMs }),
    attempts: story.attempts,
    ...(story.failures.length > 0 && { failures: story.failures }),
    ...(end.losses.length > 0 && { losses: end.losses.map(({ code, path, action }) => `${action} ${code} ${path}`) }),
    ...(error !== undefined && { error: error.code, message: error.message, ...causeOf(error) }),
  });
}

function levelOf({ status, error }: StoryEnd): "info" | "warn" | "error" {
  if (error?.code === "internal") return "error";
  return status >= 400 && status !== 499 ? "warn" : "info";
}

/** Of our own faults the log keeps the stack; the client never sees it. */
function causeOf(error: GatewayErrorShape): { cause?: string } {
  if (!(error instanceof Error) || error.cause === undefined) return {};
  const { cause } = error;
  return { cause: cause instanceof Error ? (error as { code?: string } & Error).code === "internal" ? (cause.stack ?? cause.message) : cause.message : String(cause) };
}
