import { inputTotal, outputTotal } from "@dragoman/core";
import type { LiveDetail, LiveRequest } from "../../management/contract/live.ts";
import { toUsd } from "../../prices/nano-usd.ts";
import { attemptView } from "../../usage/attempt-view.ts";
import { wordsOf } from "../decision.ts";
import { maskHeaders, maskText, maskUrl } from "../mask.ts";
import type { BoundedText } from "./bounded-text.ts";
import type { CapturedAttempt, RequestCapture } from "./captured-request.ts";
import type { LiveAttempt, LiveEntry } from "./live-entry.ts";

/** What people call a principal. */
export interface Names {
  readonly username?: string;
  readonly keyName?: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A request as it stands now. */
export function requestView(entry: LiveEntry, names: Names): LiveRequest {
  const view: Writable<LiveRequest> = {
    requestId: entry.requestId, startedAt: entry.startedAt, state: entry.state, principal: entry.principal, ...names,
    endpoint: entry.endpoint, clientDialect: entry.clientDialect, attempts: entry.begun, losses: entry.losses, captured: entry.capture !== undefined,
  };
  for (const name of OPTIONAL) if (entry[name] !== undefined) Object.assign(view, { [name]: entry[name] });
  if (entry.endedAt !== undefined) view.durationMs = entry.endedAt - entry.startedAt;
  addUse(view, entry.attempts);
  return view;
}

const OPTIONAL = ["endedAt", "streamed", "modelAsked", "provider", "credential", "modelUpstream", "upstreamDialect", "status", "firstEventMs", "error", "errorCode"] as const;

/** Tokens and cost of all attempts together: failed ones may cost, too. */
function addUse(view: Writable<LiveRequest>, attempts: readonly LiveAttempt[]): void {
  for (const { record: { usage, costNanoUsd } } of attempts) {
    if (usage !== undefined) {
      view.inputTokens = (view.inputTokens ?? 0) + inputTotal(usage);
      view.outputTokens = (view.outputTokens ?? 0) + outputTotal(usage);
    }
    if (costNanoUsd !== undefined) view.costUsd = (view.costUsd ?? 0) + toUsd(costNanoUsd);
  }
}

/** Everything that is kept of a request, without secrets. */
export function detailView(entry: LiveEntry, names: Names): LiveDetail {
  const { capture } = entry;
  return {
    request: requestView(entry, names),
    decisions: entry.decisions.map((decision) => ({ at: decision.at, kind: decision.kind, message: wordsOf(decision), ...("attempt" in decision && { attempt: decision.attempt }) })),
    attempts: attemptNumbers(entry).map((number) => attemptDetail(entry, number, names)),
    ...(capture !== undefined && {
      clientRequest: bodyView(capture, capture.clientRequest, capture.origin.headers),
      clientResponse: bodyView(capture, capture.clientResponse, capture.clientHeaders),
    }),
  };
}

/** Those that have ended, and those under way of which something was captured. */
function attemptNumbers({ attempts, capture }: LiveEntry): number[] {
  const numbers = new Set([...attempts.map(({ record }) => record.attempt), ...(capture?.attempts.keys() ?? [])]);
  return [...numbers].sort((a, b) => a - b);
}

function attemptDetail({ attempts, capture }: LiveEntry, number: number, names: Names): LiveDetail["attempts"][number] {
  const ended = attempts.find(({ record }) => record.attempt === number);
  const captured = capture?.attempts.get(number);
  return {
    losses: (ended?.losses ?? []).map(({ code, path, action, detail }) => ({ code, path, action, ...(detail !== undefined && { note: detail }) })),
    ...(ended !== undefined && { record: attemptView(ended.record, names) }),
    ...(capture !== undefined && captured !== undefined && capturedView(capture, captured)),
  };
}

function capturedView(capture: RequestCapture, attempt: CapturedAttempt): Partial<LiveDetail["attempts"][number]> {
  return {
    upstreamRequest: bodyView(capture, attempt.request, attempt.requestHeaders),
    upstreamResponse: bodyView(capture, attempt.response, attempt.responseHeaders),
    ...(attempt.url !== undefined && { upstreamUrl: maskText(maskUrl(attempt.url), capture.secrets) }),
    ...(attempt.status !== undefined && { upstreamStatus: attempt.status }),
  };
}

function bodyView({ secrets }: RequestCapture, text: BoundedText, headers: Iterable<readonly [string, string]> | undefined): NonNullable<LiveDetail["clientRequest"]> {
  return { ...(headers !== undefined && { headers: maskHeaders(headers) }), text: maskText(text.text, secrets, text.truncated), bytes: text.bytes, truncated: text.truncated };
}
