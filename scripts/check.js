// Types, lint, import rules, dead code. Each step runs even if an earlier one failed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const steps = [
  ["types: core", "typescript/bin/tsc", "-p", "packages/core"],
  ["types: gateway", "typescript/bin/tsc", "-p", "packages/gateway"],
  ["types: server", "typescript/bin/tsc", "-p", "packages/server"],
  ...(existsSync("packages/admin/tsconfig.json") ? [["types: admin", "typescript/bin/tsc", "-p", "packages/admin"]] : []),
  ["types: tests", "typescript/bin/tsc", "-p", "."],
  ["lint", "eslint/bin/eslint.js", "--max-warnings=0", "."],
  ["import rules", "dependency-cruiser/bin/dependency-cruise.mjs", "--config", ".dependency-cruiser.cjs", ...["packages", "conformance", "e2e", "bench"].filter((folder) => existsSync(folder))],
  ["dead code", "knip/bin/knip.js", "--no-progress"],
];

const only = process.argv[2];
let failed = 0;
for (const [name, script, ...args] of steps) {
  if (only !== undefined && !name.startsWith(only)) continue;
  const startedAt = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/${script}`, ...args], { encoding: "utf8" });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (status !== 0) {
    failed += 1;
    console.log(`${stdout}${stderr}`.trimEnd());
  }
}
process.exit(failed === 0 ? 0 : 1);
