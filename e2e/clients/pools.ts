// The real CLIs over pools of two accounts, of which the first is used up in the middle of the session:
// `npm run test:clients:pools [-- word …]`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Simulator } from "@dragoman/gateway/testing";
import type { AccountWorld } from "../accounts/kit/account-world.ts";
import { startAccountWorld } from "../accounts/kit/account-world.ts";
import { quotaDetails, refusal as googleRefusal, startCodeAssist } from "../accounts/kit/code-assist.ts";
import { ACCOUNT_ID, idToken, startCodexVendor } from "../accounts/kit/codex-vendor.ts";
import { CLIENT_SECRET, googleEndpoints, startGoogle } from "../accounts/kit/google-cloud.ts";
import { startVendor } from "../accounts/kit/vendor.ts";
import { CLIENT_KEY } from "../kit/world.ts";
import type { Cli, Site } from "./cli.ts";
import { claudeCode } from "./clis/claude-code.ts";
import { codex } from "./clis/codex.ts";
import { geminiCli, geminiCliWithLogin } from "./clis/gemini-cli.ts";
import { install } from "./install.ts";
import { runProcess } from "./run-process.ts";
import { CONTENT, FILE_NAMES, FINAL_TEXT, IMAGE_NAME, SimulatedModel } from "./simulated-model.ts";

const HOUR = 3_600_000;
/** Good answers that an account gives before its vendor says that it is used up. */
const ANSWERS = 2;
const LIMIT_MS = 120_000;

/** Two accounts of one vendor, and who answered with which. */
interface Pool {
  readonly world: AccountWorld;
  readonly model: string;
  readonly simulator: Simulator;
  /** Names of accounts, one for each good answer. */
  readonly answered: readonly string[];
  /** Requests that were refused because the account is used up. */
  readonly refused: () => number;
  close(): Promise<void>;
}

/** Says when the account that began is used up. */
class Meter {
  readonly answered: string[] = [];
  refusals = 0;

  /** @returns whether the request is refused */
  count(owner: string): boolean {
    const isFirst = this.answered[0] === undefined || this.answered[0] === owner;
    if (isFirst && this.answered.filter((name) => name === owner).length >= ANSWERS) {
      this.refusals += 1;
      return true;
    }
    this.answered.push(owner);
    return false;
  }
}

const clock = { now: () => Date.now() };
const seconds = (at: number): string => String(Math.floor(at / 1000));

async function claudePool(): Promise<Pool> {
  const vendor = startVendor();
  const meter = new Meter();
  vendor.instead = (_request, owner) => meter.count(owner)
    ? Response.json({ type: "error", error: { type: "rate_limit_error", message: "This request would exceed your account's rate limit." } }, {
      status: 429,
      headers: { "anthropic-ratelimit-unified-status": "rejected", "anthropic-ratelimit-unified-5h-status": "rejected", "anthropic-ratelimit-unified-7d-status": "allowed", "anthropic-ratelimit-unified-5h-reset": seconds(Date.now() + HOUR), "anthropic-ratelimit-unified-reset": seconds(Date.now() + HOUR) },
    })
    : undefined;
  const files = Object.fromEntries(["one@example.com", "two@example.com"].map((owner) => [`claude-${owner}.json`, vendor.login(owner, Date.now() + 8 * HOUR).content]));
  const world = await startAccountWorld({ clock, files, kinds: vendor.kinds });
  return { world, model: "claude-sonnet-4-5-20250929", simulator: vendor.upstream, answered: meter.answered, refused: () => meter.refusals, close: async () => void (await Promise.all([world.close(), vendor.close()])) };
}

async function codexPool(): Promise<Pool> {
  const vendor = await startCodexVendor({ clock, expiresInMs: 240 * HOUR });
  const meter = new Meter();
  const second = vendor.issuer.issue();
  const names = new Map([[`Bearer ${vendor.tokens.accessToken}`, "one@example.com"], [`Bearer ${second.accessToken}`, "two@example.com"]]);
  vendor.world.store("codex-two@example.com-plus.json", { id_token: idToken("plus", "two@example.com"), type: "codex", email: "two@example.com", account_id: ACCOUNT_ID, access_token: second.accessToken, refresh_token: second.refreshToken, expired: new Date(Date.now() + 240 * HOUR).toISOString() });
  await vendor.world.gateway.accounts?.noticed("codex-two@example.com-plus.json");
  vendor.reply = (request) => meter.count(names.get(request.headers.get("authorization") ?? "") ?? "nobody")
    ? Response.json({ error: { type: "usage_limit_reached", message: "The usage limit has been reached", resets_at: Math.floor((Date.now() + HOUR) / 1000) } }, { status: 429 })
    : undefined;
  return { world: vendor.world, model: "gpt-5.4", simulator: vendor.upstream, answered: meter.answered, refused: () => meter.refusals, close: async () => void (await Promise.all([vendor.world.close(), vendor.issuer.close(), vendor.api.close()])) };
}

