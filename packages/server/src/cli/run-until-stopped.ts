import type { Program } from "../host/program.ts";
import { complain, dim } from "./terminal.ts";

/** Runs until a signal asks to stop; a second one does not wait for running streams. @returns the exit code */
export function runUntilStopped(program: Program): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(130);
      stopping = true;
      if (process.stderr.isTTY) complain(dim("\nfinishing running requests; press Ctrl-C again to stop at once"));
      void program.stop().then(() => resolve(0));
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  });
}
