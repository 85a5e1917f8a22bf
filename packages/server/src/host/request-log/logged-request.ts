import { secretsIn, type BegunAttempt, type Call, type Capture, type CapturedHead, type CapturedRequest } from "@dragoman/gateway";
import { LogPart, type PartLimits } from "./log-part.ts";

/** One attempt, as it is written down. */
export interface LoggedAttempt {
  readonly startedAt: number;
  provider?: string;
  credentialIndex?: string;
  credentialLabel?: string;
  url?: string;
  headers?: readonly (readonly [string, string])[];
  answeredAt?: number;
  status?: number;
  responseHeaders?: Headers;
  readonly request: LogPart;
  response: LogPart;
  failure?: string;
  failureStatus?: number;
}

export interface LoggingLimits {
  readonly part: PartLimits;
  /** Of answers that go well, where only failures are written in the end. */
  readonly goodAnswer: PartLimits;
}

const LIMITS: LoggingLimits = {
  part: { memory: 1_048_576, total: 32 * 1_048_576 },
  goodAnswer: { memory: 16_384, total: 16_384 },
};

/** Everything about one request that its log will say. Told as it happens; written when all of it is there. */
export class LoggedRequest implements Capture {
  readonly call: Call;
  /** Written whatever becomes of it; else only when it fails. */
  readonly always: boolean;
  readonly attempts = new Map<number, LoggedAttempt>();
  readonly secrets: string[];
  readonly clientRequest: LogPart;
  clientResponse: LogPart;
  clientStatus: number | undefined;
  clientHeaders: Headers | undefined;
  /** What became of it; absent while nobody knows. */
  ended: { readonly status: number; readonly cancelled: boolean } | undefined;
  /** Nothing more will be said to the client. */
  clientEnded = false;
  readonly #spoolDirectory: string | undefined;
  readonly #onEnd: () => void;

  constructor(call: Call, options: { readonly always: boolean; readonly spoolDirectory: string; readonly onEnd: () => void }) {
    this.call = call;
    this.always = options.always;
    this.#onEnd = options.onEnd;
    // A failure's log is made from memory alone: most requests go well, and cost the disk nothing.
    this.#spoolDirectory = options.always ? options.spoolDirectory : undefined;
    this.secrets = secretsIn(call.headers, "");
    this.clientRequest = this.#part(LIMITS.part);
    this.clientResponse = this.#part(options.always ? LIMITS.part : LIMITS.goodAnswer);
    if (!isMultipart(call)) this.clientRequest.add(call.bodyText);
  }

  began({ number, candidate }: BegunAttempt): void {
    const attempt = this.#attempt(number);
    attempt.provider = candidate.upstream.name;
    attempt.credentialIndex = candidate.credential.index;
    attempt.credentialLabel = candidate.credential.label;
  }

  upstreamRequest(number: number, { url, headers, body }: CapturedRequest): void {
    const attempt = this.#attempt(number);
    attempt.url = url;
    attempt.headers = Object.entries(headers);
    this.secrets.push(...secretsIn(attempt.headers, url));
    attempt.request.add(body);
  }

  upstreamHead(number: number, { status, headers }: CapturedHead): void {
    const attempt = this.#attempt(number);
    attempt.answeredAt = Date.now();
    attempt.status = status;
    attempt.responseHeaders = headers;
    if (status >= 400 || this.always) attempt.response = this.#part(LIMITS.part);
  }

  upstreamChunk(number: number, chunk: string | Uint8Array): void {
    this.attempts.get(number)?.response.add(chunk);
  }

  clientHead({ status, headers }: CapturedHead): void {
    this.clientStatus = status;
    this.clientHeaders = headers;
    if (status >= 400) this.clientResponse = this.#part(LIMITS.part);
  }

  clientChunk(chunk: string | Uint8Array): void {
    this.clientResponse.add(chunk);
  }

  clientEnd(): void {
    this.#onEnd();
  }

  async discard(): Promise<void> {
    const parts = [this.clientRequest, this.clientResponse, ...[...this.attempts.values()].flatMap(({ request, response }) => [request, response])];
    await Promise.all(parts.map((part) => part.discard()));
  }

  #attempt(number: number): LoggedAttempt {
    let attempt = this.attempts.get(number);
    if (attempt === undefined) {
      attempt = { startedAt: Date.now(), request: this.#part(LIMITS.part), response: this.#part(LIMITS.goodAnswer) };
      this.attempts.set(number, attempt);
    }
    return attempt;
  }

  #part(limits: PartLimits): LogPart {
    return new LogPart(limits, this.#spoolDirectory);
  }
}

/** Files that were sent are nobody's reading. */
export function isMultipart({ headers }: Call): boolean {
  return headers.get("content-type")?.toLowerCase().startsWith("multipart/") === true;
}
