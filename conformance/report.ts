// Runs every case, prints the matrix of dialects, and writes docs/conformance.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingNumbers, numbersInTests } from "./catalogue.ts";
import type { Case, Outcome } from "./runner/case.ts";
import { loadCases } from "./runner/load-cases.ts";
import { runCase } from "./runner/run-case.ts";

const DIALECTS = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate-content"];
const TARGET = join(import.meta.dirname, "..", "docs", "conformance.md");

/** `12/12` passed, whole and streamed; empty where there is no case. */
function cell(outcomes: readonly Outcome[]): string {
  const count = (streamed: boolean): string => {
    const of = outcomes.filter((outcome) => outcome.streamed === streamed);
    return of.length === 0 ? "–" : `${of.filter(({ problems }) => problems.length === 0).length}/${of.length}`;
  };
  return `${count(false)} · ${count(true)}`;
}

/** Code Assist is Gemini in an envelope; it counts as the dialect inside. */
function familyOf(dialect: string): string {
  return dialect === "gemini-code-assist" ? "gemini-generate-content" : dialect;
}

function matrix(outcomes: readonly Outcome[]): readonly (readonly string[])[] {
  const rows = DIALECTS.map((client) => [client, ...DIALECTS.map((upstream) => cell(outcomes.filter((outcome) => familyOf(outcome.client) === client && familyOf(outcome.upstream) === upstream)))]);
  return [["client ＼ upstream", ...DIALECTS], ...rows];
}

function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function plainTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

function caseRows(cases: readonly Case[]): readonly (readonly string[])[] {
  const rows = cases.map(({ id, sheet }) => [
    sheet.numbers.join(", "), `[${sheet.title}](../conformance/cases/${id})`, sheet.direction, `${sheet.from.join(", ")} → ${sheet.then === undefined ? "" : `${sheet.to.join(", ")}, then `}${sheet.then ?? sheet.to.join(", ")}`,
  ]);
  return [["no.", "situation", "what crosses", "dialects"], ...rows];
}

function page(cases: readonly Case[], outcomes: readonly Outcome[]): string {
  const tests = numbersInTests();
  const inCases = new Set(cases.flatMap(({ sheet }) => sheet.numbers));
  const elsewhere = [...tests].filter(([number]) => !inCases.has(number)).sort(([a], [b]) => a - b);
  const missing = missingNumbers(cases, tests);
  const passed = outcomes.filter(({ problems }) => problems.length === 0).length;
  return `<!-- Written by \`npm run conformance\`; do not edit. -->

# Conformance

${cases.length} cases, ${outcomes.length} translations, ${passed} passed. In each cell: passed/all without a stream · passed/all streamed.
Every stream also runs in one chunk, byte by byte, in random pieces, with CRLF, without a space after \`data:\` and with comments between.

${markdownTable(matrix(outcomes))}

## Cases

${markdownTable(caseRows(cases))}

## Numbers that are tests of the gateway

${markdownTable([["no.", "tests"], ...elsewhere.map(([number, paths]) => [String(number), [...new Set(paths)].map((path) => `[${path}](../${path})`).join("<br>")])])}
${missing.length === 0 ? "" : `\nNot yet anywhere: ${missing.join(", ")}.\n`}`;
}

const cases = loadCases();
const outcomes = cases.flatMap(runCase);
const failed = outcomes.filter(({ problems }) => problems.length > 0);
console.log("passed/all without a stream · passed/all streamed\n");
console.log(plainTable(matrix(outcomes)));
for (const { caseId, client, upstream, problems } of failed) console.log(`\n✗ ${caseId} (${client} ↔ ${upstream})\n  ${problems.slice(0, 5).join("\n  ")}`);
writeFileSync(TARGET, page(cases, outcomes));
console.log(`\n${cases.length} cases, ${outcomes.length} translations: ${outcomes.length - failed.length} passed, ${failed.length} failed → docs/conformance.md`);
process.exitCode = failed.length === 0 ? 0 : 1;
