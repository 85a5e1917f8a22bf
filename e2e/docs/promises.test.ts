// Who leaves another gateway is told promise by promise what becomes of it, and where that is proved. The proofs are there.
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readPage, ROOT } from "./markdown.ts";
import { stepsOf } from "./walk.ts";

const PAGE = "docs/moving-from/promises.md";

interface Row {
  /** `A1` for a promise, `A-1` for a defect. */
  readonly id: string;
  readonly how: string;
  readonly proofs: readonly string[];
}

const rows: readonly Row[] = readPage(PAGE).split("\n").filter((line) => /^\| [A-D]-?\d+ \|/.test(line)).map((line) => {
  const [, id = "", , how = "", proofs = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  return { id, how, proofs: proofs.split("<br>").map((proof) => proof.trim()).filter((proof) => proof !== "") };
});

/** `A1`, `A2`, …: so many of each letter. */
function idsOf(counts: Readonly<Record<string, number>>, dash: string): string[] {
  return Object.entries(counts).flatMap(([letter, count]) => Array.from({ length: count }, (_, at) => `${letter}${dash}${at + 1}`));
}

test("every promise and every known defect has its row, in order", () => {
  expect(rows.map(({ id }) => id).filter((id) => !id.includes("-"))).toEqual(idsOf({ A: 36, B: 21, C: 16, D: 21 }, ""));
  expect(rows.map(({ id }) => id).filter((id) => id.includes("-"))).toEqual(idsOf({ A: 29, B: 18, C: 23, D: 22 }, "-"));
});

test("nothing is without a proof", () => {
  expect(rows.filter(({ proofs }) => proofs.length === 0).map(({ id }) => id)).toEqual([]);
});

test("the sums that are told are those of the tables", () => {
  const promises = rows.filter(({ id }) => !id.includes("-"));
  const otherwise = promises.filter(({ how }) => how.startsWith("Otherwise: ")).length;
  const kept = promises.length - otherwise;
  expect(readPage(PAGE)).toContain(`${kept} of them are kept as they were. ${otherwise} are kept otherwise`);
  expect(readPage("README.md")).toContain(`${kept} are kept as they were and ${otherwise} otherwise`);
});

describe("a proof is there", () => {
  test.each(rows.flatMap(({ id, proofs }) => proofs.map((proof): [string, string] => [id, proof])))("%s: %s", (_id, proof) => {
    expect(faultOf(proof)).toBeUndefined();
  });
});

/** Why a proof is none. */
function faultOf(proof: string): string | undefined {
  const [, file, title] = /^`([^`]+\.test\.ts)` › (.+)$/.exec(proof) ?? [];
  if (file !== undefined && title !== undefined) return holdsTitle(file, title) ? undefined : `${file} has no such test`;
  const [, page, command] = /^\[[^\]]+\]\(([^)]+\.md)\): `([^`]+)`$/.exec(proof) ?? [];
  if (page !== undefined && command !== undefined) return isTyped(join(dirname(PAGE), page), command) ? undefined : `nobody types this on ${page}`;
  const [, path] = /^`(conformance\/cases\/[^`]+|[^`]+)`$/.exec(proof) ?? [];
  if (path === undefined) return "is of no known form";
  return existsSync(join(ROOT, path)) ? undefined : "is not there";
}

const sources = new Map<string, string>();

function holdsTitle(file: string, title: string): boolean {
  if (!existsSync(join(ROOT, file))) return false;
  const source = sources.get(file) ?? readFileSync(join(ROOT, file), "utf8");
  sources.set(file, source);
  return ['"', "`", "'"].some((quote) => source.includes(`${quote}${title}${quote}`));
}

/** Whether a line of a step that is walked begins so. */
function isTyped(page: string, command: string): boolean {
  return stepsOf(page).some(({ language, text }) => language === "sh" && text.split("\n").some((line) => line.startsWith(command)));
}
