import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LAUNCHER } from "../kit/launcher.ts";
import type { DemoServer } from "./demo-server.ts";
import { ROOT, type Block } from "./markdown.ts";

export interface Ran {
  readonly exitCode: number;
  readonly output: string;
}

/** The port that the pages write; the running one takes its place. */
const WRITTEN_PORT = /\b8317\b/g;

/** `curl` fails on an HTTP error, and the program is the one of this repository. */
export const PREAMBLE: string = `set -euo pipefail
curl() { command curl --fail-with-body -sS --max-time 20 "$@"; echo; }
npx() { [ "$1" = dragoman ] && shift; node "${LAUNCHER}" "$@"; }
`;

function configOf({ port }: DemoServer): string {
  return `port: ${port}\nopenai-compatibility: [{ name: demo, base-url: "http://127.0.0.1:${port}/v1", models: [{ name: demo-echo }] }]\n`;
}

export async function runShell(block: Block, demo: DemoServer): Promise<Ran> {
  const directory = mkdtempSync(join(demo.directory, "block-"));
  // A block that begins a configuration finds none; the others find one, with the running server as port and upstream.
  if (!block.text.includes("config init")) writeFileSync(join(directory, "config.yaml"), configOf(demo));
  return run(["bash", "-c", PREAMBLE + block.text.replace(WRITTEN_PORT, demo.port)], directory, demo.environment);
}

/** Runs below `node_modules`, where the packages are found and nothing else is in the way. */
export async function runTypeScript(block: Block, demo: DemoServer): Promise<Ran> {
  const parent = join(ROOT, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, "dragoman-docs-"));
  try {
    writeFileSync(join(directory, "example.ts"), block.text.replace(WRITTEN_PORT, demo.port));
    return await run([process.execPath, "--conditions=@dragoman/source", "--no-install", "example.ts"], directory, demo.environment);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Runs a command to its end, and says what it said. */
export async function run(command: readonly string[], cwd: string, env: Record<string, string>): Promise<Ran> {
  const child = Bun.spawn([...command], { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  return { exitCode, output: stdout + stderr };
}

/** What a block promises of its output: the texts after `→` in its comments. */
export function promisesOf(block: Block): readonly string[] {
  return [...block.text.matchAll(/(?:#|\/\/) → (.+)$/gm)].map(([, text = ""]) => text.trim());
}
