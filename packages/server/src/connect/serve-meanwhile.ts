import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UsageError } from "../cli/command.ts";

export interface MeanwhileServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a gateway as another process of this program, on a free port, and waits until it listens. @throws UsageError when it does not */
export async function serveMeanwhile(configPath: string | undefined): Promise<MeanwhileServer> {
  const words = ["serve", "--json", "--port", "0", ...(configPath === undefined ? [] : ["--config", configPath])];
  const child = spawn(process.execPath, [...programArguments(), ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string | undefined>((resolve) => {
    lines.on("line", (line) => {
      const found = startedAt(line);
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => resolve(undefined));
  });
  if (url === undefined) throw new UsageError("the gateway did not start; see above.");
  return {
    url,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** In one file with its runtime the program needs no more than its own name. */
function programArguments(): readonly string[] {
  return Bun.main.startsWith("/$bunfs/") || /^[A-Z]:\\~BUN/.test(Bun.main) ? [] : [...process.execArgv, Bun.main];
}

function startedAt(line: string): string | undefined {
  try {
    const { event, url } = JSON.parse(line) as { event?: string; url?: string };
    return event === "server.started" ? url : undefined;
  } catch {
    return undefined;
  }
}
