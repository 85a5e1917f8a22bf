import { shell, stepsOf, type Client, type Setting } from "@dragoman/gateway";
import { bold, cyan, dim, green, red, yellow } from "../cli/terminal.ts";
import { UsageError } from "../cli/command.ts";
import { askModel, type FirstAnswer } from "./ask-gateway.ts";
import { chooseSetting, type SettingWish } from "./choose-setting.ts";
import { modelsOf, secretsOf, takesModel } from "./about-setting.ts";
import { redactedLine } from "./redacted-line.ts";
import { carryOut, diffOf, planFiles, type Obstacle, type PlannedFile } from "./plan.ts";
import { placesOf, type PlaceWish } from "./places.ts";
import { agrees, type ConnectTools } from "./tools.ts";

export interface ConnectWish extends SettingWish, PlaceWish {
  /** Nobody is asked whether it may be written. */
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Only show what to type where. */
  readonly print?: boolean;
}

/** What came of it, for programs. Holds no key. */
export interface ConnectReport {
  readonly client: string;
  readonly url: string;
  readonly models: Readonly<Record<string, string>>;
  readonly written: boolean;
  readonly files: readonly { readonly path: string; readonly changes: number }[];
  readonly tests: readonly FirstAnswer[];
  readonly obstacles: readonly Obstacle[];
  /** What is left to do by hand. */
  readonly byHand: readonly string[];
}

/** Outcomes with which a client would not work either: nothing is written then. */
const HOPELESS: ReadonlySet<FirstAnswer["outcome"]> = new Set(["unreachable", "key-refused", "unknown-model"]);

/** Points a client here: asks, tries, shows, writes. @throws UsageError when something is missing that nobody can be asked for */
export async function connectClient(client: Client, wish: ConnectWish, tools: ConnectTools): Promise<ConnectReport> {
  const hasFiles = client.files !== undefined && wish.print !== true;
  if (hasFiles && placesOf(client, tools.around, wish).length === 0) throw new UsageError(wish.project === true ? `${client.name} has no settings for a project.` : `${client.name} was not found in its usual place: say where its settings are with --file, or see --print.`);
  const { setting, models, keyId } = await chooseSetting(client, { ...wish, needsModel: takesModel(client) }, tools);
  const tests = wish.offline === true || setting.model === "" ? [] : await tryModels(client, setting, { models, tools });
  const isHopeless = tests.some(({ outcome }) => HOPELESS.has(outcome));
  const byHand = wish.print === true ? stepsOf(client, setting) : client.byHand?.(setting) ?? [];
  const report = { client: client.id, url: setting.url, models: modelsOf(setting), tests, obstacles: [], written: false, byHand: byHand.map(({ title }) => title) };
  if (!hasFiles) {
    // A key that somebody knows is not shown again; a new one must be, once.
    showSteps(client, keyId === undefined && setting.key === wish.key ? { ...setting, key: "YOUR-KEY" } : setting, tools);
    return { ...report, files: [] };
  }
  const plan = planFiles(client, setting, tools.around, wish);
  if (!plan.ok) return { ...report, files: [], obstacles: tellObstacles(plan.obstacles, tools) };
  const files = plan.files.map(({ path, puts }) => ({ path, changes: puts.length }));
  const diff = diffOf(plan.files, secretsOf(setting));
  tools.say(diff === "" ? "Its settings are as they should be." : diff);
  const written = diff !== "" && (await mayWrite(wish, { isHopeless, tools }));
  if (written) carryOut(plan.files, { client, setting, around: tools.around, ...(keyId !== undefined && { keyId }) });
  else if (keyId !== undefined) await tools.closeKeys?.([keyId]);
  tellEnd(client, setting, { written, files: plan.files, tools });
  return { ...report, files, written };
}

async function tryModels(client: Client, setting: Setting, { models, tools }: { readonly models: readonly string[]; readonly tools: ConnectTools }): Promise<readonly FirstAnswer[]> {
  const answers: FirstAnswer[] = [];
  for (const model of new Set(Object.values(modelsOf(setting)))) {
    const answer = await askModel(setting, { dialect: client.dialect, model, models });
    answers.push(answer);
    tools.say(answer.outcome === "answered" ? `${green("ok")}  ${model} answers (${answer.durationMs} ms)` : `${HOPELESS.has(answer.outcome) ? red("no") : yellow("!!")}  ${model}: ${redactedLine(answer.message, secretsOf(setting))}`);
  }
  return answers;
}

async function mayWrite({ yes, dryRun }: ConnectWish, { isHopeless, tools }: { readonly isHopeless: boolean; readonly tools: ConnectTools }): Promise<boolean> {
  if (dryRun === true) return false;
  if (isHopeless) {
    tools.say(yellow("Nothing was written, since the client would not work. With --no-test it is written all the same."));
    return false;
  }
  if (yes === true) return true;
  if (tools.person.isPerson) return agrees(tools.person, "Write this?");
  tools.say("Nothing was written: say --yes to write, or --dry-run to look only.");
  return false;
}

function tellObstacles(obstacles: readonly Obstacle[], { say }: ConnectTools): readonly Obstacle[] {
  for (const { path, line, reason } of obstacles) say(`${red("no")}  ${path}${line === undefined ? "" : `:${line}`} ${reason}. It was left as it is: mend it there and run this again, or see --print.`);
  return obstacles;
}

function showSteps(client: Client, setting: Setting, { say }: ConnectTools): void {
  for (const { title, file, text } of stepsOf(client, setting)) say(`${bold(title)}${file === undefined ? "" : ` (${file})`}\n\n${text}\n`);
}

function tellEnd(client: Client, setting: Setting, { written, files, tools: { say } }: { readonly written: boolean; readonly files: readonly PlannedFile[]; readonly tools: ConnectTools }): void {
  if (!written) return;
  say(`${green("connected")} ${client.name}: ${files.filter(({ puts }) => puts.length > 0).map(({ path }) => path).join(", ")}`);
  for (const { title, text } of client.files?.some(({ place }) => place.isProfile) === true ? [] : client.byHand?.(setting) ?? []) say(`${bold("Left to do:")} ${title}\n${text.split("\n").map((line) => redactedLine(line, secretsOf(setting))).join("\n")}`);
  for (const warning of client.beware ?? []) say(dim(warning));
  const command = client.start?.command;
  if (command !== undefined) say(`Start it as ever: ${cyan(command)}. Back to what was before: ${cyan(`dragoman connect ${shell(client.id)} --undo`)}`);
}
