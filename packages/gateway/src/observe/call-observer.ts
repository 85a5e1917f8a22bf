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
  attemptBegan?(call: Call, attempt: { readonly number: number; readonly candidate: Candidate }): void;
  attemptEnded?(call: Call, record: AttemptRecord): void;
  /** Nothing more will be said to the client. */
  requestEnded?(call: Call, end: StoryEnd): void;
}

/** Is told the very bytes of one request. Headers come with their secrets: who keeps them takes those out. */
export interface Capture {
  upstreamRequest(attempt: number, request: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array }): void;
  upstreamHead(attempt: number, response: { readonly status: number; readonly headers: Headers }): void;
  upstreamChunk(attempt: number, chunk: string | Uint8Array): void;
  clientHead(response: { readonly status: number; readonly headers: Headers }): void;
  clientChunk(chunk: string | Uint8Array): void;
}
