import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT: string = join(import.meta.dirname, "../..");

/** A fenced block of a page. */
export interface Block {
  /** Below the root of the repository. */
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** First word after the fence: `sh`, `yaml`, … */
  readonly language: string;
  /** The words after it, e.g. `no-run`. */
  readonly words: readonly string[];
  readonly text: string;
}

/** The pages for those who come from another gateway. Their commands belong together, and are walked: see `walk.ts`. */
export function movingPages(): readonly string[] {
  return pagesIn("docs/moving-from");
}

/** Only says which pages there are in Chinese. */
const CHINESE_CONTENTS = "docs/zh-CN/README.md";

/** Pages in Chinese, each with the page whose translation it is. */
export function chinesePages(): readonly (readonly [chinese: string, english: string])[] {
  const folders = [["docs/zh-CN", "docs/guides"], ["docs/zh-CN/moving-from", "docs/moving-from"]] as const;
  const translated = folders.flatMap(([chinese, english]) => pagesIn(chinese).map((page) => [page, page.replace(chinese, english)] as const));
  return [["README.zh-CN.md", "README.md"], ...translated.filter(([page]) => page !== CHINESE_CONTENTS)];
}

/** Every page that is written by hand, but those in Chinese. */
export function handwrittenPages(): readonly string[] {
  const packages = readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}/README.md`);
  return ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/README.md", CHINESE_CONTENTS, ...packages, ...pagesIn("docs/guides"), ...pagesIn("docs/decisions"), ...movingPages()];
}

function pagesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".md")).map((name) => relative(ROOT, join(ROOT, folder, name)));
}

export function readPage(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

const FENCE = /^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```$/gm;

export function blocksOf(file: string): readonly Block[] {
  const page = readPage(file);
  return [...page.matchAll(FENCE)].map((match) => ({
    file,
    line: page.slice(0, match.index).split("\n").length,
    language: match[1] ?? "",
    words: (match[2] ?? "").split(/\s+/).filter(Boolean),
    text: match[3] ?? "",
  }));
}

/** Targets of the links that lead to files of the repository, without their anchors. */
export function localLinksOf(file: string): readonly string[] {
  const prose = readPage(file).replace(FENCE, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target.replace(/#.*$/, "")).filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

/** How deep each heading of a page is, in order: `["#", "##", …]`. */
export function levelsOf(file: string): readonly string[] {
  return [...readPage(file).replace(FENCE, "").matchAll(/^(#{1,6}) /gm)].map(([, marks = ""]) => marks);
}
