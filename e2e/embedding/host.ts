import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MODELS } from "../kit/world.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples/embedding");

export const GATEWAY_KEY = "key-of-the-embedder-0001";

/** A program of `examples/embedding` that serves. */
export interface Host {
  readonly origin: string;
  stop(): Promise<void>;
}

/** What an example is told of its upstream. */
export function exampleEnvironment(upstream: string): Record<string, string> {
  return { PATH: process.env.PATH ?? "", PORT: "0", GATEWAY_KEY, UPSTREAM_URL: `${upstream}/v1`, UPSTREAM_KEY: "sk-upstream-of-examples", UPSTREAM_MODEL: MODELS["openai-chat"] ?? "" };
}

/** Starts an example as its reader would: in Bun from its source, in Node from a bundle, since older Nodes read no TypeScript. */
export async function startExample(name: string, runtime: "bun" | "node", upstream: string): Promise<Host> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-example-"));
  const source = join(EXAMPLES, `${name}.ts`);
  const command = runtime === "bun" ? [process.execPath, "--conditions=@dragoman/source", source] : ["node", await bundled(source, directory)];
  const child = Bun.spawn(command, { env: exampleEnvironment(upstream), stdout: "pipe", stderr: "inherit" });
  return {
    origin: await originTold(child.stdout),
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
      rmSync(directory, { recursive: true });
    },
  };
}

async function bundled(source: string, directory: string): Promise<string> {
  const built = await Bun.build({ entrypoints: [source], outdir: directory, target: "node", conditions: ["@dragoman/source"], naming: "host.mjs" });
  if (!built.success) throw new AggregateError(built.logs);
  return join(directory, "host.mjs");
}

/** Reads what the program prints up to its address, and goes on reading, so that it never waits for a reader. */
async function originTold(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the example did not start: ${text}`);
    text += decoder.decode(value, { stream: true });
    const origin = /listening on (\S+)/.exec(text)?.[1];
    if (origin === undefined) continue;
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return origin;
  }
}
