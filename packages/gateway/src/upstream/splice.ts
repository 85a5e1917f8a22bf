import type { Json } from "@dragoman/core";

/** Where a top-level member of a JSON object stands in its text. */
interface MemberSpan {
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * Sets or removes top-level members in the text of a JSON object and leaves every other byte as it is: prompt caches
 * and signatures depend on them. The text must have been parsed before, so that it is known to be an object.
 */
export function spliceMembers(text: string, edits: Readonly<Record<string, Json | undefined>>): string {
  let result = text;
  for (const [name, value] of Object.entries(edits)) result = spliceMember(result, name, value);
  return result;
}

function spliceMember(text: string, name: string, value: Json | undefined): string {
  const span = findMember(text, name);
  if (span !== undefined) {
    return value === undefined ? removeMember(text, span) : text.slice(0, span.valueStart) + JSON.stringify(value) + text.slice(span.valueEnd);
  }
  if (value === undefined) return text;
  const end = text.lastIndexOf("}");
  const isEmpty = /^\s*\{\s*$/.test(text.slice(0, end));
  return `${text.slice(0, end)}${isEmpty ? "" : ","}${JSON.stringify(name)}:${JSON.stringify(value)}${text.slice(end)}`;
}

function removeMember(text: string, span: MemberSpan): string {
  const after = /^\s*,/.exec(text.slice(span.valueEnd, span.valueEnd + 64));
  if (after !== null) return text.slice(0, span.keyStart) + text.slice(span.valueEnd + after[0].length);
  return text.slice(0, span.keyStart).replace(/,\s*$/, "") + text.slice(span.valueEnd);
}

/** Walks the top level only; what lies deeper is skipped by whole strings and brackets. */
function findMember(text: string, name: string): MemberSpan | undefined {
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (at < text.length && text.charCodeAt(at) === QUOTE) {
    const keyStart = at;
    const keyEnd = stringEnd(text, at);
    const key: unknown = JSON.parse(text.slice(keyStart, keyEnd));
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    if (key === name) return { keyStart, valueStart, valueEnd };
    at = skipSpace(text, valueEnd);
    if (text.charCodeAt(at) !== COMMA) return undefined;
    at = skipSpace(text, at + 1);
  }
  return undefined;
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Index after the closing quote of the string that starts at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Index after the value that starts at `from`. */
function skipValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return stringEnd(text, from);
  if (first !== "{" && first !== "[") {
    let at = from;
    while (at < text.length && !",}] \t\r\n".includes(text[at] ?? "")) at++;
    return at;
  }
  let depth = 0;
  const structural = /["{}[\]]/g;
  structural.lastIndex = from;
  for (let match = structural.exec(text); match !== null; match = structural.exec(text)) {
    if (match[0] === '"') structural.lastIndex = stringEnd(text, match.index);
    else if (match[0] === "{" || match[0] === "[") depth++;
    else if (--depth === 0) return match.index + 1;
  }
  return text.length;
}
