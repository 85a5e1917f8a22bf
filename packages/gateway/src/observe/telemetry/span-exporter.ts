import type { Ports } from "../../ports.ts";
import { VERSION } from "../../version.ts";
import { otlpJson, type Span } from "./otlp-json.ts";

export interface ExporterSettings {
  /** The very address that spans are sent to. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
}

const MAX_QUEUE = 2048;
const MAX_BATCH = 512;
const SEND_AFTER_MS = 5000;
const TIMEOUT_MS = 10_000;
/** A collector that is away must not hold up a shutdown. */
const CLOSE_MS = 5000;
/** Waits between tries of one batch; after the last it is given up. */
const BACK_OFF_MS = [1000, 2000, 4000, 8000];
/** OTLP: these are worth another try, everything else is not. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sends spans behind everything else: in batches, from a queue that drops rather than grows, and never in anybody's way. */
export class SpanExporter {
  readonly #settings: ExporterSettings;
  readonly #ports: Pick<Ports, "fetch" | "clock" | "logger">;
  readonly #queue: Span[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #closing = false;
  #wake: (() => void) | undefined;
  #dropped = 0;

  constructor(settings: ExporterSettings, ports: Pick<Ports, "fetch" | "clock" | "logger">) {
    this.#settings = settings;
    this.#ports = ports;
  }

  add(span: Span): void {
    if (this.#closing || this.#queue.length >= MAX_QUEUE) {
      this.#dropped++;
      return;
    }
    this.#queue.push(span);
    if (this.#queue.length >= MAX_BATCH) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), SEND_AFTER_MS);
  }

  /** Sends what is left, without waiting between tries, for as long as a shutdown can wait. Never rejects. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#wake?.();
    this.#start();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      // What came while the last batch was on its way.
      if (this.#queue.length > 0 && !this.#closing) this.#timer ??= setTimeout(() => this.#start(), SEND_AFTER_MS);
    });
  }

  async #sendAll(): Promise<void> {
    do {
      const batch = this.#queue.splice(0, MAX_BATCH);
      if (batch.length > 0) await this.#send(batch);
    } while (this.#queue.length >= MAX_BATCH || (this.#closing && this.#queue.length > 0));
    this.#tellDropped();
  }

  async #send(batch: readonly Span[]): Promise<void> {
    const { serviceName } = this.#settings;
    const body = otlpJson(batch, { serviceName, version: VERSION });
    let reason = "";
    for (let tried = 0; tried <= BACK_OFF_MS.length; tried++) {
      const outcome = await this.#post(body);
      if (outcome === undefined) return;
      reason = outcome.reason;
      const pauseMs = BACK_OFF_MS[tried];
      if (!outcome.retryable || pauseMs === undefined || (this.#closing && tried > 0)) break;
      if (!this.#closing) await this.#pause(outcome.retryAfterMs ?? pauseMs * (0.75 + (this.#ports.clock.now() % 512) / 1024));
    }
    this.#ports.logger.log("warn", "telemetry.failed", { spans: batch.length, reason });
  }

  /** @returns why it failed */
  async #post(body: string): Promise<{ readonly reason: string; readonly retryable: boolean; readonly retryAfterMs?: number } | undefined> {
    const { url, headers } = this.#settings;
    try {
      const response = await this.#ports.fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await response.body?.cancel();
      if (response.ok) return undefined;
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      return { reason: `status ${response.status}`, retryable: RETRYABLE.has(response.status), ...(seconds > 0 && { retryAfterMs: Math.min(60, seconds) * 1000 }) };
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error), retryable: true };
    }
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    this.#ports.logger.log("warn", "telemetry.dropped", { spans: this.#dropped });
    this.#dropped = 0;
  }
}
