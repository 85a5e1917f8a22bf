import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./markdown.ts";


/** A clone runs its sources. */
const FROM_SOURCES = join(ROOT, "packages/server/bin/dragoman.js");

/** The demo as a reader starts it, on a free port and in a directory of its own. */
export interface DemoServer {
  readonly port: string;
  readonly directory: string;
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
}

export async function startDemo(): Promise<DemoServer> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-docs-"));
  // A key of the machine's own must not be used, and none of its local servers.
  writeFileSync(join(directory, "config.yaml"), "discovery: { environment: false, local: false }\n");
  const environment = { PATH: process.env.PATH ?? "", HOME: directory, DRAGOMAN_HOME: join(directory, "home"), NO_COLOR: "1", MANAGEMENT_PASSWORD: "management-key-of-the-demo" };
  const server = Bun.spawn(["node", FROM_SOURCES, "demo", "--port", "0"], { cwd: directory, env: environment, stdout: "pipe", stderr: "inherit" });
  const port = await portOf(server.stdout);
  return {
    port,
    directory,
    environment,
    async stop() {
      server.kill("SIGTERM");
      await server.exited;
      rmSync(directory, { recursive: true });
    },
  };
}

/** Reads the banner up to the address. What follows is read on, so that the server never waits for a reader. */
async function portOf(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stdout.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the demo did not start: ${text}`);
    text += value;
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port === undefined) continue;
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return port;
  }
}
