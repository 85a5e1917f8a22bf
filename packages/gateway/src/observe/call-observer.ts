import type { GatewayErrorShape, Loss } from "@dragoman/core";
import type { Visitor } from "../access/principal.ts";
import type { Call } from "../pipeline/call.ts";
import type { StoryEnd } from "../pipeline/tell-story.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";

/**
 * Somebody who watches requests: metrics, traces, the live view, request logs. What observers do is on the path of every
 * request, so it is little, it does not wait and it does not throw.
 */
export interface CallObserver {
  /** A request was read and its sender is known. A capture, if one is given back, is told all that passes. */
  requestBegan?(call: Call): Capture | undefined;
  attemptBegan?(call: Call, attempt: BegunAttempt): void;
  /** The upstream has begun to answer in earnest. Told once an attempt at most. */
  answerBegan?(call: Call): void;
  /** `losses` are those of the record, with their places. */
  attemptEnded?(call: Call, record: AttemptRecord, losses: readonly Loss[]): void;
  /** What became of the request is known and on record; the last bytes of a good answer may still be on their way. */
  requestEnded?(call: Call, end: StoryEnd): void;
  /** Somebody was turned away before his request was read: no call was made of it. */
  requestRefused?(refusal: RefusedRequest): void;
}

export interface BegunAttempt {
  /** Counts from 1 within the request. */
  readonly number: number;
  readonly candidate: Candidate;
  readonly streamed: boolean;
  /** Same dialect in and out, bytes unchanged. */
  readonly passthrough: boolean;
}

export interface RefusedRequest {
  readonly requestId: string;
  readonly method: string;
  /** Method and route where there is one; else only the method: paths that lead nowhere are as many as there are strangers. */
  readonly endpoint: string;
  /** The dialect in which it was told so. */
  readonly clientDialect: string;
  readonly visitor: Visitor;
  readonly status: number;
  readonly error: GatewayErrorShape;
}

/** Is told the very bytes of one request. Headers come with their secrets: who keeps them takes those out. */
export interface Capture {
  upstreamRequest(attempt: number, request: CapturedRequest): void;
  upstreamHead(attempt: number, response: CapturedHead): void;
  upstreamChunk(attempt: number, chunk: string | Uint8Array): void;
  clientHead(response: CapturedHead): void;
  clientChunk(chunk: string | Uint8Array): void;
  /** The client has been given everything, or has left. May come before or after the observer's `requestEnded`. */
  clientEnd(): void;
}

export interface CapturedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface CapturedHead {
  readonly status: number;
  readonly headers: Headers;
}
