import type { ModelInfo } from "@dragoman/core";
import { VERSION, type DiscoveredUpstream } from "@dragoman/gateway";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Finding } from "../host/discover.ts";
import type { Program } from "../host/program.ts";
import { bold, columns, cyan, dim, green, yellow } from "./terminal.ts";

export interface BannerInput {
  readonly program: Program;
  readonly loaded: LoadedConfig;
  readonly discovered: readonly (DiscoveredUpstream | Finding)[];
  readonly demo: boolean;
}

/** What a person wants to know after a start: where it is, what it offers and from where, how to use it, what to do next. */
export function banner({ program, loaded, discovered, demo }: BannerInput): string {
  const { url } = program.server;
  const models = program.gateway.engine.switchboard.listModels();
  const key = loaded.config["api-keys"].length > 0 ? "YOUR-KEY" : "any";
  return [
    "",
    `  ${bold("Dragoman")} ${VERSION}   ${green(url)}`,
    `  ${dim(loaded.path === undefined ? "no configuration file; defaults and what was found" : `configuration ${loaded.path}`)}`,
    ...(loaded.config["api-keys"].length === 0 && !isLoopback(url) ? [`  ${yellow("anyone who reaches this address can use it: set api-keys")}`] : []),
    "",
    ...modelLines(models, discovered),
    "",
    ...(models.length === 0 ? nextSteps() : demo ? demoLines(url) : clientLines(url, key, models)),
    ...(program.setupUrl === undefined ? [] : ["", `  ${setupLine(program.setupUrl)}`]),
    "",
  ].join("\n");
}

/** The link works once, and only on this machine. */
export function setupLine(url: string): string {
  return `${bold("Set up this gateway")} in a browser on this machine, within 30 minutes: ${cyan(url)}`;
}

export function isLoopback(url: string): boolean {
  return /^https?:\/\/(127\.|localhost|\[::1\])/.test(url);
}

/** More models than this are counted, not named. */
const NAMED_MODELS = 4;

function modelLines(models: readonly ModelInfo[], discovered: readonly (DiscoveredUpstream | Finding)[]): readonly string[] {
  if (models.length === 0) return [`  ${yellow("No model yet.")}`];
  const byOwner = Map.groupBy(models, ({ ownedBy }) => ownedBy);
  const rows = [...byOwner].map(([owner, list]) => {
    const names = list.slice(0, NAMED_MODELS).map(({ id }) => id).join(", ");
    const more = list.length > NAMED_MODELS ? ` and ${list.length - NAMED_MODELS} more` : "";
    return [`  ${cyan(owner)}`, dim(sourceOf(owner, discovered)), `${names}${more}`];
  });
  return [`  ${bold(`${models.length} models`)}`, columns(rows)];
}

function sourceOf(owner: string, discovered: readonly (DiscoveredUpstream | Finding)[]): string {
  const found = discovered.find(({ name, providerId }) => name === owner || providerId === owner);
  if (found === undefined) return "configured";
  if ("variable" in found && found.variable !== undefined) return `from ${found.variable}`;
  return found.name === "demo" ? "built in" : `at ${found.baseUrl ?? "this machine"}`;
}

function clientLines(url: string, key: string, models: readonly ModelInfo[]): readonly string[] {
  const model = models[0]?.id ?? "MODEL";
  return [
    `  ${bold("Point a client at it")}`,
    columns([
      ["  OpenAI SDK, chat apps", cyan(`OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=${key}`)],
      ["  Claude Code", cyan(`ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=${key} claude --model ${model}`)],
      ["  Gemini CLI", cyan(`GOOGLE_GEMINI_BASE_URL=${url} GEMINI_API_KEY=${key} gemini -m ${model}`)],
    ]),
    `  ${dim("For good, in a client's own settings:")} ${cyan("npx dragoman connect")} ${dim("(claude-code, codex, gemini-cli, …)")}`,
    "",
    `  ${dim(`All models: curl ${url}/v1/models`)}`,
  ];
}

function demoLines(url: string): readonly string[] {
  const json = `-H 'content-type: application/json'`;
  return [
    `  ${bold("Try the four dialects")} ${dim("(scripted models; nothing leaves this machine)")}`,
    "",
    `  ${dim("OpenAI Chat")}   curl ${url}/v1/chat/completions ${json} -d '{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}'`,
    `  ${dim("Responses")}     curl ${url}/v1/responses ${json} -d '{"model":"demo-thinker","input":"how many words are these?"}'`,
    `  ${dim("Anthropic")}     curl -N ${url}/v1/messages ${json} -d '{"model":"demo-prose","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"go"}]}'`,
    `  ${dim("Gemini")}        curl ${url}/v1beta/models/demo-echo:generateContent ${json} -d '{"contents":[{"parts":[{"text":"hello"}]}]}'`,
    "",
    `  ${dim("For real models: stop this, set a key (for example OPENAI_API_KEY) and run")} ${cyan("npm start")}`,
  ];
}

function nextSteps(): readonly string[] {
  return [
    `  ${bold("What to do next")}`,
    `  ${dim("1.")} set a key and start again:   ${cyan("OPENAI_API_KEY=sk-... npm start")}   ${dim("(or ANTHROPIC_API_KEY, GEMINI_API_KEY, OPENROUTER_API_KEY, ...)")}`,
    `  ${dim("2.")} or start Ollama, LM Studio or llama.cpp on this machine, then this again`,
    `  ${dim("3.")} or write a configuration:     ${cyan("npx dragoman config init")}`,
    `  ${dim("4.")} or look around without a key: ${cyan("npm run demo")}`,
  ];
}
