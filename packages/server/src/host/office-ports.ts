import type { AccountFiles, OfficePorts } from "@dragoman/gateway";
import type { FileConfigKeeper } from "../config/config-keeper.ts";
import { accountFiles } from "./account-files.ts";
import { applicationLog } from "./application-log.ts";
import { dataDirectory } from "./data-directory.ts";
import { logsDirectory } from "./logs-directory.ts";
import { namedFiles } from "./named-files.ts";
import { bcryptPasswords } from "./passwords.ts";
import { systemClock, systemIds } from "./ports.ts";

export interface OfficePortsOptions {
  readonly config: FileConfigKeeper;
  readonly url: () => string;
  /** Of `--password`. */
  readonly localKey?: string;
  /** Opens stored logins that are sealed. */
  readonly secretKey: Uint8Array;
}

/** How long the link of the first run is good. */
const FIRST_RUN_MS = 30 * 60_000;

/** What this machine does for the office. */
export function officePorts({ config, url, localKey, secretKey }: OfficePortsOptions): OfficePorts & { readonly authFiles: AccountFiles } {
  const { environment } = config.running();
  const environmentKey = environment.MANAGEMENT_PASSWORD ?? environment.management_password ?? "";
  const hasKey = environmentKey !== "" || config.current().config["remote-management"]["secret-key"] !== "";
  return {
    config,
    passwords: bcryptPasswords(),
    applicationLog: applicationLog({ directory: logsDirectory, enabled: () => config.current().config["logging-to-file"] }),
    requestLogs: namedFiles(logsDirectory),
    authFiles: accountFiles(() => config.current().config["auth-dir"], { encrypts: () => config.current().config.accounts.encrypt, key: () => secretKey }),
    facts: { runtime: `Bun ${Bun.version}`, startedAt: systemClock.now(), dataDirectory: dataDirectory(), url },
    ...(environmentKey !== "" && { environmentKey }),
    ...(localKey !== undefined && localKey !== "" && { localKey }),
    ...(!hasKey && { firstRun: { token: systemIds.random(40), expiresAt: systemClock.now() + FIRST_RUN_MS } }),
  };
}
