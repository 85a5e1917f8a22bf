import type { CallObserver, Config, Background, Logger } from "@dragoman/gateway";
import { logsDirectory } from "./logs-directory.ts";
import { RequestLog } from "./request-log/request-log.ts";

export interface HostObservers {
  readonly observers: readonly CallObserver[];
  /** Puts a configuration in force. */
  apply(config: Config): void;
}

/** Who watches requests because this machine can do something with what they see: files. */
export function openObservers(config: Config, { logger, background }: { readonly logger: Logger; readonly background: Background }): HostObservers {
  const requestLog = new RequestLog({ directory: logsDirectory(), settings: config, logger, background });
  return { observers: [requestLog], apply: (next) => requestLog.apply(next) };
}
