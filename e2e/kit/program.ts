import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAUNCHER } from "./launcher.ts";


/** A directory of its own for each program: home, data and configuration are there, and nothing else. */
export interface Home {
  readonly directory: string;
  write(name: string, content: string): string;
  remove(): void;
}

export function makeHome(): Home {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-e2e-"));
  return {
    directory,
    write(name, content) {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export interface ProgramRun {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Exit code, when it has ended. */
  readonly ended: Promise<number>;
}

/** Starts the program as people do, through plain Node, without anything of this machine's environment. `input` is what it reads. */
export function runProgram(home: Home, args: readonly string[], environment: Readonly<Record<string, string>> = {}, input?: string, launcher: string = LAUNCHER): ProgramRun {
  const child = spawn("node", [launcher, ...args], {
    cwd: home.directory,
    env: { PATH: process.env.PATH ?? "", HOME: home.directory, DRAGOMAN_HOME: join(home.directory, "data"), NO_COLOR: "1", ...environment },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (piece) => (stdout += piece));
  child.stderr?.on("data", (piece) => (stderr += piece));
  const ended = new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Runs a command to its end. */
export async function runCommand(home: Home, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = runProgram(home, args, environment);
  const code = await run.ended;
  return { code, stdout: run.stdout(), stderr: run.stderr() };
}

export interface RunningProgram extends ProgramRun {
  readonly origin: string;
  /** Lines of the log so far, parsed. */
  lines(event?: string): readonly Record<string, unknown>[];
  /** Waits for the next line of that event. */
  line(event: string, after?: number): Promise<Record<string, unknown>>;
  stop(): Promise<number>;
}

/** Starts a server and waits until it listens. */
export async function startServer(home: Home, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<RunningProgram> {
  const run = runProgram(home, [...args, "--port", "0"], environment);
  let code: number | undefined;
  void run.ended.then((ended) => (code = ended));
  const origin = await waitFor(() => {
    if (code !== undefined) throw new Error(`ended with ${code}: ${run.stdout()}${run.stderr()}`);
    return /https?:\/\/127\.0\.0\.1:\d+/.exec(run.stdout())?.[0];
  });
  const lines = (event?: string): readonly Record<string, unknown>[] =>
    run.stdout().split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => event === undefined || line.event === event);
  return {
    ...run,
    origin,
    lines,
    line: (event, after = 0) => waitFor(() => lines(event)[after]).catch(() => Promise.reject(new Error(`no line ${event} in ${run.stdout()}`))),
    stop: () => {
      run.child.kill("SIGTERM");
      return run.ended;
    },
  };
}

/** Asks until there is an answer. @throws after `limitMs` */
export async function waitFor<T>(look: () => T | undefined, limitMs = 15_000): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`nothing came within ${limitMs} ms`);
    await Bun.sleep(15);
  }
}
