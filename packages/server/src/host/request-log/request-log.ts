import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AttemptRecord, Background, BegunAttempt, Call, CallObserver, CallStory, Capture, Config, Logger, StoryEnd } from "@dragoman/gateway";
import { ERROR_PREFIX, requestLogName } from "./file-name.ts";
import { LoggedRequest } from "./logged-request.ts";
import { logSections } from "./log-text.ts";
import { removeOldest } from "./remove-oldest.ts";

export type RequestLogSettings = Pick<Config, "request-log" | "error-logs" | "error-logs-max-files" | "commercial-mode">;

export interface RequestLogOptions {
  readonly directory: string;
  readonly settings: RequestLogSettings;
  readonly logger: Logger;
  readonly background: Background;
}

/** Files on their way to becoming a log. */
const LEFT_OVER = /^\.(part|request)-[0-9a-f]{16}\.tmp$/;
/** Logs that are being written; when the disk cannot keep up, further ones are left out. */
const MAX_WRITING = 64;

/** One file a request, or one a failure. Nothing here is waited for by anybody. */
export class RequestLog implements CallObserver {
  readonly #options: RequestLogOptions;
  #settings: RequestLogSettings;
  #writing = 0;
  /** One log at a time is put together, so that many long ones do not fill the memory. */
  #turn: Promise<void> = Promise.resolve();
  #prepared = false;

  constructor(options: RequestLogOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  apply(settings: RequestLogSettings): void {
    this.#settings = settings;
  }

  requestBegan(call: Call): Capture | undefined {
    const settings = this.#settings;
    if (call.method === "GET" || settings["commercial-mode"]) return undefined;
    if (!settings["request-log"] && !settings["error-logs"]) return undefined;
    if (!settings["request-log"]) return new LoggedRequest(call, undefined, this.#clientEnded);
    this.#prepare();
    return new LoggedRequest(call, this.#options.directory, this.#clientEnded);
  }

  attemptBegan({ story }: Call, attempt: BegunAttempt): void {
    loggedOf(story)?.began(attempt);
  }

  attemptEnded({ story }: Call, { attempt, outcome, status, failure, errorCode }: AttemptRecord): void {
    if (outcome === "failed") loggedOf(story)?.failed(attempt, [failure, errorCode].filter((word) => word !== undefined).join(" "), status);
  }

  requestEnded({ story }: Call, { status, error }: StoryEnd): void {
    const request = loggedOf(story);
    if (request === undefined) return;
    request.ended = { status, cancelled: status === 499 || error?.code === "client_closed" };
    if (request.clientEnded) this.#finish(request);
  }

  /** Makes the directory when it is first needed; what a killed program left in it goes. */
  #prepare(): void {
    if (this.#prepared) return;
    this.#prepared = true;
    const { directory, logger } = this.#options;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(directory)) if (LEFT_OVER.test(name)) rmSync(join(directory, name), { force: true });
    } catch (error) {
      logger.log("warn", "requestlog.unwritable", { directory, reason: (error as Error).message });
    }
  }

  readonly #clientEnded = (request: LoggedRequest): void => {
    if (request.clientEnded) return;
    request.clientEnded = true;
    if (request.ended !== undefined) this.#finish(request);
  };

  #finish(request: LoggedRequest): void {
    if (isWanted(request) && this.#writing < MAX_WRITING) {
      this.#writing++;
      this.#turn = this.#turn.then(() => this.#write(request)).finally(() => this.#writing--);
      this.#options.background.run(this.#turn);
    } else if (request.spoolDirectory !== undefined) this.#options.background.run(request.discard());
  }

  /** Whole or not at all, for the owner only. */
  async #write(request: LoggedRequest): Promise<void> {
    const { directory, logger } = this.#options;
    const { requestId } = request;
    const isFailureOnly = request.spoolDirectory === undefined;
    const temporary = join(directory, `.request-${randomBytes(8).toString("hex")}.tmp`);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const file = await open(temporary, "wx", 0o600);
      try {
        for await (const section of logSections(request)) await file.write(section);
      } finally {
        await file.close();
      }
      await rename(temporary, join(directory, requestLogName(request, isFailureOnly)));
      if (isFailureOnly) await removeOldest(directory, ERROR_PREFIX, this.#settings["error-logs-max-files"]);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      logger.log("warn", "requestlog.failed", { requestId, reason: (error as Error).message });
    } finally {
      await request.discard().catch(() => undefined);
    }
  }
}

/** One capture at most is ours, among very few. */
function loggedOf({ captures }: CallStory): LoggedRequest | undefined {
  if (captures === undefined) return undefined;
  for (const capture of captures) if (capture instanceof LoggedRequest) return capture;
  return undefined;
}

function isWanted({ spoolDirectory, ended, attempts }: LoggedRequest): boolean {
  if (spoolDirectory !== undefined) return true;
  if (ended === undefined || ended.cancelled) return false;
  return ended.status >= 400 || attempts.some((attempt) => attempt?.failure !== undefined);
}
