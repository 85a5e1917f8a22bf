// Kinds of characters. Small and big letters are one kind, in two classes: a new run begins within camelCase.
const SPACE = 0;
const SMALL = 1;
const BIG = 2;
const DIGIT = 3;
const MARK = 4;
const OTHER = 5;
const IDEOGRAPH = 6;

/** What a run of each class costs: how many characters make one token, on the average of the vendors' tokenizers. */
const PER_TOKEN: readonly number[] = [8, 6, 6, 3, 2, 2.5, 1];

/** The classes of ASCII: each text of each request is looked at letter by letter. */
const CLASS_OF = Uint8Array.from({ length: 128 }, (_, code) => classOf(code));

/** From the CJK radicals on: ideographs, kana, Hangul, and the halves of emoji. */
const FIRST_IDEOGRAPH = 0x2e80;

/**
 * Tokens of a text, without a tokenizer: runs of letters, digits, marks and space are counted as vendors cut them, a new
 * run begins within camelCase, and scripts without spaces cost a token a character. Rather a little too many than too few.
 */
export function textTokens(text: string): number {
  let tokens = 0;
  let kind = SPACE;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = code < 128 ? (CLASS_OF[code] ?? MARK) : code < FIRST_IDEOGRAPH ? OTHER : IDEOGRAPH;
    if (next !== kind && !(next === SMALL && kind === BIG)) {
      tokens += runTokens(kind, length);
      length = 0;
    }
    kind = next;
    length++;
  }
  return tokens + runTokens(kind, length);
}

/** A single space belongs to the word after it. */
function runTokens(kind: number, length: number): number {
  return kind === SPACE && length === 1 ? 0 : Math.ceil(length / (PER_TOKEN[kind] ?? 1));
}

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return SMALL;
  if (code >= 65 && code <= 90) return BIG;
  if (code >= 48 && code <= 57) return DIGIT;
  return code <= 32 ? SPACE : MARK;
}
