// Every example of the pages that are written by hand is run, or at least read by what it is written for.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseConfigText } from "../../packages/server/src/config/config-file.ts";
import { CLIS } from "../clients/clis/index.ts";
import { startDemo, type DemoServer } from "./demo-server.ts";
import { blocksOf, chinesePages, handwrittenPages, localLinksOf, movingPages, ROOT, type Block } from "./markdown.ts";
import { promisesOf, runShell, runTypeScript } from "./run-block.ts";

let demo: DemoServer;
/** For examples that make users or keys: a gateway that ever had some lets nobody in without one. */
let keyedDemo: DemoServer;
beforeAll(async () => {
  [demo, keyedDemo] = await Promise.all([startDemo(), startDemo()]);
});
afterAll(() => Promise.all([demo.stop(), keyedDemo.stop()]));

const demoFor = ({ text }: Block): DemoServer => (/\/(?:users|keys|api-keys)\b/.test(text) ? keyedDemo : demo);

const pages = handwrittenPages();
const blocks = pages.flatMap(blocksOf);
const place = ({ file, line }: Block): string => `${file}:${line}`;

/** The block's word `client=…`, which names a client of `e2e/clients`. */
const clientOf = (block: Block): string | undefined => block.words.find((word) => word.startsWith("client="))?.slice("client=".length);
/** Pages about moving are walked as a whole, see `moving.test.ts`. */
const walked = new Set(movingPages());
const isStep = ({ file, language, words }: Block): boolean => walked.has(file) && (language === "sh" || words.some((word) => word.startsWith("file=")));
/** A program of `examples/`, which other tests start, and hold against the page. */
const isExample = ({ words }: Block): boolean => words.some((word) => word.startsWith("example="));
const isRun = (block: Block): boolean => !block.words.includes("no-run") && clientOf(block) === undefined && !isStep(block) && !isExample(block);
const inLanguage = (...languages: string[]): [string, Block][] => blocks.filter((block) => languages.includes(block.language) && isRun(block)).map((block) => [place(block), block]);

describe("shell", () => {
  test.each(inLanguage("sh"))("%s runs", async (_place, block) => {
    const { exitCode, output } = await runShell(block, demoFor(block));
    for (const promise of promisesOf(block)) expect(output).toContain(promise);
    if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${output}`);
  });
});

describe("TypeScript", () => {
  test.each(inLanguage("ts"))("%s runs", async (_place, block) => {
    const { exitCode, output } = await runTypeScript(block, demoFor(block));
    if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${output}`);
    expect(promisesOf(block).length).toBeGreaterThan(0);
    for (const promise of promisesOf(block)) expect(output).toContain(promise);
  });
});

describe("configuration", () => {
  test.each(inLanguage("yaml"))("%s is taken, with all of its keys in effect", (_place, { text }) => {
    const names = [...text.matchAll(/\$\{((?:secret:)?\w+)/g)].map(([, name = ""]) => name);
    const parsed = parseConfigText(text, Object.fromEntries(names.map((name) => [name, `value-of-${name}`])));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.notes.filter(({ kind }) => kind !== "warning")).toEqual([]);
  });
});

test.each(inLanguage("json"))("%s is JSON", (_place, { text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

describe("settings of clients are those that the trials in e2e/clients use", () => {
  const ofClients = blocks.filter((block) => clientOf(block) !== undefined).map((block): [string, Block] => [place(block), block]);

  test("each client is described", () => {
    const described = new Set(ofClients.map(([, block]) => clientOf(block)));
    expect([...described].toSorted()).toEqual(CLIS.map(({ name }) => slug(name)).toSorted());
  });

  test.each(ofClients)("%s", (_place, block) => {
    const cli = CLIS.find(({ name }) => slug(name) === clientOf(block));
    if (cli === undefined) throw new Error(`there is no client ${clientOf(block)}`);
    const site = { work: "/work", home: "/home", origin: "http://127.0.0.1:8317", apiKey: "YOUR-KEY", model: "MODEL", prompt: "PROMPT" };
    if (block.language === "sh") expect(cli.invocation(site).env).toMatchObject(assignmentsOf(block.text));
    else {
      const files = Object.entries(cli.files?.(site) ?? {}).filter(([path]) => path.endsWith(`.${block.language}`));
      expect(files).toHaveLength(1);
      for (const [, text] of files) expect(parserOf(block.language)(text)).toMatchObject(parserOf(block.language)(block.text));
    }
  });
});

function slug(name: string): string {
  return name.toLowerCase().replaceAll(" ", "-");
}

/** `export NAME=value` lines. */
function assignmentsOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/^export (\w+)=(\S+)/gm)].map(([, name = "", value = ""]) => [name, value]);
  if (found.length === 0) throw new Error("nothing is set");
  return Object.fromEntries(found) as Record<string, string>;
}

function parserOf(language: string): (text: string) => Record<string, unknown> {
  if (language === "toml") return (text) => Bun.TOML.parse(text) as Record<string, unknown>;
  return (text) => JSON.parse(text) as Record<string, unknown>;
}

test("every block is of a language that is checked here; few are only to be read", () => {
  expect(blocks.filter(({ language }) => !["sh", "ts", "yaml", "json", "toml", "text"].includes(language)).map(place)).toEqual([]);
  expect(blocks.filter(({ words }) => words.includes("no-run")).length).toBeLessThan(blocks.length / 8);
  expect(blocks.filter(({ language }) => language === "toml").filter((block) => clientOf(block) === undefined)).toEqual([]);
});

test.each([...pages, ...chinesePages().map(([page]) => page)].map((page) => [page]))("links of %s lead somewhere", (page) => {
  const lost = localLinksOf(page).filter((target) => !existsSync(join(ROOT, dirname(page), target)));
  expect(lost).toEqual([]);
});
