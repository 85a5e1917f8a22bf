import { homedir } from "node:os";
import { createGateway, type Gateway, type Logger } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { problemText } from "../config/config-file.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { accountFiles } from "./account-files.ts";
import { dataDirectory } from "./data-directory.ts";
import { discover, type Finding } from "./discover.ts";
import { homeFiles } from "./home-files.ts";
import { ModelLearner } from "./learn-models.ts";
import { BackgroundWork, serverPorts } from "./ports.ts";
import { priceFileFor } from "./price-file.ts";
import { secretKey } from "./secret-key.ts";
import { loadConfigWithSecrets } from "./stored-secrets.ts";

const silent: Logger = { log: () => undefined };

/** The engine without a port: for commands that only look. `ask`: let upstreams tell their models. */
export async function openOffline({ configPath, ask }: { readonly configPath?: string; readonly ask: boolean }): Promise<{ gateway: Gateway; loaded: LoadedConfig; found: readonly Finding[] }> {
  const result = await loadConfigWithSecrets({ named: configPath, directory: process.cwd(), home: dataDirectory(), environment: process.env });
  if (!result.ok) throw new UsageError(["the configuration cannot be used:", ...result.problems.map((problem) => `  ${problemText(problem, result.path)}`)].join("\n"));
  const { loaded } = result;
  const found = await discover(loaded.config, loaded.environment);
  const gateway = createGateway({ config: loaded.config, discovered: found, ports: serverPorts(silent, new BackgroundWork()), sealKeys: [new Uint8Array(32)], accountFiles: accountFiles(() => loaded.config["auth-dir"], { encrypts: () => loaded.config.accounts.encrypt, key: () => secretKey(dataDirectory(), loaded.environment).key }), accountEnvironment: { variables: loaded.environment, home: homeFiles(homedir()), looksOnly: true }, priceFile: priceFileFor(silent) });
  // Read once: commands that look renew nothing, and do not wait for changes.
  await gateway.accounts?.start();
  gateway.close();
  if (ask) await new ModelLearner(gateway, silent).learn(loaded.config);
  return { gateway, loaded, found };
}
