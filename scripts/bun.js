// Runs the pinned Bun with the given arguments: `node scripts/bun.js test packages/core`.
import { spawnSync } from "node:child_process";
import { findBun } from "../packages/server/bin/find-bun.js";

const { status, signal } = spawnSync(findBun(), process.argv.slice(2), { stdio: "inherit" });
process.exit(status ?? (signal === null ? 1 : 130));
