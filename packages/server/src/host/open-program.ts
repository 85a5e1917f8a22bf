import type { ConfigChange, DiscoveredUpstream, Logger } from "@dragoman/gateway";
import { banner } from "../cli/banner.ts";
import { UsageError } from "../cli/command.ts";
import { complain, print, yellow } from "../cli/terminal.ts";
import { problemText } from "../config/config-file.ts";
import { loadConfig, type LoadedConfig } from "../config/load-config.ts";
import { watchConfig } from "../config/watch-config.ts";
import { demoModels } from "../demo/demo-models.ts";
import { discover } from "./discover.ts";
import { learnModels } from "./learn-models.ts";
import { startProgram, type Program } from "./program.ts";

export interface OpenOptions {
  readonly configPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly json: boolean;
  /** Offer the built-in demo models as well. */
  readonly demo: boolean;
}

/** Reads the configuration, looks around, starts, says where and what, and follows the configuration file. */
export async function openProgram(options: OpenOptions): Promise<Program> {
  const loaded = readConfig(options.configPath);
  const found = await discover(loaded.config, loaded.environment);
  const discovered: readonly DiscoveredUpstream[] = options.demo ? [...found, demoModels] : found;
  const program = await start(options, loaded, discovered);
  const pretty = process.stdout.isTTY === true && !options.json;
  if (pretty || options.demo) print(banner({ program, loaded, discovered, demo: options.demo }));
  else program.logger.log("info", "server.started", { url: program.server.url, models: program.gateway.engine.switchboard.listModels().length, config: loaded.path ?? null });
  const stopWatching = loaded.path === undefined ? undefined : follow(program, { ...loaded, path: loaded.path });
  void learnModels(program.gateway, loaded.config["proxy-url"], program.logger);
  return { ...program, stop: () => (stopWatching?.(), program.stop()) };
}

function readConfig(named: string | undefined): LoadedConfig {
  const result = loadConfig({ named, directory: process.cwd(), environment: process.env });
  if (!result.ok) throw new UsageError(["the configuration cannot be used:", ...result.problems.map((problem) => `  ${problemText(problem, result.path)}`)].join("\n"));
  for (const note of result.loaded.notes) complain(yellow(`note: ${problemText(note, result.loaded.path ?? "configuration")}`));
  return result.loaded;
}

async function start(options: OpenOptions, loaded: LoadedConfig, discovered: readonly DiscoveredUpstream[]): Promise<Program> {
  try {
    return await startProgram({
      loaded,
      discovered,
      json: options.json,
      ...(options.host !== undefined && { host: options.host }),
      ...(options.port !== undefined && { port: options.port }),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const port = options.port ?? loaded.config.port;
    if (code === "EADDRINUSE") throw new UsageError(`port ${port} is taken. Stop the other program, or choose another port with --port.`);
    if (code === "EACCES") throw new UsageError(`port ${port} may not be opened by this user. Choose one above 1023 with --port.`);
    throw error;
  }
}

/** Swaps the configuration when its file changes; a bad file changes nothing and is told. */
function follow(program: Program, loaded: LoadedConfig & { readonly path: string }): () => void {
  return watchConfig(loaded, {
    onChange: (next, changes) => {
      program.reload(next.config);
      tellChanges(program.logger, changes);
    },
    onProblems: (problems) => {
      program.logger.log("error", "config.refused", { path: loaded.path, problems: problems.map((problem) => problemText(problem, loaded.path)) });
    },
  });
}

function tellChanges(logger: Logger, changes: readonly ConfigChange[]): void {
  logger.log("info", "config.reloaded", { changes: changes.map(({ path, summary }) => `${path}: ${summary}`) });
  const restart = changes.filter(({ reload }) => reload === "restart").map(({ path }) => path);
  if (restart.length > 0) logger.log("warn", "config.restart-needed", { for: restart });
}

