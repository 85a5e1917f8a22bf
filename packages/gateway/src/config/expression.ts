const LEADING_FLAGS = /^\(\?([ims]+)\)/;

/**
 * A regular expression of `match-regexr`. A leading `(?i)`, as Go and Python write it, is understood, too.
 *
 * @returns `undefined` when it is none
 */
export function parseExpression(text: string): RegExp | undefined {
  const flags = LEADING_FLAGS.exec(text)?.[1] ?? "";
  try {
    return new RegExp(text.replace(LEADING_FLAGS, ""), [...new Set(flags)].join(""));
  } catch {
    return undefined;
  }
}
