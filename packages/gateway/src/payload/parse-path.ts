// Paths into a JSON body, as CLIProxyAPI's payload rules write them: names joined by dots (`\.` for a dot in a name),
// numbers for places in a list, `#(condition)` for the first item that fulfils it, `#(condition)#` and `#` for all.
import type { Json } from "@dragoman/core";
import { valuesAt, type Condition, type Step } from "./path.ts";
import { sameJson } from "./same-json.ts";
import { wildcard } from "./wildcard.ts";

export function parsePath(text: string): readonly Step[] {
  return splitOutside(text, ".").map((piece): Step => {
    const query = /^#\((.*)\)(#?)$/s.exec(piece);
    if (query !== null) return { type: "items", holds: parseCondition(query[1] ?? ""), all: query[2] === "#" };
    if (piece === "#") return { type: "items", holds: () => true, all: true };
    return { type: "name", name: piece.replace(/\\(.)/gs, "$1") };
  });
}

/** Cuts a text at a separator that stands neither within quotes nor within brackets, nor behind a backslash. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (depth === 0 && text.startsWith(separator, at)) {
      pieces.push(text.slice(start, at));
      start = at + separator.length;
      at = start - 1;
    }
  }
  return [...pieces, text.slice(start)];
}

/** Reads `a=="x" && b<3 || c%"te*"`; `&&` binds closer than `||`. A path alone asks whether something is there. */
function parseCondition(text: string): Condition {
  const choices = splitOutside(text, "||").map((choice) => splitOutside(choice, "&&").map(parseComparison));
  return (item) => choices.some((all) => all.every((holds) => holds(item)));
}

type Compare = (found: Json, wanted: Json) => boolean;

const order = (test: (difference: number) => boolean): Compare => (found, wanted) => {
  if (typeof found === "number" && typeof wanted === "number") return test(found - wanted);
  return typeof found === "string" && typeof wanted === "string" && test(found < wanted ? -1 : found > wanted ? 1 : 0);
};
const like: Compare = (found, wanted) => typeof found === "string" && typeof wanted === "string" && wildcard(wanted)(found);

/** Longer ones first, so that `<=` is not read as `<`. */
const COMPARISONS: readonly (readonly [sign: string, compare: Compare])[] = [
  ["==", sameJson],
  ["!=", (found, wanted) => !sameJson(found, wanted)],
  ["<=", order((difference) => difference <= 0)],
  [">=", order((difference) => difference >= 0)],
  ["!%", (found, wanted) => !like(found, wanted)],
  ["<", order((difference) => difference < 0)],
  [">", order((difference) => difference > 0)],
  ["%", like],
];

function parseComparison(text: string): Condition {
  const sign = firstSign(text);
  const name = (sign === undefined ? text : text.slice(0, sign.at)).trim();
  const find = name === "" ? (item: Json): readonly Json[] => [item] : pathReader(name);
  if (sign === undefined) return (item) => find(item).length > 0;
  const wanted = parseValue(text.slice(sign.at + sign.length).trim());
  return (item) => find(item).some((found) => sign.compare(found, wanted));
}

function pathReader(name: string): (item: Json) => readonly Json[] {
  const path = parsePath(name);
  return (item) => valuesAt(item, path);
}

function firstSign(text: string): { readonly at: number; readonly length: number; readonly compare: Compare } | undefined {
  for (let at = 0; at < text.length && text[at] !== '"'; at++) {
    const found = COMPARISONS.find(([sign]) => text.startsWith(sign, at));
    if (found !== undefined) return { at, length: found[0].length, compare: found[1] };
  }
  return undefined;
}

/** JSON, or a bare word. */
function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
