import type { Call } from "../../pipeline/call.ts";
import type { Capture, CapturedHead, CapturedRequest } from "../call-observer.ts";
import { secretsIn } from "../mask.ts";
import { BoundedText } from "./bounded-text.ts";

/** One attempt as the upstream heard it and answered it. */
export interface CapturedAttempt {
  url?: string;
  status?: number;
  requestHeaders?: Iterable<readonly [string, string]>;
  responseHeaders?: Iterable<readonly [string, string]>;
  readonly request: BoundedText;
  readonly response: BoundedText;
}

/** What a request is, so that it can be sent again. */
export interface CapturedOrigin {
  readonly method: string;
  /** Path and query, without the client's key. */
  readonly target: string;
  /** The path before that, where it names the upstream. */
  readonly mount: string;
  readonly headers: Headers;
}

/**
 * Both dialects of one request as they passed. Kept as it was, secrets and all, for as long as it is kept: a replay needs
 * the very body, and a secret that was cut in two by the network is only found in the whole. What is shown passes `mask.ts`.
 */
export class RequestCapture implements Capture {
  readonly origin: CapturedOrigin;
  readonly clientRequest: BoundedText;
  readonly clientResponse: BoundedText;
  clientStatus: number | undefined;
  clientHeaders: Iterable<readonly [string, string]> | undefined;
  readonly attempts = new Map<number, CapturedAttempt>();
  readonly secrets: string[];
  #keptBytes = 0;
  #dropped = false;
  readonly #maxBytes: number;
  readonly #onGrown: (bytes: number) => void;

  /** `maxBytes` holds for each body; `onGrown` is told of each byte that is kept. */
  constructor(call: Call, maxBytes: number, onGrown: (bytes: number) => void) {
    this.#maxBytes = maxBytes;
    this.#onGrown = onGrown;
    this.origin = { method: call.method, target: targetOf(call), mount: call.mount ?? "", headers: call.headers };
    this.secrets = secretsIn(call.headers, "");
    this.clientRequest = this.#text();
    this.clientResponse = this.#text();
    this.#keep(this.clientRequest, call.bodyText);
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** It made room for others; nothing is kept any more. */
  drop(): void {
    this.#dropped = true;
  }

  upstreamRequest(attempt: number, { url, headers, body }: CapturedRequest): void {
    const captured = this.#attempt(attempt);
    const entries = Object.entries(headers);
    captured.url = url;
    captured.requestHeaders = entries;
    this.secrets.push(...secretsIn(entries, url));
    this.#keep(captured.request, body);
  }

  upstreamHead(attempt: number, { status, headers }: CapturedHead): void {
    const captured = this.#attempt(attempt);
    captured.status = status;
    captured.responseHeaders = headers;
  }

  upstreamChunk(attempt: number, chunk: string | Uint8Array): void {
    this.#keep(this.#attempt(attempt).response, chunk);
  }

  clientHead({ status, headers }: CapturedHead): void {
    this.clientStatus = status;
    this.clientHeaders = headers;
  }

  clientChunk(chunk: string | Uint8Array): void {
    this.#keep(this.clientResponse, chunk);
  }

  clientEnd(): void {
    // Whatever comes has come by now.
  }

  #attempt(number: number): CapturedAttempt {
    let attempt = this.attempts.get(number);
    if (attempt === undefined) {
      attempt = { request: this.#text(), response: this.#text() };
      this.attempts.set(number, attempt);
    }
    return attempt;
  }

  #text(): BoundedText {
    return new BoundedText(this.#maxBytes);
  }

  #keep(text: BoundedText, chunk: string | Uint8Array): void {
    if (this.#dropped) return;
    const bytes = text.add(chunk);
    if (bytes === 0) return;
    this.#keptBytes += bytes;
    this.#onGrown(bytes);
  }
}

/** How the stream is framed is the only thing that any dialect reads of a query; Anthropic's `beta` is for show. */
const KEPT_PARAMETERS = ["alt", "$alt", "beta"];

function targetOf({ input }: Call): string {
  const query = new URLSearchParams();
  for (const name of KEPT_PARAMETERS) {
    const value = input.query.get(name);
    if (value !== null) query.set(name, value);
  }
  return query.size === 0 ? input.path : `${input.path}?${query}`;
}
