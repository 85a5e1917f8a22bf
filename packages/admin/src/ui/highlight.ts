export type CodeLanguage = "json" | "bash" | "yaml" | "toml" | "ini" | "python" | "typescript" | "http" | "text";
export interface CodeToken {
  /** Absent: plain. */
  readonly kind?: "key" | "string" | "number" | "word" | "comment" | "mark";
  readonly text: string;
}

type Rule = readonly [NonNullable<CodeToken["kind"]>, string];
const STRING = `"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'`;
const NUMBER = String.raw`-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b`;
const settings: readonly Rule[] = [["comment", "#[^\\n]*"], ["key", String.raw`^[ \t-]*[\w."$-]+(?=\s*[:=](?:\s|$|["'\[]))`], ["mark", String.raw`^\[+[^\]\n]*\]+`], ["string", STRING], ["word", String.raw`\b(?:true|false|null)\b`], ["number", NUMBER]];
const program = (words: string, comment: string): readonly Rule[] => [["comment", comment], ["string", `${STRING}|\`[^\`]*\``], ["word", String.raw`\b(?:${words})\b`], ["number", NUMBER]];

const RULES: Readonly<Record<CodeLanguage, readonly Rule[]>> = {
  json: [["key", String.raw`"(?:[^"\\\n]|\\.)*"(?=\s*:)`], ["string", STRING], ["word", String.raw`\b(?:true|false|null)\b`], ["number", NUMBER]],
  bash: [["comment", "(?<=^|\\s)#[^\\n]*"], ["string", STRING], ["key", String.raw`\b[A-Z][A-Z0-9_]+(?==)`], ["mark", String.raw`\$\{?\w+\}?`], ["word", String.raw`\b(?:export|curl|npm|npx|pip|node|echo|cat|mkdir|set)\b`]],
  yaml: settings,
  toml: settings,
  ini: settings,
  http: [["key", String.raw`^[\w-]+(?=:)`], ["word", String.raw`^(?:GET|POST|PUT|PATCH|DELETE)\b`], ["number", NUMBER]],
  python: program("from|import|def|return|for|in|if|else|print|with|as|True|False|None|class|async|await", "#[^\\n]*"),
  typescript: program("import|from|const|let|await|async|for|of|if|else|return|new|export|function|true|false|null", "//[^\\n]*"),
  text: [],
};

/** Longer texts are shown plain: colours are not worth a page that hangs. */
const MAX_LENGTH = 200_000;

/** Cuts code into tokens, lightly: it colours, it does not understand. */
export function highlight(code: string, language: CodeLanguage): readonly CodeToken[] {
  const rules = RULES[language];
  if (rules.length === 0 || code.length > MAX_LENGTH) return [{ text: code }];
  const pattern = new RegExp(rules.map(([, source]) => `(${source})`).join("|"), "gm");
  const tokens: CodeToken[] = [];
  let at = 0;
  for (const match of code.matchAll(pattern)) {
    if (match[0] === "") continue;
    const index = match.slice(1).findIndex((group) => group !== undefined);
    const rule = rules[index];
    if (rule === undefined) continue;
    if (match.index > at) tokens.push({ text: code.slice(at, match.index) });
    tokens.push({ kind: rule[0], text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < code.length) tokens.push({ text: code.slice(at) });
  return tokens;
}
