import type { ReactNode } from "react";
import { CodeBlock } from "../../ui/code-block.tsx";
import type { CodeLanguage } from "../../ui/highlight.ts";

/** What models usually write: paragraphs, headings, lists, code, emphasis. Nothing is read as HTML. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return <div className="markdown">{splitFences(text).map((part, place) => (part.code === undefined ? <Blocks key={place} text={part.text} /> : <CodeBlock key={place} title={part.language} code={part.code} language={codeLanguage(part.language)} />))}</div>;
}

interface Part {
  readonly text: string;
  readonly code?: string;
  readonly language?: string;
}

/** A fence that has not ended yet reaches to the end. */
function splitFences(text: string): readonly Part[] {
  const parts: Part[] = [];
  const fence = /^```([\w+-]*)[^\n]*\n([\s\S]*?)(?:^```[ \t]*$|$(?![\s\S]))/gm;
  let at = 0;
  for (const match of text.matchAll(fence)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: "", code: (match[2] ?? "").replace(/\n$/, ""), language: match[1] ?? "" });
    at = match.index + match[0].length;
  }
  return at < text.length ? [...parts, { text: text.slice(at) }] : parts;
}

const LANGUAGES: Readonly<Record<string, CodeLanguage>> = { js: "typescript", ts: "typescript", tsx: "typescript", javascript: "typescript", typescript: "typescript", py: "python", python: "python", sh: "bash", bash: "bash", shell: "bash", json: "json", yaml: "yaml", yml: "yaml", toml: "toml", ini: "ini", http: "http" };
const codeLanguage = (name = ""): CodeLanguage => LANGUAGES[name.toLowerCase()] ?? "text";

function Blocks({ text }: { readonly text: string }): ReactNode {
  return text.split(/\n{2,}/).filter((block) => block.trim() !== "").map((block, place) => <Block key={place} text={block.replace(/^\n+|\s+$/g, "")} />);
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;

function Block({ text }: { readonly text: string }): ReactNode {
  const heading = /^(#{1,6})\s+(.*)/.exec(text);
  const lines = text.split("\n");
  if (heading !== null) {
    const rest = lines.slice(1).join("\n");
    return <><p className="markdown-heading"><Inline text={heading[2] ?? ""} /></p>{rest.trim() !== "" && <Block text={rest} />}</>;
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(text)) return <hr />;
  const first = lines.findIndex((line) => ITEM.test(line));
  if (first > 0) return <><Block text={lines.slice(0, first).join("\n")} /><Block text={lines.slice(first).join("\n")} /></>;
  if (first === 0) return <Items lines={lines} />;
  if (lines.every((line) => line.startsWith(">"))) return <blockquote><Inline text={lines.map((line) => line.replace(/^>\s?/, "")).join("\n")} /></blockquote>;
  return <p><Inline text={text} /></p>;
}

function Items({ lines }: { readonly lines: readonly string[] }): ReactNode {
  const items = lines.reduce<readonly string[]>((so, line) => (ITEM.test(line) ? [...so, line.replace(ITEM, "")] : [...so.slice(0, -1), `${so.at(-1) ?? ""}\n${line.trim()}`]), []);
  const children = items.map((item, place) => <li key={place}><Inline text={item} /></li>);
  return /^\s*\d/.test(lines[0] ?? "") ? <ol>{children}</ol> : <ul>{children}</ul>;
}

function Inline({ text }: { readonly text: string }): ReactNode {
  return text.split(/(`[^`\n]+`|\*\*[^*]+\*\*|(?<![\w*])\*[^*\n]+\*(?![\w*]))/).map((part, place) => {
    if (part.startsWith("`") && part.length > 1) return <code key={place}>{part.slice(1, -1)}</code>;
    if (part.startsWith("**") && part.length > 4) return <strong key={place}>{part.slice(2, -2)}</strong>;
    return part.startsWith("*") && part.length > 2 ? <em key={place}>{part.slice(1, -1)}</em> : part;
  });
}
