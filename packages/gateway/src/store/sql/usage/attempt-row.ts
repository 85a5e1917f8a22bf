import { inputTotal, type Usage } from "@dragoman/core";
import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { asText, asWhole, fromJson, present } from "../columns.ts";
import type { SqlRow, SqlValue } from "../executor.ts";

/** Columns of an attempt in the order of `toAttemptValues`. What nobody counts or looks for is in `details`. */
export const ATTEMPT_COLUMNS = [
  "request_id", "attempt", "started_at", "series_id", "duration_ms", "first_event_ms", "outcome", "status", "streamed", "passthrough", "estimated",
  "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens", "cost_nano_usd", "details",
] as const;

type Details = Pick<AttemptRecord, "clientAddress" | "modelAnswered" | "failure" | "errorCode" | "finishReason" | "reasoningEffort" | "usage"> & { readonly losses?: readonly string[] };

/** Tokens of an attempt as they are summed: parts are disjoint, and together they are all. */
export interface Tokens {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export function tokensOf(usage: Usage | undefined): Tokens {
  if (usage === undefined) return NO_TOKENS;
  const cacheRead = asWhole(usage.cacheRead);
  const cacheWrite = asWhole(usage.cacheWrite);
  return { input: asWhole(inputTotal(usage)) - cacheRead - cacheWrite, cacheRead, cacheWrite, output: asWhole(usage.outputVisible), reasoning: asWhole(usage.reasoning) };
}

const NO_TOKENS: Tokens = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

export const totalOf = ({ input, cacheRead, cacheWrite, output, reasoning }: Tokens): number => input + cacheRead + cacheWrite + output + reasoning;

export function toAttemptValues(record: AttemptRecord, seriesId: number, { input, cacheRead, cacheWrite, output, reasoning }: Tokens): readonly SqlValue[] {
  return [
    asText(record.requestId), record.attempt, asWhole(record.startedAt), seriesId, asWhole(record.durationMs),
    record.firstEventMs === undefined ? null : asWhole(record.firstEventMs), record.outcome, asWhole(record.status),
    Number(record.streamed), Number(record.passthrough), Number(record.usage?.estimated === true),
    input, cacheRead, cacheWrite, output, reasoning, record.costNanoUsd === undefined ? null : asWhole(record.costNanoUsd),
    JSON.stringify(detailsOf(record)),
  ];
}

/** JSON leaves absent members out. An escaped NUL is no NUL, so the text is fit for every database. */
function detailsOf(record: AttemptRecord): Details {
  const { clientAddress, modelAnswered, failure, errorCode, finishReason, reasoningEffort, usage, losses } = record;
  return { clientAddress, modelAnswered, failure, errorCode, finishReason, reasoningEffort, usage, ...(losses.length > 0 && { losses }) } as Details;
}

/** Reads an attempt that is joined with its series. */
export function toAttemptRecord(row: SqlRow): AttemptRecord {
  const { losses = [], ...details } = fromJson<Details>(row.details);
  return {
    requestId: row.request_id as string,
    attempt: row.attempt as number,
    startedAt: row.started_at as number,
    durationMs: row.duration_ms as number,
    ...present("firstEventMs", row.first_event_ms as number | null),
    principal: row.principal as string,
    ...(row.key_id !== 0 && { keyId: row.key_id as number }),
    ...(row.user_id !== 0 && { userId: row.user_id as number }),
    endpoint: row.endpoint as string,
    clientDialect: row.client_dialect as string,
    upstreamDialect: row.upstream_dialect as string,
    provider: row.provider as string,
    credential: row.credential as string,
    credentialIndex: row.credential_index as string,
    modelAsked: row.model_asked as string,
    modelUpstream: row.model_upstream as string,
    streamed: row.streamed === 1,
    passthrough: row.passthrough === 1,
    outcome: row.outcome as AttemptRecord["outcome"],
    status: row.status as number,
    ...present("costNanoUsd", row.cost_nano_usd as number | null),
    ...details,
    losses,
  };
}
