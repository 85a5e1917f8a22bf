import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cli } from "./cli.ts";

/** Outside the repository: the CLIs are hundreds of megabytes, and none of ours. */
export const CACHE: string = process.env.DRAGOMAN_CLIENTS_DIR ?? join(tmpdir(), "dragoman-clients");

/**
 * Installs the pinned version unless it is there already.
 * @returns the script to run with Node
 */
export async function install(cli: Cli): Promise<string> {
  const prefix = join(CACHE, `${cli.package.replace(/^@|\//g, "-").slice(1)}-${cli.version}`);
  const folder = join(prefix, "node_modules", cli.package);
  const entry = join(folder, cli.entry);
  if (installedVersion(folder) === cli.version && existsSync(entry)) return entry;
  mkdirSync(prefix, { recursive: true });
  await npm(["install", "--prefix", prefix, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", `${cli.package}@${cli.version}`]);
  if (!existsSync(entry)) throw new Error(`${cli.package}@${cli.version} has no ${cli.entry}`);
  return entry;
}

function installedVersion(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version : undefined;
}

function npm(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", [...args], { stdio: ["ignore", "ignore", "pipe"], shell: process.platform === "win32" });
    let complaint = "";
    child.stderr.on("data", (chunk) => (complaint += String(chunk)));
    child.on("error", reject);
    child.on("close", (status) => (status === 0 ? resolve() : reject(new Error(`npm ${args.join(" ")} failed:\n${complaint}`))));
  });
}
