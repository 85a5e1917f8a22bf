// Where the one-file executable begins. Bun's fetch queues above 256 open requests unless this is set before the
// process starts (Bun 1.4, read 2026-11), so the process first puts itself in its own place with it set.
import { spawnSync } from "node:child_process";
import pack from "../dist/admin.pack" with { type: "file" };
import { embedAdmin } from "../packages/server/src/admin/embedded.ts";

const SETTING = "BUN_CONFIG_MAX_HTTP_REQUESTS";

if (process.env[SETTING] === undefined) startAnew({ ...process.env, [SETTING]: "65535" });
else {
  embedAdmin(pack);
  await import("../packages/server/src/cli/main.ts");
}

function startAnew(env: NodeJS.ProcessEnv): void {
  const args = process.argv.slice(2);
  // Same process id, no parent that waits. Windows has no exec.
  if (process.platform !== "win32") process.execve?.(process.execPath, [process.execPath, ...args], env);
  process.exitCode = spawnSync(process.execPath, args, { env, stdio: "inherit" }).status ?? 1;
}
