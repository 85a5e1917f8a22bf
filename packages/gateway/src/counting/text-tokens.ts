/** What a run of characters of a kind costs: how many of them make one token, on the average of the vendors' tokenizers. */
const PER_TOKEN = { word: 6, digit: 3, mark: 2, space: 8, other: 2.5, ideograph: 1 } as const;

type Kind = keyof typeof PER_TOKEN;

/**
 * Tokens of a text, without a tokenizer: runs of letters, digits, marks and space are counted as vendors cut them, a new
 * run begins within camelCase, and scripts without spaces cost a token a character. Rather a little too many than too few.
 */
export function textTokens(text: string): number {
  let tokens = 0;
  let kind: Kind | undefined;
  let length = 0;
  let wasLower = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = kindOf(code);
    const isUpper = code >= 65 && code <= 90;
    if (next !== kind || (isUpper && wasLower)) {
      tokens += runTokens(kind, length);
      kind = next;
      length = 0;
    }
    length++;
    wasLower = code >= 97 && code <= 122;
  }
  return tokens + runTokens(kind, length);
}

/** A single space belongs to the word after it. */
function runTokens(kind: Kind | undefined, length: number): number {
  if (kind === undefined || (kind === "space" && length === 1)) return 0;
  return Math.ceil(length / PER_TOKEN[kind]);
}

function kindOf(code: number): Kind {
  if (code < 128) {
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return "word";
    if (code >= 48 && code <= 57) return "digit";
    return code <= 32 ? "space" : "mark";
  }
  // From the CJK radicals on: ideographs, kana, Hangul, and the halves of emoji.
  return code >= 0x2e80 ? "ideograph" : "other";
}
