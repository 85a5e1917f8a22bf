import { Telemetry, type Background, type CallObserver, type Config, type Logger } from "@dragoman/gateway";
import type { Environment } from "../config/environment-file.ts";
import { fetchUpstream } from "./fetch-upstream.ts";
import { logsDirectory } from "./logs-directory.ts";
import { systemClock, systemIds } from "./ports.ts";
import { RequestLog } from "./request-log/request-log.ts";
import { telemetrySettings } from "./telemetry-settings.ts";

export interface HostObservers {
  readonly observers: readonly CallObserver[];
  /** Puts a configuration in force. */
  apply(config: Config): void;
  /** Sends what waits to be sent. */
  close(): Promise<void>;
}

export interface HostObserversOptions {
  readonly logger: Logger;
  readonly background: Background;
  /** Variables of the process and of `.env`. */
  readonly environment: Environment;
}

/** Who watches requests because this machine can do something with what they see: write files, send traces. */
export function openObservers(config: Config, { logger, background, environment }: HostObserversOptions): HostObservers {
  const requestLog = new RequestLog({ directory: logsDirectory(), settings: config, logger, background });
  const telemetry = new Telemetry({ fetch: fetchUpstream, clock: systemClock, ids: systemIds, logger });
  telemetry.configure(telemetrySettings(config, environment));
  return {
    observers: [requestLog, telemetry],
    apply(next) {
      requestLog.apply(next);
      telemetry.configure(telemetrySettings(next, environment));
    },
    close: () => telemetry.close(),
  };
}
