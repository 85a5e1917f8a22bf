import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listen } from "../kit/running.ts";
import { waitFor } from "../kit/program.ts";
import { blocksOf, type Block } from "./markdown.ts";
import { PREAMBLE, promisesOf, run } from "./run-block.ts";

/** Where a page is walked: a directory of its own, a free port in place of the one it writes, and vendors that are scripted. */
export interface Site {
  readonly directory: string;
  /** A port of the page, and the one that stands in for it. */
  readonly writtenPort: number;
  readonly port: number;
  /** Addresses of vendors as the page writes them, and who answers in their place. */
  readonly standIns: Readonly<Record<string, string>>;
}

export async function makeSite(writtenPort: number, standIns: Readonly<Record<string, string>>): Promise<Site> {
  const probe = listen(() => new Response());
  const port = Number(new URL(probe.origin).port);
  await probe.close();
  return { directory: mkdtempSync(join(tmpdir(), "dragoman-walk-")), writtenPort, port, standIns };
}

/**
 * The steps of a page, in order: `file=NAME` blocks are written, `serve` blocks are started and listen until the next one or
 * the end, other `sh` blocks are typed. `no-run` is only to be read, and so is what is of another language.
 */
export function stepsOf(page: string): readonly Block[] {
  return blocksOf(page).filter(({ language, words }) => !words.includes("no-run") && (language === "sh" || fileOf(words) !== undefined));
}

/** Walks a page from top to bottom. @throws at the first step that does not do what it says */
export async function walk(page: string, site: Site): Promise<void> {
  let serving: Serving | undefined;
  try {
    for (const block of stepsOf(page)) {
      const file = fileOf(block.words);
      if (file !== undefined) write(site, file, asHere(block.text, site));
      else if (block.words.includes("serve")) {
        await serving?.stop();
        serving = await serve(block, site);
      } else await type(block, site, serving);
    }
  } finally {
    await serving?.stop();
    rmSync(site.directory, { recursive: true });
  }
}

function fileOf(words: readonly string[]): string | undefined {
  return words.find((word) => word.startsWith("file="))?.slice("file=".length);
}

/** A file of the site. Also what the page takes for granted. */
export function write(site: Site, name: string, text: string): void {
  const path = join(site.directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}

function asHere(text: string, { writtenPort, port, standIns }: Site): string {
  const atHome = text.replaceAll(new RegExp(`\\b${writtenPort}\\b`, "g"), String(port));
  return Object.entries(standIns).reduce((changed, [written, here]) => changed.replaceAll(written, here), atHome);
}

function environmentOf({ directory }: Site): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: directory, DRAGOMAN_HOME: join(directory, "data"), NO_COLOR: "1" };
}

async function type(block: Block, site: Site, serving: Serving | undefined): Promise<void> {
  const { exitCode, output } = await run(["bash", "-c", PREAMBLE + asHere(block.text, site)], site.directory, environmentOf(site));
  const missing = promisesOf(block).filter((promise) => !output.includes(asHere(promise, site)));
  if (exitCode === 0 && missing.length === 0) return;
  throw new Error(`${block.file}:${block.line}: exit ${exitCode}, without ${JSON.stringify(missing)}:\n${output}\n${serving?.told() ?? ""}`);
}

interface Serving {
  /** Everything that the server said. */
  told(): string;
  stop(): Promise<void>;
}

async function serve(block: Block, site: Site): Promise<Serving> {
  // A group of its own: the shell, the launcher and the server end together.
  const child = spawn("bash", ["-c", PREAMBLE + asHere(block.text, site)], { cwd: site.directory, env: environmentOf(site), stdio: ["ignore", "pipe", "pipe"], detached: true });
  let told = "";
  child.stdout.on("data", (piece) => (told += piece));
  child.stderr.on("data", (piece) => (told += piece));
  let hasEnded = false;
  const ended = new Promise<void>((done) => child.on("close", () => done(void (hasEnded = true))));
  await waitFor(() => {
    if (hasEnded) throw new Error(`${block.file}:${block.line}: it does not start:\n${told}`);
    return told.includes(`:${site.port}`) ? true : undefined;
  });
  for (const promise of promisesOf(block)) await waitFor(() => (told.includes(asHere(promise, site)) ? true : undefined)).catch(() => Promise.reject(new Error(`${block.file}:${block.line}: it never says "${promise}":\n${told}`)));
  return { told: () => told, stop: () => stopGroup(child, ended) };
}

async function stopGroup(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  await ended;
}
