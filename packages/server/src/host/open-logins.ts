import { join } from "node:path";
import { createGateway, type AccountFiles, type AccountPool, type Gateway, type Logger, type Logins } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { CONFIG_FILE_NAME, problemText } from "../config/config-file.ts";
import { FileConfigKeeper } from "../config/config-keeper.ts";
import { accountFiles } from "./account-files.ts";
import { loopbackPort } from "./callback-port.ts";
import { dataDirectory } from "./data-directory.ts";
import { bcryptPasswords } from "./passwords.ts";
import { BackgroundWork, serverPorts } from "./ports.ts";
import { secretKey } from "./secret-key.ts";
import { loadConfigWithSecrets } from "./stored-secrets.ts";

/** What commands that log in, or take over logins, work with: the engine without a port, and the hand that writes the configuration. */
export interface LoginHouse {
  readonly keeper: FileConfigKeeper;
  readonly accounts: AccountPool;
  readonly logins: Logins;
  readonly files: AccountFiles;
  /** Variables of the process and of `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

const silent: Logger = { log: () => undefined };

/** The server may be running: it sees what is written here by itself. @throws UsageError when the configuration cannot be used */
export async function openLogins(configPath: string | undefined): Promise<LoginHouse> {
  const result = await loadConfigWithSecrets({ named: configPath, directory: process.cwd(), home: dataDirectory(), environment: process.env });
  if (!result.ok) throw new UsageError(["the configuration cannot be used:", ...result.problems.map((problem) => `  ${problemText(problem, result.path)}`)].join("\n"));
  const { loaded } = result;
  const keeper = new FileConfigKeeper({ loaded, newPath: join(dataDirectory(), CONFIG_FILE_NAME), passwords: bcryptPasswords(), putInForce: (config) => gateway.reload(config) });
  const files = accountFiles(() => keeper.current().config["auth-dir"], {
    encrypts: () => keeper.current().config.accounts.encrypt,
    key: () => secretKey(dataDirectory(), loaded.environment).key,
  });
  const gateway: Gateway = createGateway({
    config: loaded.config, ports: serverPorts(silent, new BackgroundWork()), sealKeys: [new Uint8Array(32)], accountFiles: files, callbackPort: loopbackPort,
  });
  const { accounts, logins } = gateway;
  if (accounts === undefined || logins === undefined) throw new Error("a gateway with a directory of logins has logins");
  return {
    keeper, accounts, logins, files, environment: loaded.environment,
    async close() {
      await logins.close();
      gateway.close();
    },
  };
}
