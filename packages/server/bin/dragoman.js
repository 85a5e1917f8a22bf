#!/usr/bin/env node
// Runs under any Node from 20 on and starts the pinned Bun with the right settings.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./find-bun.js";

const main = join(dirname(fileURLToPath(import.meta.url)), "../src/cli/main.ts");

let bun;
try {
  bun = findBun();
} catch (error) {
  console.error(`dragoman: ${error.message}`);
  process.exit(1);
}

const child = spawn(bun, ["--conditions=@dragoman/source", "--no-install", "--env-file=", main, ...process.argv.slice(2)], {
  stdio: "inherit",
  // Bun's fetch queues above 256 open requests unless this is set before the process starts (Bun 1.4, read 2026-11).
  env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: process.env.BUN_CONFIG_MAX_HTTP_REQUESTS ?? "65535" },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1)));
