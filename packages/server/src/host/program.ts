import { createGateway, type Config, type DiscoveredUpstream, type Gateway, type Logger } from "@dragoman/gateway";
import { AdminFiles } from "../admin/admin-files.ts";
import { createAdminSite } from "../admin/admin-site.ts";
import { CONFIG_FILE_NAME } from "../config/config-file.ts";
import { FileConfigKeeper } from "../config/config-keeper.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { loopbackPort } from "./callback-port.ts";
import { setupUrl } from "./first-run.ts";
import { homeFiles } from "./home-files.ts";
import { cooldownFile } from "./cooldown-file.ts";
import { officePorts } from "./office-ports.ts";
import { bcryptPasswords } from "./passwords.ts";
import { ModelLearner } from "./learn-models.ts";
import { LogOutput } from "./log-output.ts";
import { logsDirectory } from "./logs-directory.ts";
import { openObservers } from "./observers.ts";
import { BackgroundWork, serverPorts } from "./ports.ts";
import { openStore } from "./open-store.ts";
import { markAddress } from "./running-marker.ts";
import { dataDirectory, sealKey } from "./data-directory.ts";
import { followPriceFile, priceFileFor } from "./price-file.ts";
import { serve, type RunningServer } from "./serve.ts";
import { homedir } from "node:os";
import { join } from "node:path";

export interface ProgramOptions {
  readonly loaded: LoadedConfig;
  readonly discovered: readonly DiscoveredUpstream[];
  /** Over the configuration's own. */
  readonly host?: string;
  readonly port?: number;
  /** Log JSON lines, also on a terminal. */
  readonly json?: boolean;
  /** A management key that is good from this machine alone. */
  readonly localKey?: string;
  /** The configuration file was made by this program. */
  onConfigCreated?(): void;
}

/** The gateway as it runs on this machine: engine, porch, log and background work. */
export interface Program {
  readonly gateway: Gateway;
  readonly server: RunningServer;
  readonly logger: Logger;
  /** Upstreams that come with a new configuration are asked for their models by itself. */
  readonly models: ModelLearner;
  /** The only hand that writes the configuration file. */
  readonly keeper: FileConfigKeeper;
  /** Sets the management key, as long as there is none. */
  readonly setupUrl?: string;
  reload(config: Config, discovered?: readonly DiscoveredUpstream[]): void;
  stop(): Promise<void>;
}

/** Running streams get this long to finish at shutdown. */
const GRACE_MS = 10_000;

export async function startProgram(options: ProgramOptions): Promise<Program> {
  let config = options.loaded.config;
  const background = new BackgroundWork();
  const log = new LogOutput({ directory: logsDirectory(), pretty: process.stdout.isTTY === true && options.json !== true });
  log.apply(config);
  const { logger } = log;
  const watching = openObservers(config, { logger, background, environment: options.loaded.environment });
  const opened = await openStore({ config: () => config, environment: options.loaded.environment, directory: dataDirectory(), logger });
  const reload = (next: Config, discovered?: readonly DiscoveredUpstream[]): void => {
    gateway.reload(next, discovered);
    config = next;
    log.apply(next);
    watching.apply(next);
    void models.learn(next);
  };
  const keeper = new FileConfigKeeper({
    loaded: options.loaded, newPath: join(dataDirectory(), CONFIG_FILE_NAME), passwords: bcryptPasswords(),
    putInForce: reload, onCreated: () => options.onConfigCreated?.(),
  });
  const office = officePorts({ config: keeper, url: () => server.url, secretKey: opened.secretKey, ...(options.localKey !== undefined && { localKey: options.localKey }) });
  const cooldowns = cooldownFile(logger);
  const gateway: Gateway = createGateway({ office, accountFiles: office.authFiles, callbackPort: loopbackPort, cooldowns, accountEnvironment: { variables: options.loaded.environment, home: homeFiles(homedir()) }, observers: watching.observers, config, discovered: options.discovered, ports: serverPorts(logger, background, opened), sealKeys: sealKeysOf(config, logger), priceFile: priceFileFor(logger) });
  await gateway.accounts?.start();
  const models = new ModelLearner(gateway, logger);
  const { tls } = config;
  const adminFiles = new AdminFiles();
  const server = serveOrClose({
    gateway,
    site: createAdminSite({ load: () => adminFiles.load(), enabled: () => !config["remote-management"]["disable-control-panel"], logger }),
    hostname: options.host ?? config.host,
    port: options.port ?? config.port,
    maxBodyBytes: config.limits["max-body-bytes"],
    ...(tls.enable && { tls: { cert: tls.cert, key: tls.key } }),
  });
  markAddress(dataDirectory(), reachable(server.url));
  const link = setupUrl(server.url, office);
  const stopPrices = followPriceFile(() => {
    gateway.reload(config);
    logger.log("info", "prices.reloaded");
  });
  return {
    gateway,
    server,
    logger,
    models,
    keeper,
    ...(link !== undefined && { setupUrl: link }),
    reload,
    async stop() {
      stopPrices();
      gateway.close();
      await server.stop(GRACE_MS);
      cooldowns.close();
      await background.drain();
      await watching.close();
      await opened.close();
      log.close();
    },
  };
}

/** An address for this machine's own programs. */
function reachable(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:|$)/, "//127.0.0.1");
}

/** A gateway that watches the disk would keep a program alive that cannot listen. @throws what `serve` throws */
function serveOrClose(options: Parameters<typeof serve>[0]): RunningServer {
  try {
    return serve(options);
  } catch (error) {
    options.gateway.close();
    throw error;
  }
}

function sealKeysOf(config: Config, logger: Logger): readonly Uint8Array[] {
  const configured = config["seal-keys"].map((key) => new TextEncoder().encode(key));
  if (configured.length > 0) return configured;
  const { key, kept } = sealKey();
  if (!kept) logger.log("warn", "sealkey.ephemeral", { directory: dataDirectory(), effect: "sealed reasoning in running conversations is lost at a restart" });
  return [key];
}
