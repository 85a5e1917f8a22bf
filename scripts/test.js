// The whole proof: types, lint, import rules, dead code, then every test. Ends with one line `N passed, N failed`,
// and fails when anything was skipped: a part that is missing here would go unproved.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { findBun } from "../packages/server/bin/find-bun.js";

const bun = findBun();
const bunTest = (...args) => ({ command: bun, args: ["test", "--conditions=@dragoman/source", ...args] });

/** End-to-end tests in three parts of about the same length; many wait more than they work, so that the parts run side by side. */
const THE_HOUSE = ["accounts", "management", "store"];
const WITH_PROGRAMS = ["admin", "docs", "program"];
/** Tests that measure: nothing runs beside them. */
const MEASURING = ["speed"];
const rooms = readdirSync("e2e").filter((name) => statSync(join("e2e", name)).isDirectory() || name.endsWith(".test.ts"));
const endToEnd = (names) => bunTest("--timeout=60000", ...names.map((name) => `./e2e/${name}`));

/** The program as it is published, which the end-to-end tests start: as real as the sources, and up in half the time. */
const program = { name: "program", command: bun, args: ["--conditions=@dragoman/source", "scripts/npm-packages.ts", "--program"], tests: false };
process.env.DRAGOMAN_LAUNCHER = resolve("dist/npm/dragoman/bin/dragoman.js");

/** Suites of one stage run side by side; what one prints is shown when it ends. */
const stages = [
  [{ name: "check", command: process.execPath, args: ["scripts/check.js"], tests: false }],
  [{ name: "unit", ...bunTest("packages") }, { name: "conformance", ...bunTest("conformance") }],
  [{ name: "speed", ...endToEnd(MEASURING) }],
  [program],
  [
    { name: "end to end", ...endToEnd(rooms.filter((name) => ![...THE_HOUSE, ...WITH_PROGRAMS, ...MEASURING].includes(name))) },
    { name: "end to end, the house", ...endToEnd(THE_HOUSE) },
    { name: "end to end, with programs", ...endToEnd(WITH_PROGRAMS) },
  ],
];

const only = process.argv[2];
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const stage of stages) await Promise.all(stage.map(prove));

if (totals.skipped > 0) console.log(`\n${totals.skipped} tests were skipped; a skipped test is a failed proof.`);
console.log(`\n${totals.passed} passed, ${totals.failed + totals.skipped} failed`);
// Not `exit`: what was printed is still on its way through the pipe.
process.exitCode = totals.failed + totals.skipped === 0 ? 0 : 1;

async function prove(suite) {
  if (only !== undefined && !suite.name.startsWith(only) && !(suite === program && only.startsWith("end to end"))) return;
  console.log(`── ${suite.name}: started`);
  const startedAt = Date.now();
  const { status, output } = await run(suite);
  const counts = suite.tests === false ? { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 } : readCounts(output);
  const isEmpty = status === 0 && counts.passed === 0;
  totals.passed += counts.passed;
  totals.failed += counts.failed + (isEmpty || (status !== 0 && counts.failed === 0) ? 1 : 0);
  totals.skipped += counts.skipped;
  console.log(`\n── ${suite.name} ${"─".repeat(Math.max(0, 60 - suite.name.length))}\n${output}`);
  if (isEmpty) console.log(`${suite.name}: no test ran`);
  console.log(`${suite.name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Runs a suite and keeps what it prints. */
function run({ command, args }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, FORCE_COLOR: "0" } });
    let output = "";
    const keep = (chunk) => void (output += chunk);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Bun's closing lines: ` 12 pass`, ` 1 skip`, ` 1 todo`, ` 0 fail`. */
function readCounts(output) {
  const count = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail"), skipped: count("skip") + count("todo") };
}
