import type { Config, Logger, LogLevel } from "@dragoman/gateway";
import { LogFile } from "./log-file.ts";
import { fileLine } from "./log-line.ts";
import { LogLimit } from "./log-limit.ts";
import { createLogger, stdoutSink } from "./logger.ts";

export interface LogOutputOptions {
  readonly directory: string;
  /** Lines for people on standard output, not JSON. */
  readonly pretty: boolean;
}

type Settings = Pick<Config, "debug" | "logging-to-file" | "logs-max-total-size-mb">;

/** The application log: standard output or files, at the level asked for; all of it can be switched while it runs. */
export class LogOutput {
  readonly logger: Logger;
  readonly #directory: string;
  readonly #limit: LogLimit;
  #file: LogFile | undefined;
  #level: LogLevel = "info";

  constructor({ directory, pretty }: LogOutputOptions) {
    this.#directory = directory;
    this.#limit = new LogLimit(directory);
    const level = (): LogLevel => this.#level;
    const toStdout = createLogger({ level, pretty, sink: stdoutSink });
    const toFile = createLogger({ level, format: fileLine, sink: { write: (line) => this.#file?.write(line) } });
    this.logger = { log: (...line) => (this.#file === undefined ? toStdout : toFile).log(...line) };
  }

  /** Puts a configuration in force. */
  apply(config: Settings): void {
    this.#level = config.debug ? "debug" : "info";
    if (config["logging-to-file"] !== (this.#file !== undefined)) this.#switch(config["logging-to-file"]);
    this.#limit.maxBytes = config["logs-max-total-size-mb"] * 1_048_576;
  }

  close(): void {
    this.#limit.stop();
    this.#file?.close();
    this.#file = undefined;
  }

  #switch(toFile: boolean): void {
    if (!toFile) {
      this.#file?.close();
      this.#file = undefined;
      return;
    }
    try {
      this.#file = new LogFile(this.#directory);
    } catch (error) {
      this.logger.log("error", "log.unwritable", { directory: this.#directory, reason: (error as Error).message, effect: "standard output is used" });
    }
  }
}
