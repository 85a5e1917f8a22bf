import { afterEach, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killHard } from "../kit/kill.ts";
import { makeHome, startServer, waitFor, type Home, type RunningProgram } from "../kit/program.ts";
import { CLIENT_KEY, type Listening } from "../kit/running.ts";
import { startVendor, type Vendor } from "./kit/vendor.ts";

const REQUEST = { model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const FILE = "first.json";
const KILLS = 12;

const homes: Home[] = [];
const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  for (const home of homes.splice(0)) home.remove();
});

function makeHouse(): Home {
  const home = makeHome();
  homes.push(home);
  return home;
}

/** @param directory of the logins */
function start(home: Home, directory: string, vendor: Vendor): Promise<RunningProgram> {
  const config = { "api-keys": [CLIENT_KEY], "auth-dir": directory, host: "127.0.0.1", discovery: { environment: false, local: false }, accounts: { subscriptions: true, kinds: vendor.kinds } };
  return startServer(home, ["--config", home.write("config.yaml", JSON.stringify(config)), "--json"]);
}

async function ask({ origin }: RunningProgram): Promise<number> {
  const reply = await fetch(`${origin}/v1/messages`, {
    method: "POST", body: JSON.stringify(REQUEST),
    headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}`, "anthropic-version": "2023-06-01" },
  });
  await reply.text();
  return reply.status;
}

function store(home: Home, content: unknown): string {
  const directory = join(home.directory, "auth");
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(join(directory, FILE), JSON.stringify(content), { mode: 0o600 });
  return directory;
}

/** Tokens of the tests are counted. */
const numberOf = (token: string): number => Number(/-token-(\d+)-/.exec(token)?.[1]);

test("whenever the program is killed around a renewal, the account works again after a restart", async () => {
  const home = makeHouse();
  // Shorter than what a request asks of a token: each one renews.
  const vendor = startVendor({ lifetimeSeconds: 5, forgives: true });
  open.push(vendor);
  const directory = store(home, vendor.login("first", Date.now()).content);
  const early: string[] = [];
  vendor.instead = (_request, _owner, token) => {
    const onDisk = (JSON.parse(readFileSync(join(directory, FILE), "utf8")) as { readonly refresh_token: string }).refresh_token;
    if (numberOf(onDisk) < numberOf(token)) early.push(`${token} was used while ${onDisk} was on disk`);
    return undefined;
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const program = await start(home, directory, vendor);
    expect([kill, await ask(program)]).toEqual([kill, 200]);
    const asked = vendor.issuer.asked.length;
    const hands = Array.from({ length: 4 }, () => ask(program).catch(() => 0));
    await waitFor(() => (vendor.issuer.asked.length > asked ? true : undefined));
    // From the vendor's answer on its way to the request that uses it, and beyond.
    await Bun.sleep(kill / 2);
    await killHard(program);
    await Promise.all(hands);
  }
  const program = await start(home, directory, vendor);
  expect(await ask(program)).toBe(200);
  await program.stop();
  expect(early).toEqual([]);
}, 180_000);

test("two programs on one directory renew a token once", async () => {
  const [one, other] = [makeHouse(), makeHouse()];
  const vendor = startVendor();
  open.push(vendor);
  const { content, tokens } = vendor.login("first", Date.now() + 8 * 3_600_000);
  const directory = store(one, content);
  const programs = await Promise.all([start(one, directory, vendor), start(other, directory, vendor)]);
  expect(await Promise.all(programs.map(ask))).toEqual([200, 200]);
  vendor.issuer.good.delete(tokens.accessToken);
  const statuses = await Promise.all(programs.flatMap((program) => Array.from({ length: 100 }, () => ask(program))));
  expect(statuses).toEqual(Array.from({ length: 200 }, () => 200));
  expect(vendor.issuer.asked).toHaveLength(1);
  await Promise.all(programs.map((program) => program.stop()));
}, 60_000);
