import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../cli/command.ts";
import { saysYes } from "../cli/login/agree.ts";
import { Prompter } from "../cli/login/prompter.ts";
import { dim, green, print, yellow } from "../cli/terminal.ts";
import { writeAtomically } from "../config/write-atomically.ts";
import type { ServiceFile, ServicePlan } from "./service-plan.ts";

export interface InstallWish {
  /** Do not ask. */
  readonly yes: boolean;
  /** Show what would be done. */
  readonly dryRun: boolean;
  /** Show the file. */
  readonly print: boolean;
}

/** Writes the file and starts the service. @returns the exit code */
export async function install(service: ServiceFile, plan: ServicePlan, { yes, dryRun, print: printOnly }: InstallWish): Promise<number> {
  if (printOnly) return say(service.text.trimEnd());
  const prepare = plan.user === undefined ? [] : [["install", "-d", "-m", "700", "-o", plan.user, plan.directory]];
  const commands = [...prepare, ...service.start];
  print(`${existsSync(service.path) ? "replaces" : "writes"} ${service.path}`);
  if (dryRun) print(dim(service.text.trimEnd()));
  for (const command of commands) print(`runs     ${command.join(" ")}`);
  if (dryRun) return 0;
  await agree("Shall it?", yes);
  // Of an earlier one that may run.
  if (existsSync(service.path)) for (const command of service.stop) runQuietly(command);
  if (plan.user === undefined) mkdirSync(plan.directory, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(service.path), { recursive: true });
  writeAtomically(service.path, service.text);
  for (const command of commands) runOrTell(command);
  print(`${green("runs")}. Keys may stand in ${plan.directory}/dragoman.env on Linux, and in the configuration everywhere.`);
  for (const hint of service.hints) print(yellow(hint));
  return 0;
}

/** Stops the service and removes its file; data and configuration stay. @returns the exit code */
export async function uninstall(service: ServiceFile, { yes, dryRun, print: printOnly }: InstallWish): Promise<number> {
  if (!existsSync(service.path)) throw new UsageError(`there is no ${service.path}, so nothing is installed.`);
  for (const command of [...service.stop, ...service.removed]) print(`runs     ${command.join(" ")}`);
  print(`removes  ${service.path}`);
  if (dryRun || printOnly) return 0;
  await agree("Shall it?", yes);
  for (const command of service.stop) runQuietly(command);
  rmSync(service.path);
  for (const command of service.removed) runQuietly(command);
  return say(`${green("removed")}. The data stays where it is.`);
}

/** Runs a command of the system's with its output shown. @returns its exit code */
export function runShowing([program = "", ...words]: readonly string[]): number {
  const { status, error } = spawnSync(program, words, { stdio: "inherit" });
  if (error !== undefined) throw new UsageError(`${program} cannot be run: ${error.message}`);
  return status ?? 1;
}

function runOrTell(command: readonly string[]): void {
  const code = runShowing(command);
  if (code !== 0) throw new UsageError(`"${command.join(" ")}" ended with ${code}. The file is written; "dragoman service uninstall" removes it.`);
}

function runQuietly([program = "", ...words]: readonly string[]): void {
  spawnSync(program, words, { stdio: "ignore" });
}

async function agree(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  const prompter = new Prompter();
  try {
    if (!prompter.isPerson) throw new UsageError("nobody has agreed to this. Run it in a terminal, or add --yes.");
    if (!(await saysYes(prompter, `${question} [y/N] `))) throw new UsageError("nothing was done.");
  } finally {
    prompter.close();
  }
}

function say(text: string): number {
  print(text);
  return 0;
}
