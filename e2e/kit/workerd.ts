import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { workerdPath } from "../../conformance/runtimes/hosts.ts";
import { buildWorker } from "../../packages/worker/build.ts";

/** A module in the real workerd, as Cloudflare runs it. */
export interface RunningWorker {
  readonly origin: string;
  readonly pid: number;
  /** What it has printed so far, a line each. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export interface WorkerOptions {
  /** Path of the module; absent: the Worker of this repository, built for the occasion. */
  readonly module?: string;
  /** Text bindings. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Bind a D1 database as `DB`. */
  readonly database?: boolean;
}

/** The same as in wrangler.jsonc. */
const COMPATIBILITY_DATE = "2026-11-17";

/** Builds it into a directory of its own. @returns the module's path */
export function builtWorker(): Promise<string> {
  return buildWorker(mkdtempSync(join(tmpdir(), "dragoman-worker-")));
}

export async function startWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-workerd-"));
  const module = options.module ?? await buildWorker(directory);
  writeFileSync(join(directory, "config.capnp"), config(module, directory, options));
  const child = spawn(workerdPath(), ["serve", "--experimental", "--control-fd=3", `--import-path=${join(module, "..")}`, "config.capnp"], { cwd: directory, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream as Readable }).on("line", (line) => lines.push(line));
  const exited = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const port = await Promise.race([portOf(child.stdio[3] as Readable), exited.then(() => undefined)]);
  if (port === undefined) throw new Error(`workerd did not start: ${lines.join("\n")}`);
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    lines,
    async close() {
      child.kill("SIGKILL");
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** `{"event":"listen","socket":"http","port":…}`, a line a socket. */
async function portOf(control: Readable): Promise<number> {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line) as { readonly event?: string; readonly port?: number };
    if (event === "listen" && port !== undefined) return port;
  }
  throw new Error("workerd told no port");
}

function config(module: string, directory: string, { variables = {}, database = false }: WorkerOptions): string {
  const bindings = Object.entries(variables).map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`);
  if (database) bindings.push(`(name = "DB", wrapped = (moduleName = "cloudflare-internal:d1-api", innerBindings = [(name = "fetcher", service = (name = "d1", props = (json = "{\\"database\\": \\"main\\"}")))]))`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
    ${database ? `(name = "d1", worker = .d1), (name = "disk", disk = (path = ${JSON.stringify(directory)}, writable = true)),` : ""}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed ${JSON.stringify(`/${basename(module)}`)})],
  bindings = [${bindings.join(", ")}],
  compatibilityDate = "${COMPATIBILITY_DATE}",
);
const d1 :Workerd.Worker = (
  modules = [(name = "d1.js", bundled = "/workerd/d1.js")],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  durableObjectNamespaces = [(className = "D1Database", uniqueKey = "d1", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "DATABASE", durableObjectNamespace = (className = "D1Database"))],
);
`;
}
