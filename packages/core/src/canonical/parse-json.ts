/** Values inside of each other. */
const MAX_DEPTH = 1000;
/** What is shorter cannot be so deep that it does harm. Characters. */
const HARMLESS_LENGTH = 40_000;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * `JSON.parse` for texts of strangers. A value that is nested tens of thousands of levels deep takes JavaScriptCore ten
 * seconds to find that it cannot be written again (seen in Bun 1.4.5, 2026-11): it is refused before it becomes a value.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (text.length > HARMLESS_LENGTH && isTooDeep(text)) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
  return JSON.parse(text);
}

/** Goes from bracket to bracket; strings, which are most of a long text, are jumped over. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    // `[`, `{` and `]`, `}` differ in one bit each.
    else if ((code & 0xdf) === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if ((code & 0xdf) === 0x5d) depth--;
  }
  return false;
}

/** Where the quote stands that closes a string; the end of the text when none does. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}
