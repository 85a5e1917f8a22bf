import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A server under measurement, in a process of its own. */
export interface Subject {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
  /** From the spawn to the first answer of its port, ms. */
  readonly startMs: number;
  stop(): void;
}

const bunArguments = ["--conditions=@dragoman/source"];
const folder = mkdtempSync(join(tmpdir(), "dragoman-bench-"));

/** `chunks` of each stream, 200 if nothing is said, of which so many are written `together`. */
export async function startMock(chunks = 200, together = 1): Promise<Subject> {
  return startScript("mock", ["bench/mock-upstream.ts"], { CHUNKS: String(chunks), TOGETHER: String(together) });
}

export async function startBare(upstream: string): Promise<Subject> {
  return startScript("bare Bun proxy", ["bench/bare-proxy.ts"], { UPSTREAM: upstream });
}

export interface AccountingHost extends Subject {
  /** What clients show. */
  readonly key: string;
  processorTime(): Promise<ProcessorTime>;
}

/** Used so far, in microseconds: by all threads of the process, and by its main one, which answers. */
export interface ProcessorTime {
  readonly allMicros: number;
  readonly mainMicros: number;
}

/** So many of each. */
const ACCOUNTING_HOSTS = 3;

/** The gateway without any accounting, and with all of it. */
export async function startAccountingHosts(upstream: string): Promise<{ readonly without: readonly AccountingHost[]; readonly counting: readonly AccountingHost[] }> {
  const several = (accounting: "off" | "on"): Promise<readonly AccountingHost[]> => Promise.all(Array.from({ length: ACCOUNTING_HOSTS }, () => startAccounting(upstream, accounting)));
  return { without: await several("off"), counting: await several("on") };
}

async function startAccounting(upstream: string, accounting: "off" | "on"): Promise<AccountingHost> {
  const { told, ask, ...started } = await startScript(`accounting ${accounting}`, ["bench/accounting-host.ts"], { UPSTREAM: upstream, ACCOUNTING: accounting });
  return {
    ...started,
    key: told[1] ?? "",
    async processorTime() {
      const [allMicros = Number.NaN, mainMicros = Number.NaN] = (await ask()).map(Number);
      return { allMicros, mainMicros };
    },
  };
}

interface Script extends Subject {
  /** The words of its first line. */
  readonly told: readonly string[];
  /** Sends it an empty line. @returns the words of its answer */
  ask(): Promise<readonly string[]>;
}

async function startScript(name: string, script: readonly string[], env: Record<string, string>): Promise<Script> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...bunArguments, ...script], { env: { ...process.env, ...env, BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" }, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const words = async (): Promise<readonly string[]> => String((await lines.next()).value).split(" ");
  const told = await words();
  if (!(Number(told[0]) > 0)) throw new Error(`${name} did not start`);
  return {
    ...subject(name, Number(told[0]), child, performance.now() - startedAt),
    told,
    ask: () => {
      child.stdin.write("\n");
      return words();
    },
  };
}

/** How people start the program: by its launcher, or the executable that `npm run build` makes. */
export const LAUNCHER: readonly string[] = ["node", "packages/server/bin/dragoman.js"];
export const EXECUTABLE: readonly string[] = ["dist/dragoman"];

/** The program, with client keys and credentials as many as asked. */
export async function startGateway(upstream: string, keys = 1, [program = "", ...first] = LAUNCHER): Promise<Subject> {
  const port = freshPort();
  const file = join(folder, `config-${port}.json`);
  writeFileSync(file, JSON.stringify({
    port,
    "api-keys": Array.from({ length: keys }, (_, at) => `client-key-${at}`),
    "logging-to-file": true,
    discovery: { environment: false, local: false },
    "openai-compatibility": [{ name: "bench", "base-url": `${upstream}/v1`, "api-key-entries": Array.from({ length: keys }, (_, at) => ({ "api-key": `sk-upstream-${at}` })), models: [{ name: "bench" }] }],
  }));
  const startedAt = performance.now();
  const child = spawn(program, [...first, "serve", "--config", file], { env: { ...process.env, DRAGOMAN_HOME: folder }, stdio: ["ignore", "ignore", "inherit"] });
  await answers(`http://127.0.0.1:${port}/health`);
  return subject(keys === 1 ? "Dragoman" : `Dragoman, ${keys} keys`, port, child, performance.now() - startedAt);
}

/** `undefined` when nginx is not installed. */
export async function startNginx(upstream: string): Promise<Subject | undefined> {
  const port = freshPort();
  const prefix = join(folder, `nginx-${port}`);
  mkdirSync(prefix);
  const file = join(prefix, "nginx.conf");
  writeFileSync(file, `
worker_processes 1; daemon off; pid ${prefix}/pid; error_log /dev/null;
events { worker_connections 10000; }
http {
  access_log off; client_body_temp_path ${prefix}/body; proxy_temp_path ${prefix}/proxy; fastcgi_temp_path ${prefix}/f; uwsgi_temp_path ${prefix}/u; scgi_temp_path ${prefix}/s;
  upstream mock { server ${new URL(upstream).host}; keepalive 256; }
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 300s; } }
}`);
  const startedAt = performance.now();
  const child = spawn("nginx", ["-c", file, "-p", prefix], { stdio: "ignore" });
  const failed = new Promise<"failed">((resolve) => child.on("error", () => resolve("failed")));
  if ((await Promise.race([failed, answers(`http://127.0.0.1:${port}/`)])) === "failed") return undefined;
  return subject("nginx", port, child, performance.now() - startedAt);
}

/** Below the ports that the system gives to outgoing connections, of which a benchmark has thousands. */
function freshPort(): number {
  return 12_000 + Math.floor(Math.random() * 20_000);
}

function subject(name: string, port: number, child: ChildProcess, startMs: number): Subject {
  return { name, origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, startMs, stop: () => void child.kill("SIGTERM") };
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (await fetch(url).then(() => true, () => false)) return;
    await Bun.sleep(5);
  }
  throw new Error(`${url} does not answer`);
}
