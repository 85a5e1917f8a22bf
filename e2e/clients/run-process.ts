import { spawn } from "node:child_process";
import type { Invocation } from "./cli.ts";

export interface Finished {
  /** `undefined` when it had to be ended. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of our own environment a CLI sees only these; keys, proxies and settings of this machine stay out. */
const PASSED_ON = ["PATH", "LANG", "TMPDIR", "SystemRoot"];

/** Runs a CLI's script with Node, without a terminal, to its end or to the limit. */
export function runProcess(script: string, { args, env }: Invocation, { cwd, home, limitMs }: { cwd: string; home: string; limitMs: number }): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const inherited = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    const child = spawn("node", [script, ...args], {
      cwd,
      env: { ...inherited, HOME: home, USERPROFILE: home, XDG_CONFIG_HOME: `${home}/.config`, XDG_CACHE_HOME: `${home}/.cache`, NO_COLOR: "1", TERM: "dumb", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: a CLI starts itself again, and the limit must end all of it.
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    let overdue = false;
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const limit = setTimeout(() => {
      overdue = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, limitMs);
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(limit);
      resolve({ status: overdue ? undefined : (status ?? 1), stdout, stderr });
    });
  });
}
