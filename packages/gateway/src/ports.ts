import type { Store } from "./store/port.ts";
import type { AttemptRecord } from "./usage/attempt-record.ts";

/** The outside world on one page. A host fills it in; everything else in this package is pure engine. */
export interface Ports {
  readonly fetch: UpstreamFetch;
  /** Absent where the host cannot: HTTP is used in its place. */
  readonly dialWebSocket?: DialWebSocket;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly background: Background;
  /** Where attempts are written down; called once for every attempt. */
  readonly usage: UsageSink;
  /** Users, keys, usage, audit; absent: the gateway knows only its configuration. */
  readonly store?: Store;
  /** Opens what is kept closed: keys are hashed with it, secrets in the store are sealed with it. 32 bytes; all replicas share it. */
  readonly secretKey?: Uint8Array;
  /** All addresses of a host; absent where the host cannot tell. */
  readonly resolveHost?: (host: string) => Promise<readonly string[]>;
}

/** `fetch` with the one thing it lacks: a proxy for this request (`http:`, `https:`, `socks5:`, `socks5h:`, or `direct`). */
export type UpstreamFetch = (url: string, init: UpstreamRequestInit) => Promise<Response>;

export interface UpstreamRequestInit {
  readonly method: string;
  readonly headers: Headers | Record<string, string>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly proxyUrl?: string | undefined;
  /** Connect to this IP address, whatever the host resolves to by now. A proxy looks for itself. */
  readonly address?: string | undefined;
}

/**
 * Opens a websocket with request headers, which the web's own cannot send. Resolves when it is open.
 * @throws Error when it does not open
 */
export type DialWebSocket = (url: string, init: WebSocketInit) => Promise<WebSocket>;

export interface WebSocketInit {
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly proxyUrl?: string;
}

export interface Clock {
  /** Epoch ms. */
  now(): number;
}

export interface Ids {
  /** `length` letters and digits, unguessable. */
  random(length: number): string;
}

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  /** `event` is `noun.verb`, e.g. `attempt.failed`. Fields never hold bodies or secrets. */
  log(level: LogLevel, event: string, fields?: LogFields): void;
}

export interface Background {
  /** Work that outlives the reply (`waitUntil`); the host awaits it at shutdown. */
  run(work: Promise<unknown>): void;
}

export interface UsageSink {
  /** When this returns, the record outlives the process: the last bytes of the answer go out only then. Must not throw. */
  record(attempt: AttemptRecord): void;
  /** All records of this process so far are in the store when this resolves. */
  flush?(): Promise<void>;
  /** Records of this process that are not in the store yet. */
  backlog?(): number;
}
