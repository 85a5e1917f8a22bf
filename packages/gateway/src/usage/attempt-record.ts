import type { FailureKind, Usage } from "@dragoman/core";

/** One attempt at an upstream, whatever became of it. */
export interface AttemptRecord {
  readonly requestId: string;
  /** Counts from 1 within the request. */
  readonly attempt: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Until the first event for the client. */
  readonly firstEventMs?: number;
  readonly principal: string;
  readonly clientDialect: string;
  readonly upstreamDialect: string;
  readonly provider: string;
  /** Never the secret. */
  readonly credential: string;
  readonly modelAsked: string;
  readonly modelUpstream: string;
  /** What the upstream said it was. */
  readonly modelAnswered?: string;
  readonly streamed: boolean;
  /** Same dialect in and out, bytes unchanged. */
  readonly passthrough: boolean;
  readonly outcome: "succeeded" | "failed" | "cancelled";
  readonly status: number;
  readonly failure?: FailureKind;
  readonly errorCode?: string;
  readonly finishReason?: string;
  readonly usage?: Usage;
  readonly losses: number;
}