async function geminiPool(): Promise<Pool> {
  const cloud = startGoogle({ clientId: "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com", redirectUri: "http://localhost:8085/oauth2callback", projects: ["one", "two"] });
  const meter = new Meter();
  const names = new Map<string, string>();
  const api = startCodeAssist({
    good: cloud.good,
    check(_envelope, headers) {
      if (meter.count(names.get(headers.get("authorization") ?? "") ?? "nobody")) api.instead.push(googleRefusal(429, "RESOURCE_EXHAUSTED", "You have exhausted your capacity on this model.", [quotaDetails.retryInfo("3600s")]));
      return undefined;
    },
  });
  const files = Object.fromEntries(["one", "two"].map((name) => {
    const tokens = cloud.issue();
    names.set(`Bearer ${tokens.accessToken}`, name);
    return [`gemini-${name}@example.com-${name}.json`, { type: "gemini", email: `${name}@example.com`, project_id: name, auto: false, checked: true, token: { access_token: tokens.accessToken, refresh_token: tokens.refreshToken, token_type: "Bearer", expiry: new Date(Date.now() + HOUR).toISOString() } }];
  }));
  const world = await startAccountWorld({ clock, files, kinds: { "gemini-cli": { "client-secret": CLIENT_SECRET, "base-url": api.origin, endpoints: googleEndpoints(cloud, cloud.origin) } } });
  return { world, model: "gemini-2.5-pro", simulator: api.simulator, answered: meter.answered, refused: () => meter.refusals, close: async () => void (await Promise.all([world.close(), api.close(), cloud.close()])) };
}

const POOLS: readonly (readonly [Cli, () => Promise<Pool>])[] = [[claudeCode, claudePool], [codex, codexPool], [geminiCli, geminiPool], [geminiCliWithLogin, geminiPool]];

async function trial(cli: Cli, makePool: () => Promise<Pool>): Promise<readonly string[]> {
  const script = await install(cli);
  const root = mkdtempSync(join(tmpdir(), "dragoman-pool-"));
  const pool = await makePool();
  try {
    const site: Site = { work: join(root, "work"), home: join(root, "home"), origin: pool.world.origin, apiKey: CLIENT_KEY, model: pool.model, prompt: `Write ${FILE_NAMES.join(" and ")}, then look at them.` };
    prepare(cli, site);
    const model = new SimulatedModel(site.work);
    pool.simulator.script = (question) => model.answer(question);
    const finished = await runProcess(script, cli.invocation(site), { cwd: site.work, home: site.home, limitMs: LIMIT_MS });
    const problems = [...model.problems, ...(model.isDone ? [] : ["the tool loop was not walked to its end"])];
    if (finished.status !== 0 || !finished.stdout.includes(FINAL_TEXT)) problems.push(`ended with ${finished.status ?? "no"} status: ${finished.stderr.slice(-800)}`);
    for (const name of FILE_NAMES) if (readFileSync(join(site.work, name), "utf8") !== CONTENT) problems.push(`${name} has another content`);
    for (const { violations } of pool.simulator.seen) for (const { path, message } of violations) problems.push(`refused ${path}: ${message}`);
    if (new Set(pool.answered).size !== 2) problems.push(`answers came from ${[...new Set(pool.answered)].join(", ")}`);
    if (pool.refused() !== 1) problems.push(`the account that is used up was asked ${pool.refused()} times`);
    console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${cli.name}: ${pool.answered.join(", ")}; ${pool.refused()} refused`);
    return problems;
  } finally {
    await pool.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function prepare(cli: Cli, site: Site): void {
  mkdirSync(site.work);
  mkdirSync(site.home);
  writeFileSync(join(site.work, IMAGE_NAME), Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC", "base64"));
  for (const [path, text] of Object.entries(cli.files?.(site) ?? {})) {
    mkdirSync(dirname(join(site.home, path)), { recursive: true });
    writeFileSync(join(site.home, path), text);
  }
}

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const failures: string[] = [];
for (const [cli, makePool] of POOLS) {
  if (words.length > 0 && !words.some((word) => cli.name.toLowerCase().includes(word))) continue;
  for (const problem of await trial(cli, makePool)) failures.push(`${cli.name}: ${problem}`);
}
for (const failure of failures) console.log(failure);
process.exit(failures.length === 0 ? 0 : 1);
