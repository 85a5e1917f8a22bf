// The real CLIs after `dragoman connect`, with nothing else done, and after `--undo`; and by `dragoman run`:
// `npm run test:clients:connect [-- word …]`.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { CLIENT_KEY, type World } from "../kit/world.ts";
import type { Cli } from "./cli.ts";
import { MODELS, startClientsWorld } from "./clients-world.ts";
import { CLIS } from "./clis/index.ts";
import { CONNECTED, filesBelow } from "./connected.ts";
import { install } from "./install.ts";
import { runProcess, type Finished } from "./run-process.ts";

const LAUNCHER = resolve(import.meta.dir, "../../packages/server/bin/dragoman.js");
const ANSWER = "Merhaba from behind the gateway: zażółć 🦆.";
/** A CLI that finds no settings of ours may wait for a login or a network; it has this long, in ms. */
const LOST_MS = 20_000;
const LIMIT_MS = 120_000;

interface Result {
  readonly name: string;
  /** What went wrong, by stage. */
  readonly problems: readonly string[];
  readonly stages: Readonly<Record<"connected" | "undone" | "run", string>>;
}

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const clis = CLIS.filter(({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)));
const world = startClientsWorld();
for (const { simulator } of world.upstreams.values()) simulator.script = () => ({ text: ANSWER });

const results: Result[] = [];
for (const cli of clis) {
  const result = await tryOut(cli, await install(cli));
  results.push(result);
  console.log(`${result.problems.length === 0 ? "ok  " : "FAIL"} ${result.name.padEnd(24)} ${Object.entries(result.stages).map(([stage, text]) => `${stage}: ${text}`).join("; ")}`);
  for (const problem of result.problems) console.log(`     ${problem}`);
}
await world.close();
console.log(`\n${results.filter(({ problems }) => problems.length === 0).length} passed, ${results.filter(({ problems }) => problems.length > 0).length} failed`);
process.exit(results.every(({ problems }) => problems.length === 0) ? 0 : 1);

async function tryOut(cli: Cli, script: string): Promise<Result> {
  // Not below the system's temporary folder, where others may write: the Gemini CLI takes no system settings from there.
  const cache = join(homedir(), ".cache");
  mkdirSync(cache, { recursive: true });
  const root = mkdtempSync(join(cache, "dragoman-connect-"));
  try {
    return await walk(cli, script, new Stage(root, world));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function walk(cli: Cli, script: string, stage: Stage): Promise<Result> {
  const { id, args, model: wanted } = CONNECTED[cli.name] ?? { id: "", args: [] };
  const model = wanted ?? MODELS[cli.dialect] ?? "";
  const problems: string[] = [];
  const target = ["--url", world.origin, "--model", model];
  const start = (limitMs: number): Promise<Finished> => runProcess(script, { args: [...args], env: {} }, { cwd: stage.work, home: stage.home, limitMs });

  const connect = await stage.dragoman(["connect", id, ...target, "--yes"]);
  if (connect.status !== 0) problems.push(`connect ended with ${String(connect.status)}: ${connect.stdout}${connect.stderr}`);
  const connected = await stage.requests(() => start(LIMIT_MS));
  problems.push(...answered("connected", connected));

  const undo = await stage.dragoman(["connect", id, "--undo"]);
  if (undo.status !== 0) problems.push(`--undo ended with ${String(undo.status)}: ${undo.stdout}${undo.stderr}`);
  const lost = await stage.requests(() => start(LOST_MS));
  if (lost.requests > 0) problems.push(`after --undo ${lost.requests} requests came all the same`);

  const before = filesBelow(stage.home, world.origin);
  stage.command(cli, script, id);
  const run = await stage.requests(() => stage.dragoman(["run", id, ...target, "--", ...args]));
  problems.push(...answered("run", run));
  const touched = filesBelow(stage.home, world.origin).filter((path) => !before.includes(path));
  if (touched.length > 0) problems.push(`run left the gateway's address in ${touched.join(", ")}`);
  return { name: cli.name, problems, stages: { connected: `${connected.requests} requests`, undone: `${lost.requests} requests`, run: `${run.requests} requests` } };
}

function answered(stage: string, { requests, failed, finished: { status, stdout, stderr } }: Counted): readonly string[] {
  const isGood = requests > 0 && failed === 0 && status === 0 && stdout.includes(ANSWER);
  return isGood ? [] : [`${stage}: ended with ${String(status)} after ${requests} requests, ${failed} of them refused\n  stdout: ${stdout.slice(-1500)}\n  stderr: ${stderr.slice(-1500)}`];
}

interface Counted {
  readonly finished: Finished;
  /** That reached the gateway. */
  readonly requests: number;
  readonly failed: number;
}

/** A fresh home, a working directory, and the program. */
class Stage {
  readonly home: string;
  readonly work: string;
  readonly #programs: string;
  readonly #world: World;

  constructor(root: string, world: World) {
    [this.home, this.work, this.#programs] = ["home", "work", "programs"].map((name) => join(root, name)) as [string, string, string];
    for (const directory of [this.home, this.work, this.#programs]) mkdirSync(directory);
    this.#world = world;
  }

  dragoman(args: readonly string[]): Promise<Finished> {
    return runProcess(LAUNCHER, { args, env: { DRAGOMAN_API_KEY: CLIENT_KEY, PATH: `${this.#programs}:${process.env.PATH ?? ""}` } }, { cwd: this.work, home: this.home, limitMs: LIMIT_MS });
  }

  /** Puts the CLI where a shell would find it. */
  command(cli: Cli, script: string, id: string): void {
    const path = join(this.#programs, CONNECTED[cli.name]?.command ?? id);
    writeFileSync(path, `#!/bin/sh\nexec node '${script}' "$@"\n`);
    chmodSync(path, 0o755);
  }

  async requests(work: () => Promise<Finished>): Promise<Counted> {
    const mark = this.#world.log.length;
    const finished = await work();
    const completed = this.#world.log.slice(mark).filter(({ event }) => event === "request.completed");
    return { finished, requests: completed.length, failed: completed.filter(({ fields }) => Number(fields.status) >= 400).length };
  }
}
