import { secretsIn, type BegunAttempt, type Call, type Capture, type CapturedHead, type CapturedRequest } from "@dragoman/gateway";
import { LogPart, type PartLimits } from "./log-part.ts";

/** One attempt, as it is written down. */
export interface LoggedAttempt {
  readonly startedAt: number;
  candidate: BegunAttempt["candidate"] | undefined;
  url: string | undefined;
  headers: Readonly<Record<string, string>> | undefined;
  answeredAt: number | undefined;
  status: number | undefined;
  responseHeaders: Headers | undefined;
  request: LogPart | undefined;
  response: LogPart | undefined;
  failure: string | undefined;
  failureStatus: number | undefined;
}

const WHOLE: PartLimits = { memory: 1_048_576, total: 32 * 1_048_576 };
/** Of answers that go well, where only failures are written in the end: thousands of streams may run at once. */
const BEGINNING: PartLimits = { memory: 2048, total: 2048 };

/** Everything about one request that its log will say. Told as it happens; written when all of it is there. */
export class LoggedRequest implements Capture {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly headers: Headers;
  /** Where long parts are kept meanwhile; it is written whatever becomes of it. Absent: only when it fails, from memory alone, so that requests that go well cost the disk nothing. */
  readonly spoolDirectory: string | undefined;
  /** By their numbers, from 1. */
  readonly attempts: (LoggedAttempt | undefined)[] = [];
  clientResponse: LogPart | undefined;
  clientStatus: number | undefined;
  clientHeaders: Headers | undefined;
  /** What became of it; absent while nobody knows. */
  ended: { readonly status: number; readonly cancelled: boolean } | undefined;
  /** Nothing more will be said to the client. */
  clientEnded = false;
  readonly clientRequest: LogPart;
  readonly #onEnd: (request: LoggedRequest) => void;

  constructor(call: Call, spoolDirectory: string | undefined, onEnd: (request: LoggedRequest) => void) {
    // Not the call itself: a log that waits to be written would keep everything that hangs on it.
    this.requestId = call.requestId;
    this.method = call.method;
    this.path = call.input.path;
    this.startedAt = call.startedAt;
    this.headers = call.headers;
    this.spoolDirectory = spoolDirectory;
    this.#onEnd = onEnd;
    this.clientRequest = new LogPart(WHOLE, spoolDirectory);
    this.clientRequest.add(call.bodyText);
  }

  /** Of all its headers and addresses. */
  secrets(): string[] {
    return [...secretsIn(this.headers, ""), ...this.attempts.flatMap((attempt) => (attempt === undefined ? [] : secretsIn(Object.entries(attempt.headers ?? {}), attempt.url ?? "")))];
  }

  began({ number, candidate }: BegunAttempt): void {
    this.#attempt(number).candidate = candidate;
  }

  failed(number: number, failure: string, status: number): void {
    const attempt = this.#attempt(number);
    attempt.failure = failure;
    attempt.failureStatus = status;
  }

  upstreamRequest(number: number, { url, headers, body }: CapturedRequest): void {
    const attempt = this.#attempt(number);
    attempt.url = url;
    attempt.headers = headers;
    attempt.request = new LogPart(WHOLE, this.spoolDirectory);
    attempt.request.add(body);
  }

  upstreamHead(number: number, { status, headers }: CapturedHead): void {
    const attempt = this.#attempt(number);
    attempt.answeredAt = Date.now();
    attempt.status = status;
    attempt.responseHeaders = headers;
    attempt.response = this.#answerPart(status);
  }

  upstreamChunk(number: number, chunk: string | Uint8Array): void {
    this.attempts[number]?.response?.add(chunk);
  }

  clientHead({ status, headers }: CapturedHead): void {
    this.clientStatus = status;
    this.clientHeaders = headers;
    this.clientResponse = this.#answerPart(status);
  }

  clientChunk(chunk: string | Uint8Array): void {
    this.clientResponse?.add(chunk);
  }

  clientEnd(): void {
    this.#onEnd(this);
  }

  async discard(): Promise<void> {
    const parts = [this.clientRequest, this.clientResponse, ...this.attempts.flatMap((attempt) => [attempt?.request, attempt?.response])];
    await Promise.all(parts.map((part) => part?.discard()));
  }

  #attempt(number: number): LoggedAttempt {
    return (this.attempts[number] ??= {
      startedAt: Date.now(), candidate: undefined, url: undefined, headers: undefined, answeredAt: undefined, status: undefined, responseHeaders: undefined,
      request: undefined, response: undefined, failure: undefined, failureStatus: undefined,
    });
  }

  #answerPart(status: number): LogPart {
    return new LogPart(this.spoolDirectory === undefined && status < 400 ? BEGINNING : WHOLE, this.spoolDirectory);
  }
}

/** Files that were sent are nobody's reading. */
export function isMultipart({ headers }: LoggedRequest): boolean {
  return headers.get("content-type")?.toLowerCase().startsWith("multipart/") === true;
}
