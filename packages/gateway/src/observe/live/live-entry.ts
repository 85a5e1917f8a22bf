import type { Loss } from "@dragoman/core";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { Decision } from "../decision.ts";
import type { RequestCapture } from "./captured-request.ts";

export type LiveState = "running" | "succeeded" | "failed" | "cancelled";

/** A request as the live view keeps it: plain values, nothing that would hold its body. */
export interface LiveEntry {
  readonly requestId: string;
  readonly startedAt: number;
  readonly principal: string;
  readonly keyId: number | undefined;
  readonly userId: number | undefined;
  readonly endpoint: string;
  readonly clientDialect: string;
  readonly decisions: Decision[];
  readonly attempts: LiveAttempt[];
  state: LiveState;
  endedAt: number | undefined;
  streamed: boolean | undefined;
  modelAsked: string | undefined;
  provider: string | undefined;
  credential: string | undefined;
  modelUpstream: string | undefined;
  upstreamDialect: string | undefined;
  /** Attempts that have begun. */
  begun: number;
  status: number | undefined;
  firstEventMs: number | undefined;
  losses: number;
  error: string | undefined;
  errorCode: string | undefined;
  capture: RequestCapture | undefined;
}

/** An attempt that has ended. */
export interface LiveAttempt {
  readonly record: AttemptRecord;
  readonly losses: readonly Loss[];
}
