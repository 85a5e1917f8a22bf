import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CLIENT_KEY, type World } from "../kit/world.ts";
import type { Cli, Site } from "./cli.ts";
import { MODELS } from "./clients-world.ts";
import { runProcess, type Finished } from "./run-process.ts";
import { CONTENT, FILE_NAME, FINAL_TEXT, SimulatedModel } from "./simulated-model.ts";

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

/** Runs one CLI against one simulated provider, in folders that are gone afterwards. */
export async function runTrial(cli: Cli, script: string, upstream: string, world: World): Promise<Trial> {
  const root = mkdtempSync(join(tmpdir(), "dragoman-trial-"));
  try {
    const site = prepare(cli, root, { origin: world.origin, model: MODELS[upstream] ?? "" });
    const model = new SimulatedModel(join(site.work, FILE_NAME));
    const marks = { log: world.log.length, seen: new Map([...world.upstreams].map(([id, { simulator }]) => [id, simulator.seen.length])) };
    for (const { simulator } of world.upstreams.values()) simulator.script = (question) => model.answer(question);
    const startedAt = Date.now();
    const finished = await runProcess(script, cli.invocation(site), { cwd: site.work, home: site.home, limitMs: LIMIT_MS });
    const problems = [...problemsOfProcess(finished), ...problemsOfFile(site), ...problemsOfModel(model), ...problemsOfWorld(world, upstream, marks)];
    const requests = [...world.upstreams].reduce((sum, [id, { simulator }]) => sum + simulator.seen.length - (marks.seen.get(id) ?? 0), 0);
    return { problems, requests, thoughts: model.thoughts, durationMs: Date.now() - startedAt, finished };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function prepare(cli: Cli, root: string, { origin, model }: { origin: string; model: string }): Site {
  const site: Site = { work: join(root, "work"), home: join(root, "home"), origin, apiKey: CLIENT_KEY, model, prompt: `Write ${FILE_NAME}, then read it.` };
  mkdirSync(site.work);
  mkdirSync(site.home);
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

function problemsOfFile({ work }: Site): readonly string[] {
  const path = join(work, FILE_NAME);
  if (!existsSync(path)) return ["the file was not written"];
  const content = readFileSync(path, "utf8");
  return content === CONTENT ? [] : [`the file has another content: ${JSON.stringify(content)}`];
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
