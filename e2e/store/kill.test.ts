// Whatever answer a client got whole is on record, with its tokens, once: also when the gateway is killed amid many answers.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "@dragoman/gateway";
import { openPostgresStore } from "../../packages/server/src/store/postgres.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite.ts";
import { ask, DIALECTS, isWhole, readEvents, type DialectId } from "../kit/calls.ts";
import { killHard } from "../kit/kill.ts";
import { makeHome, startServer, type Home, type RunningProgram } from "../kit/program.ts";
import { startPostgres, type Postgres } from "../kit/postgres.ts";
import { CLIENT_KEY } from "../kit/running.ts";
import { MODELS, startUpstreams, worldConfig, type Upstream } from "../kit/world.ts";

const CLIENTS = 32;

let upstreams: Map<string, Upstream>;
let home: Home;
beforeAll(() => {
  upstreams = startUpstreams(({ prompt }) => {
    const number = Number(/\d+/.exec(prompt)?.[0]);
    return { text: `answer to question number ${number}, in a few words`, usage: { input: 100 + (number % 50), output: 20 + (number % 37) } };
  }, { eventPauseMs: 1 });
});
afterAll(async () => {
  for (const upstream of upstreams.values()) await upstream.close();
});
beforeEach(() => {
  home = makeHome();
  home.write("config.yaml", JSON.stringify({ "api-keys": [CLIENT_KEY], discovery: { environment: false, local: false }, ...worldConfig(upstreams) }));
});
afterEach(() => home.remove());

/** An answer that a client has read to its end. */
interface Received {
  readonly requestId: string;
  readonly tokens: number;
  readonly dialect: DialectId;
  readonly streamed: boolean;
}

let questions = 0;

/** One client: asks in any dialect for any model, streamed and not, until the gateway is gone. */
async function client(origin: string, received: Received[]): Promise<void> {
  for (;;) {
    const number = ++questions;
    const dialect = DIALECTS[number % 4]!;
    const model = MODELS[DIALECTS[Math.floor(number / 4) % 4]!]!;
    const streamed = Math.floor(number / 16) % 2 === 0;
    let response: Response;
    try {
      response = await ask(origin, dialect, { model, stream: streamed, prompt: `question ${number}` });
    } catch {
      return;
    }
    const text = await readAll(response);
    if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
    if (streamed ? isWhole(dialect, readEvents(text.slice(0, text.lastIndexOf("\n\n") + 2)).events) : isJson(text)) {
      received.push({ requestId: response.headers.get("x-request-id") ?? "", tokens: 120 + (number % 50) + (number % 37), dialect, streamed });
    }
  }
}

/** All that came before the connection broke. */
async function readAll(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    // The gateway was killed; what came until then counts.
  }
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Starts the gateway, lets clients ask, and kills it at some moment after the first answers. */
async function round(environment: Readonly<Record<string, string>>, received: Received[]): Promise<void> {
  const before = received.length;
  const program: RunningProgram = await startServer(home, ["serve", "--json"], environment);
  const clients = Array.from({ length: CLIENTS }, () => client(program.origin, received));
  while (received.length < before + CLIENTS) await Bun.sleep(1);
  await Bun.sleep(Math.random() * 400);
  await killHard(program);
  await Promise.all(clients);
}

/** What the next start finds is put in the store; then everything must be there, once. */
async function expectAllOnRecord(open: () => Store, environment: Readonly<Record<string, string>>, received: readonly Received[]): Promise<void> {
  const program = await startServer(home, ["serve", "--json"], environment);
  // The journal of the last one was needed: without it, this test would prove little.
  expect((await program.line("usage.recovered")).records).toBeGreaterThan(0);
  expect((await fetch(`${program.origin}/health`)).status).toBe(200);
  expect(await program.stop()).toBe(0);
  expect(readdirSync(join(home.directory, "data", "journal"))).toEqual([]);
  const store = open();
  const missing: unknown[] = [];
  for (const { requestId, tokens, dialect, streamed } of received) {
    const found = (await store.usage.find(requestId)).filter(({ outcome }) => outcome === "succeeded");
    const counted = found.map(({ usage }) => (usage?.inputFresh ?? 0) + (usage?.cacheRead ?? 0) + (usage?.outputVisible ?? 0) + (usage?.reasoning ?? 0));
    if (counted.length !== 1 || counted[0] !== tokens) missing.push({ requestId, dialect, streamed, tokens, counted });
  }
  expect(missing).toEqual([]);
  // The sums, and the records one by one, tell of the same attempts.
  const [sums] = await store.usage.group({ groupBy: [] });
  const names = new Set<string>();
  let tokens = 0;
  let cursor: string | undefined;
  do {
    const page = await store.usage.records({ limit: 1_000, ...(cursor !== undefined && { cursor }) });
    for (const { requestId, attempt, usage } of page.records) {
      names.add(`${requestId} ${attempt}`);
      tokens += (usage?.inputFresh ?? 0) + (usage?.cacheRead ?? 0) + (usage?.cacheWrite ?? 0) + (usage?.toolPrompt ?? 0) + (usage?.outputVisible ?? 0) + (usage?.reasoning ?? 0);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect([sums?.attempts, sums?.totalTokens]).toEqual([names.size, tokens]);
  expect(names.size).toBeGreaterThanOrEqual(received.length);
  await store.close();
}

test("SQLite, killed five times", async () => {
  const received: Received[] = [];
  for (let count = 0; count < 5; count++) await round({}, received);
  for (const dialect of DIALECTS) for (const streamed of [true, false]) expect(received.some((each) => each.dialect === dialect && each.streamed === streamed)).toBe(true);
  await expectAllOnRecord(() => openSqliteStore(join(home.directory, "data", "dragoman.db")), {}, received);
});

describe("PostgreSQL", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test("killed twice", async () => {
    const environment = { DATABASE_URL: await postgres.createDatabase() };
    const received: Received[] = [];
    for (let count = 0; count < 2; count++) await round(environment, received);
    await expectAllOnRecord(() => openPostgresStore(environment.DATABASE_URL), environment, received);
  });
});
