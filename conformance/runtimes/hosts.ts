// The runtimes in which the bundle is run: this process's Bun, the system's Node, and the workerd of this platform.
import { spawn, type Subprocess } from "bun";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { runAll, Summary } from "./run-all.ts";

/** Files of one suite: `bundle.js` and `cases.json` lie in this folder. */
export type Suite = string;

export async function runInBun(suite: Suite): Promise<Summary> {
  const bundle = (await import(pathToFileURL(join(suite, "bundle.js")).href)) as { readonly runAll: typeof runAll };
  return bundle.runAll(await Bun.file(join(suite, "cases.json")).json());
}

export async function runInNode(suite: Suite): Promise<Summary> {
  const node = Bun.which("node");
  if (node === null) throw new Error("There is no Node on this machine.");
  writeFileSync(join(suite, "main.mjs"), `import { readFileSync } from "node:fs";
import { runAll } from "./bundle.js";
const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf8"));
console.log(JSON.stringify({ runtime: process.versions.bun === undefined ? "node" : "bun", ...runAll(cases) }));
`);
  writeFileSync(join(suite, "package.json"), `{ "type": "module" }`);
  const child = spawn([node, "main.mjs"], { cwd: suite, stdout: "pipe", stderr: "inherit" });
  const { runtime, ...summary } = (await new Response(child.stdout).json()) as Summary & { readonly runtime: string };
  if (runtime !== "node") throw new Error(`${node} is ${runtime}.`);
  return summary;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "64", arm64: "arm64" };

export function workerdPath(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = process.platform === "win32" ? "workerd.exe" : "workerd";
  const path = join(import.meta.dirname, "..", "..", "node_modules", "@cloudflare", `workerd-${platform}-${ARCHITECTURES[process.arch] ?? process.arch}`, "bin", name);
  if (!existsSync(path)) throw new Error(`There is no workerd at ${path}.`);
  return path;
}

const WORKER = `import { runAll } from "./bundle.js";
import cases from "./cases.json";
export default { fetch: () => Response.json({ runtime: navigator.userAgent, ...runAll(cases) }) };
`;

const config = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .suite)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const suite :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "bundle.js", esModule = embed "bundle.js"),
    (name = "cases.json", json = embed "cases.json"),
  ],
  compatibilityDate = "2026-01-01",
);
`;

export async function runInWorkerd(suite: Suite): Promise<Summary> {
  const port = freePort();
  writeFileSync(join(suite, "worker.js"), WORKER);
  writeFileSync(join(suite, "config.capnp"), config(port));
  const child = spawn([workerdPath(), "serve", "config.capnp"], { cwd: suite, stdout: "inherit", stderr: "inherit" });
  try {
    const { runtime, ...summary } = (await (await answerFrom(port, child)).json()) as Summary & { readonly runtime: string };
    if (runtime !== "Cloudflare-Workers") throw new Error(`The worker ran in ${runtime}.`);
    return summary;
  } finally {
    child.kill();
    await child.exited;
  }
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port = 0 } = server;
  void server.stop(true);
  return port;
}

/** Asks until the server listens; at most ten seconds. */
async function answerFrom(port: number, child: Subprocess): Promise<Response> {
  for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
    try {
      return await fetch(`http://127.0.0.1:${port}/`);
    } catch {
      await Bun.sleep(100);
    }
  }
  throw new Error("workerd did not answer.");
}
