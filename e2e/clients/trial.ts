import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CLIENT_KEY, type World } from "../kit/world.ts";
import type { Cli, Site } from "./cli.ts";
import { MODELS } from "./clients-world.ts";
import { runProcess, type Finished } from "./run-process.ts";
import { CONTENT, FILE_NAMES, FINAL_TEXT, IMAGE_NAME, SimulatedModel } from "./simulated-model.ts";

export interface Trial {
  readonly problems: readonly string[];
  readonly requests: number;
  /** Answers before which the model thought. */
  readonly thoughts: number;
  readonly durationMs: number;
  /** What the CLI said, for the report of a failure. */
  readonly finished: Finished;
}

/** Longest time that one CLI may take; they need 1 to 15 s. */
const LIMIT_MS = 120_000;

/** A red square of 8 × 8 dots. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC", "base64");

/** Runs one CLI against one simulated provider, in folders that are gone afterwards. */
export async function runTrial(cli: Cli, script: string, upstream: string, world: World): Promise<Trial> {
  const root = mkdtempSync(join(tmpdir(), "dragoman-trial-"));
  try {
    const site = prepare(cli, root, { origin: world.origin, model: modelOf(cli, upstream) });
    const first = await runOnce({ cli, script, upstream, world }, site, new SimulatedModel(site.work));
    if (first.problems.length > 0) return first;
    const other = nextOf(Object.keys(MODELS).filter((id) => id === upstream || id !== cli.resumesBadlyWith), upstream);
    const resumed: Site = { ...site, model: modelOf(cli, other), prompt: "Look again.", resumes: true };
    return sum(first, await runOnce({ cli, script, upstream: other, world }, resumed, new SimulatedModel(site.work, "session")), `resumed with ${other}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const modelOf = (cli: Cli, upstream: string): string => cli.models?.[upstream] ?? MODELS[upstream] ?? "";

function nextOf(ids: readonly string[], id: string): string {
  return ids[(ids.indexOf(id) + 1) % ids.length] ?? id;
}

function sum(first: Trial, second: Trial, name: string): Trial {
  return {
    problems: second.problems.map((problem) => `${name}: ${problem}`),
    requests: first.requests + second.requests,
    thoughts: first.thoughts + second.thoughts,
    durationMs: first.durationMs + second.durationMs,
    finished: second.finished,
  };
}

interface Pair {
  readonly cli: Cli;
  readonly script: string;
  readonly upstream: string;
  readonly world: World;
}

async function runOnce({ cli, script, upstream, world }: Pair, site: Site, model: SimulatedModel): Promise<Trial> {
  const marks = { log: world.log.length, seen: new Map([...world.upstreams].map(([id, { simulator }]) => [id, simulator.seen.length])) };
  for (const { simulator } of world.upstreams.values()) simulator.script = (question) => model.answer(question);
  const startedAt = Date.now();
  const finished = await runProcess(script, cli.invocation(site), { cwd: site.work, home: site.home, limitMs: LIMIT_MS });
  const problems = [...problemsOfProcess(finished), ...problemsOfFiles(site), ...problemsOfModel(model), ...problemsOfWorld(world, upstream, marks)];
  const requests = [...world.upstreams].reduce((sum, [id, { simulator }]) => sum + simulator.seen.length - (marks.seen.get(id) ?? 0), 0);
  return { problems, requests, thoughts: model.thoughts, durationMs: Date.now() - startedAt, finished };
}

function prepare(cli: Cli, root: string, { origin, model }: { origin: string; model: string }): Site {
  const site: Site = { work: join(root, "work"), home: join(root, "home"), origin, apiKey: CLIENT_KEY, model, prompt: `Write ${FILE_NAMES.join(" and ")}, then look at them.` };
  mkdirSync(site.work);
  mkdirSync(site.home);
  writeFileSync(join(site.work, IMAGE_NAME), PNG);
  for (const [path, text] of Object.entries(cli.files?.(site) ?? {})) {
    mkdirSync(dirname(join(site.home, path)), { recursive: true });
    writeFileSync(join(site.home, path), text);
  }
  return site;
}

function problemsOfProcess({ status, stdout }: Finished): readonly string[] {
  const problems: string[] = [];
  if (status === undefined) problems.push(`did not end within ${LIMIT_MS / 1000} s`);
  else if (status !== 0) problems.push(`ended with code ${status}`);
  if (!stdout.includes(FINAL_TEXT)) problems.push("the final text was not printed");
  return problems;
}

function problemsOfFiles({ work }: Site): readonly string[] {
  return FILE_NAMES.flatMap((name) => {
    const path = join(work, name);
    if (!existsSync(path)) return [`${name} was not written`];
    const content = readFileSync(path, "utf8");
    return content === CONTENT ? [] : [`${name} has another content: ${JSON.stringify(content)}`];
  });
}

function problemsOfModel(model: SimulatedModel): readonly string[] {
  return model.isDone ? model.problems : [...model.problems, "the tool loop was not walked to its end"];
}

/** Every request reached the right provider, kept its rules, and was answered. */
function problemsOfWorld(world: World, upstream: string, marks: { readonly log: number; readonly seen: ReadonlyMap<string, number> }): readonly string[] {
  const problems: string[] = [];
  for (const [id, { simulator }] of world.upstreams) {
    const seen = simulator.seen.slice(marks.seen.get(id) ?? 0);
    if (id !== upstream && seen.length > 0) problems.push(`${seen.length} requests went to ${id}`);
    for (const { violations } of seen) for (const { path, message } of violations) problems.push(`${id} refused ${path}: ${message}`);
  }
  for (const { event, fields } of world.log.slice(marks.log)) {
    if (event === "request.completed" && Number(fields.status) >= 400) problems.push(`the gateway answered ${String(fields.path)} with ${String(fields.status)}: ${String(fields.message)}`);
  }
  return problems;
}
