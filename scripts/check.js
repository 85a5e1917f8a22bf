// Types, lint, import rules, dead code. Each step runs even if an earlier one failed.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** The longest first. What has the same globals is one program: each would read the packages below it anew. */
const steps = [
  ["types: server, tests", "typescript/bin/tsc", "-p", "."],
  ["lint", "eslint/bin/eslint.js", "--max-warnings=0", "."],
  ["types: gateway, worker", "typescript/bin/tsc", "-p", "tsconfig.web.json"],
  ["types: admin", "typescript/bin/tsc", "-p", "packages/admin"],
  ["import rules", "dependency-cruiser/bin/dependency-cruise.mjs", "--config", ".dependency-cruiser.cjs", "packages", "conformance", "e2e", "bench", "examples"],
  ["dead code", "knip/bin/knip.js", "--no-progress"],
  ["types: core", "typescript/bin/tsc", "-p", "packages/core"],
];

const only = process.argv[2];
/** Steps at a time: each fills one processor. */
const AT_ONCE = Math.min(2, availableParallelism());
let failed = 0;
const waiting = steps.filter(([name]) => only === undefined || name.startsWith(only));
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await prove(step);
}));
process.exitCode = failed === 0 ? 0 : 1;

async function prove([name, script, ...args]) {
  const startedAt = Date.now();
  const { status, output } = await run([`node_modules/${script}`, ...args]);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (status === 0) return;
  failed += 1;
  console.log(output.trimEnd());
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk) => void (output += chunk);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}
