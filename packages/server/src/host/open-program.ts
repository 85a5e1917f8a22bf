import type { ConfigChange, DiscoveredUpstream, Logger } from "@dragoman/gateway";
import { banner, isLoopback, setupLine } from "../cli/banner.ts";
import { UsageError } from "../cli/command.ts";
import { complain, print, yellow } from "../cli/terminal.ts";
import { problemText } from "../config/config-file.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { watchConfig } from "../config/watch-config.ts";
import { demoModels } from "../demo/demo-models.ts";
import { dataDirectory } from "./data-directory.ts";
import { discover } from "./discover.ts";
import { followSecrets } from "./follow-secrets.ts";
import { startProgram, type Program, type ProgramOptions } from "./program.ts";
import { loadConfigWithSecrets } from "./stored-secrets.ts";

export interface OpenOptions {
  readonly configPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly json: boolean;
  /** Offer the built-in demo models as well. */
  readonly demo: boolean;
  /** A management key that is good from this machine alone. */
  readonly localKey?: string;
}

/** Reads the configuration, looks around, starts, says where and what, and follows the configuration file. */
export async function openProgram(options: OpenOptions): Promise<Program> {
  const loaded = await readConfig(options);
  const found = await discover(loaded.config, loaded.environment);
  const discovered: readonly DiscoveredUpstream[] = options.demo ? [...found, demoModels] : found;
  let followed: (() => void) | undefined;
  const program = await start(options, loaded, { discovered, onConfigCreated: () => (followed ??= follow(program)) });
  await program.keeper.hashSecret();
  const pretty = process.stdout.isTTY === true && !options.json;
  if (pretty || options.demo) print(banner({ program, loaded, discovered, demo: options.demo }));
  else {
    program.logger.log("info", "server.started", { url: program.server.url, models: program.gateway.engine.switchboard.listModels().length, config: loaded.path ?? null });
    // Not into the log: the link holds a token.
    if (program.setupUrl !== undefined) complain(setupLine(program.setupUrl));
    await warnIfOpen(program);
  }
  if (loaded.path !== undefined) followed = follow(program);
  const stopSecrets = followSecrets(program);
  void program.models.learn(loaded.config);
  return { ...program, stop: () => (followed?.(), stopSecrets(), program.stop()) };
}

/** Where another gateway's variables may name an address of ours as its upstream's, it must be known which port is. */
async function readConfig({ configPath: named, port }: OpenOptions): Promise<LoadedConfig> {
  const environment = { ...process.env, ...(port !== undefined && port > 0 && { DRAGOMAN_PORT: String(port) }) };
  const result = await loadConfigWithSecrets({ named, directory: process.cwd(), home: dataDirectory(), environment });
  if (!result.ok) throw new UsageError(["the configuration cannot be used:", ...result.problems.map((problem) => `  ${problemText(problem, result.path)}`)].join("\n"));
  for (const note of result.loaded.notes) complain(yellow(`note: ${problemText(note, result.loaded.path ?? "configuration")}`));
  return result.loaded;
}

/** Where no banner says it. Keys that are made later close the door at once. */
async function warnIfOpen({ gateway, logger, server }: Program): Promise<void> {
  if (isLoopback(server.url) || (await gateway.engine.guard.isKeyed())) return;
  logger.log("warn", "access.open", { url: server.url, effect: "anyone who reaches this address can use it, and the keys of its upstreams: set api-keys, or make keys for users" });
}

async function start(options: OpenOptions, loaded: LoadedConfig, more: Pick<ProgramOptions, "discovered" | "onConfigCreated">): Promise<Program> {
  try {
    return await startProgram({
      ...more,
      loaded,
      json: options.json,
      ...(options.localKey !== undefined && { localKey: options.localKey }),
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
function follow(program: Program): () => void {
  const { keeper } = program;
  const path = keeper.current().path ?? "";
  return watchConfig(keeper.running(), {
    running: () => keeper.running(),
    onChange: (next, changes) => {
      keeper.adopt(next);
      void keeper.hashSecret();
      tellChanges(program.logger, changes);
    },
    onProblems: (problems) => {
      program.logger.log("error", "config.refused", { path, problems: problems.map((problem) => problemText(problem, path)) });
    },
  });
}

function tellChanges(logger: Logger, changes: readonly ConfigChange[]): void {
  logger.log("info", "config.reloaded", { changes: changes.map(({ path, summary }) => `${path}: ${summary}`) });
  const restart = changes.filter(({ reload }) => reload === "restart").map(({ path }) => path);
  if (restart.length > 0) logger.log("warn", "config.restart-needed", { for: restart });
}

