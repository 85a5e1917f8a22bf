import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Client, Scratch, Setting } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { findCommand } from "./find-command.ts";
import type { Surroundings } from "./surroundings.ts";

export interface StartOptions {
  readonly setting: Setting;
  /** What the user says to the client. */
  readonly words: readonly string[];
  readonly around: Surroundings;
}

/** How the client is started. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes away what was only there for this run. */
  cleanUp(): void;
}

/** Starts the client at this terminal and waits for its end. @returns its exit code; 128 and the signal's number when it was ended by one */
export async function startClient(client: Client, options: StartOptions): Promise<number> {
  const launch = prepareLaunch(client, options);
  try {
    const child = spawn(launch.program, [...launch.args], { stdio: "inherit", env: launch.environment, shell: options.around.platform === "win32" });
    // Ctrl-C reaches the client by itself, which may have another use for it.
    const passOn = (signal: NodeJS.Signals) => (): void => void child.kill(signal);
    const handlers = [["SIGINT", () => undefined], ["SIGTERM", passOn("SIGTERM")], ["SIGHUP", passOn("SIGHUP")]] as const;
    for (const [signal, handle] of handlers) process.on(signal, handle);
    try {
      return await new Promise<number>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
      });
    } finally {
      for (const [signal, handle] of handlers) process.off(signal, handle);
    }
  } finally {
    launch.cleanUp();
  }
}

/** @throws UsageError when the client's program is not there */
export function prepareLaunch({ name, npm, start }: Client, { setting, words, around }: StartOptions): Launch {
  if (start === undefined) throw new UsageError(`${name} cannot be started from here.`);
  const [command = "", ...rest] = start.command === undefined ? words : [start.command, ...words];
  if (command === "") throw new UsageError("which program? Say it behind --, such as: dragoman run sdk -- python app.py");
  const program = /[/\\]/.test(command) ? command : findCommand(command, around);
  if (program === undefined) throw new UsageError(`${command} was not found.${npm === undefined ? "" : ` It is installed with: npm install --global ${npm}`}`);
  const scratch = start.scratch === undefined ? undefined : layOut(start.scratch, setting, around);
  return {
    program,
    args: [...(scratch?.args ?? []), ...(start.arguments?.(setting) ?? []), ...rest],
    environment: { ...around.environment, ...start.environment(setting), ...scratch?.environment },
    cleanUp: () => scratch?.remove(),
  };
}

interface LaidOut {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** A file for its owner alone, since it may hold the key; and in no directory where others may write, since some clients mind that. */
function layOut({ content, option, variable, unless }: Scratch, setting: Setting, { environment, data }: Surroundings): LaidOut | undefined {
  if (unless !== undefined && existsSync(unless)) return undefined;
  if (variable !== undefined && environment[variable] !== undefined) return undefined;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const directory = mkdtempSync(join(data, "run-"));
  const path = join(directory, "settings.json");
  writeFileSync(path, JSON.stringify(content(setting)), { mode: 0o600 });
  return {
    args: option === undefined ? [] : [option, path],
    environment: variable === undefined ? {} : { [variable]: path },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
