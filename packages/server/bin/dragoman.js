#!/usr/bin/env node
// Runs under any Node from 20 on and starts the pinned Bun with the right settings.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./find-bun.js";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
/** In a clone the sources are run; the published package has a bundle instead. */
const sources = join(home, "src/cli/main.ts");
const program = existsSync(sources) ? ["--conditions=@dragoman/source", sources] : [join(home, "dist/main.js")];

let bun;
try {
  bun = findBun();
} catch (error) {
  console.error(`dragoman: ${error.message}`);
  process.exit(1);
}

const args = ["--no-install", "--env-file=", ...program, ...process.argv.slice(2)];
// Bun's fetch queues above 256 open requests unless this is set before the process starts (Bun 1.4, read 2026-11).
const env = { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: process.env.BUN_CONFIG_MAX_HTTP_REQUESTS ?? "65535" };

// Node from 22.15 on can put Bun in its own place; otherwise it stays as a parent of 45 MB that only passes signals on.
if (process.execve !== undefined && process.platform !== "win32") process.execve(bun, [bun, ...args], env);

const child = spawn(bun, args, { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1)));
