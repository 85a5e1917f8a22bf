import type { FailureKind, Usage } from "@dragoman/core";

/** One attempt at an upstream, whatever became of it. `requestId` and `attempt` together name it. */
export interface AttemptRecord {
  readonly requestId: string;
  /** Counts from 1 within the request. */
  readonly attempt: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Until the first event for the client. */
  readonly firstEventMs?: number;
  /** `anonymous`, `key-<hash>` for a key of the configuration, `key:<id>` for one of the store. */
  readonly principal: string;
  /** The stored key and its owner; absent for keys of the configuration. */
  readonly keyId?: number;
  readonly userId?: number;
  /** Of the client's connection; absent where the host cannot tell. */
  readonly clientAddress?: string;
  /** Method and route, without its variable part: `POST /v1/chat/completions`. */
  readonly endpoint: string;
  readonly clientDialect: string;
  readonly upstreamDialect: string;
  readonly provider: string;
  /** For people; never the secret. */
  readonly credential: string;
  /** 16 hex digits, the same over restarts: what the management API calls `auth_index`. */
  readonly credentialIndex: string;
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
  readonly reasoningEffort?: string;
  readonly usage?: Usage;
  /** In billionths of a dollar; absent when the price or the usage is unknown. */
  readonly costNanoUsd?: number;
  /** Codes of what the translation could not carry. */
  readonly losses: readonly string[];
}
