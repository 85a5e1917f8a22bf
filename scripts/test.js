// The whole proof: types, lint, import rules, dead code, then every test. Ends with one line `N passed, N failed`,
// and fails when anything was skipped: a part that is missing here would go unproved.
import { spawn } from "node:child_process";
import { findBun } from "../packages/server/bin/find-bun.js";

const bun = findBun();
const suites = [
  { name: "check", command: process.execPath, args: ["scripts/check.js"] },
  { name: "unit", command: bun, args: ["test", "--conditions=@dragoman/source", "packages"] },
  { name: "conformance", command: bun, args: ["test", "--conditions=@dragoman/source", "conformance"] },
  { name: "end to end", command: bun, args: ["test", "--conditions=@dragoman/source", "--timeout=60000", "e2e"] },
];

const only = process.argv[2];
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const suite of suites) {
  if (only !== undefined && !suite.name.startsWith(only)) continue;
  console.log(`\n── ${suite.name} ${"─".repeat(Math.max(0, 60 - suite.name.length))}`);
  const startedAt = Date.now();
  const { status, output } = await run(suite);
  const counts = suite.name === "check" ? { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 } : readCounts(output);
  totals.passed += counts.passed;
  totals.failed += counts.failed + (status !== 0 && counts.failed === 0 ? 1 : 0);
  totals.skipped += counts.skipped;
  if (status === 0 && suite.name !== "check" && counts.passed === 0) {
    console.log(`${suite.name}: no test ran`);
    totals.failed += 1;
  }
  console.log(`${suite.name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

if (totals.skipped > 0) console.log(`\n${totals.skipped} tests were skipped; a skipped test is a failed proof.`);
console.log(`\n${totals.passed} passed, ${totals.failed + totals.skipped} failed`);
process.exit(totals.failed + totals.skipped === 0 ? 0 : 1);

/** Runs a suite, shows what it prints, and keeps it for the counts. */
function run({ command, args }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, FORCE_COLOR: "0" } });
    let output = "";
    const keep = (stream) => (chunk) => {
      output += chunk;
      stream.write(chunk);
    };
    child.stdout.on("data", keep(process.stdout));
    child.stderr.on("data", keep(process.stderr));
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Bun's closing lines: ` 12 pass`, ` 1 skip`, ` 1 todo`, ` 0 fail`. */
function readCounts(output) {
  const count = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail"), skipped: count("skip") + count("todo") };
}
