// A million attempts, and every question about them answered at once.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createSqlStore, type RecordQuery, type SqlDatabase, type Store, type UsageDimension, type UsageFilter } from "@dragoman/gateway";
import { attemptFor } from "@dragoman/gateway/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIGRATIONS } from "../../packages/gateway/src/store/sql/migrations.ts";
import { SUM_COLUMNS, SUM_OF_ATTEMPT } from "../../packages/gateway/src/store/sql/usage/sum-columns.ts";
import { PostgresExecutor } from "../../packages/server/src/store/postgres.ts";
import { SqliteExecutor } from "../../packages/server/src/store/sqlite.ts";
import { startPostgres } from "../kit/postgres.ts";

const RECORDS = 1_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 20_800 * DAY + 7 * HOUR + 1_234_567;
const FIRST = NOW - 90 * DAY;
/** What each query may cost, in processor time of this program and of the database: machines have other work to do. */
const PROMISED_MS = 200;

interface Database {
  readonly executor: SqlDatabase;
  /** What both sides have worked so far, in ms of processor time. */
  worked(): number;
  close(): Promise<void>;
}

const ownWork = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

async function sqlite(): Promise<Database> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-million-"));
  const executor = new SqliteExecutor(join(directory, "dragoman.db"));
  return {
    executor, worked: ownWork,
    async close() {
      await executor.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function postgres(): Promise<Database> {
  const server = await startPostgres();
  const executor = new PostgresExecutor(await server.createDatabase());
  return {
    executor, worked: () => ownWork() + server.worked(),
    async close() {
      await executor.close();
      await server.stop();
    },
  };
}

/** 50 users with 100 keys, each with two models of five providers and two credentials; thirty keys are in use at a time. */
async function fill(executor: SqlDatabase, store: Store): Promise<void> {
  const series = Array.from({ length: 400 }, (_, at) => {
    const key = 1 + Math.floor(at / 4);
    const model = (key * 3 + (at % 2)) % 20;
    return attemptFor({
      requestId: `series ${at}`, startedAt: FIRST, principal: `key:${key}`, keyId: key, userId: 1 + Math.floor(key / 2), clientDialect: `dialect-${key % 4}`, endpoint: `POST /dialect-${key % 4}`,
      provider: `provider-${model % 5}`, credential: `credential ${model % 5}.${Math.floor(at / 2) % 2}`, credentialIndex: `${model % 5}${Math.floor(at / 2) % 2}`.padStart(16, "0"), modelAsked: `model-${model}`, modelUpstream: `model-${model}-2026`,
    });
  });
  await store.usage.append(series);
  for (const table of ["attempts", "usage_hours", "usage_days"]) await executor.query(`DELETE FROM ${table}`);
  // Indexes come after the rows: that takes half the time.
  const indexes = MIGRATIONS.flat().filter((step) => /^CREATE INDEX (attempts|usage_hours|usage_days)_/.test(step));
  for (const step of indexes) await executor.query(`DROP INDEX ${step.split(" ")[2]}`);
  await executor.query(`
    WITH RECURSIVE numbers (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i < ${RECORDS - 1})
    INSERT INTO attempts (request_id, attempt, started_at, series_id, duration_ms, first_event_ms, outcome, status, streamed, passthrough, estimated,
      input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd, details)
    SELECT 'req_' || CAST(${RECORDS} + i AS TEXT), 1, ${FIRST} + i * ${90 * DAY / RECORDS}, 1 + (i / 300 * 17 + i * 7919 % 30) % 100 * 4 + i * 104729 / 7 % 4,
      500 + i * 31 % 9000, i * 17 % 3000, CASE WHEN i * 7 % 100 < 96 THEN 'succeeded' WHEN i % 2 = 0 THEN 'failed' ELSE 'cancelled' END, 200, 1, 0, 0,
      i % 5000, i * 3 % 20000, 0, i * 7 % 2000, i % 300, i * 11 % 100000000,
      '{"clientAddress":"10.1.2.3","modelAnswered":"model-2026","finishReason":"stop","usage":{"inputFresh":1200,"cacheRead":8000,"outputVisible":900,"native":{"input_tokens":9200,"output_tokens":900,"details":{"cached_tokens":8000}}}}'
    FROM numbers`);
  for (const [table, column, span] of [["usage_hours", "hour", HOUR], ["usage_days", "day", DAY]] as const) {
    const sums = SUM_COLUMNS.map((name) => `SUM(${SUM_OF_ATTEMPT[name]})`).join(", ");
    for (const id of ["series_id", "0"]) {
      await executor.query(`INSERT INTO ${table} (series_id, ${column}, ${SUM_COLUMNS.join(", ")}) SELECT ${id}, started_at / ${span} * ${span}, ${sums} FROM attempts GROUP BY ${id === "0" ? "" : "series_id, "}started_at / ${span} ORDER BY 2, 1`);
    }
  }
  for (const step of indexes) await executor.query(step);
  // What PostgreSQL does by itself within a minute.
  if (executor.dialect === "postgres") await executor.query("VACUUM ANALYZE");
}

const SPANS: Readonly<Record<string, UsageFilter>> = {
  "all time": {}, "30 days": { from: NOW - 30 * DAY }, "7 days": { from: NOW - 7 * DAY, to: NOW - 1_000 }, "24 hours": { from: NOW - DAY }, "an hour": { from: NOW - HOUR },
};
const FILTERS: Readonly<Record<string, UsageFilter>> = {
  "no filter": {}, "a user": { userIds: [7] }, "many users": { userIds: Array.from({ length: 30 }, (_, at) => at) }, "a key": { keyIds: [33] }, "a model": { models: ["model-3"] }, "a provider": { providers: ["provider-2"] },
  "a credential": { credentials: ["20".padStart(16, "0")] }, "a dialect": { dialects: ["dialect-1"] }, "a key and a model": { keyIds: [1], models: ["model-3"] }, "an unknown model": { models: ["none"] },
};
const GROUPS: readonly (readonly UsageDimension[])[] = [[], ["day"], ["hour"], ["user"], ["key"], ["model"], ["provider"], ["credential"], ["dialect"], ["endpoint"], ["user", "model"], ["day", "model"], ["day", "provider"], ["hour", "model"], ["hour", "provider"]];
const combinations = Object.entries(SPANS).flatMap(([span, from]) => Object.entries(FILTERS).map(([name, filter]): [string, UsageFilter] => [`${span}, ${name}`, { ...from, ...filter }]));

describe.each([["SQLite", sqlite], ["PostgreSQL", postgres]] as const)("%s", (_name, open) => {
  let database: Database;
  let store: Store;
  beforeAll(async () => {
    database = await open();
    store = createSqlStore(database.executor);
    await store.migrate();
    await fill(database.executor, store);
  }, 240_000);
  afterAll(() => database.close());

  /**
   * What a query costs, in ms: the least of up to eight runs, as other work on the machine only ever adds to it. Once it
   * was quick enough nobody asks again.
   */
  async function cost(work: () => Promise<unknown>): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let count = 0; count < 8 && least >= PROMISED_MS; count++) {
      const began = database.worked();
      await work();
      least = Math.min(least, database.worked() - began);
    }
    return least;
  }

  /** What took too long, with how long in ms. */
  const tooSlow: [string, number][] = [];
  async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
    const ms = await cost(work);
    if (ms >= PROMISED_MS) tooSlow.push([name, Math.round(ms)]);
  }

  test("they are all there", async () => {
    expect((await store.usage.group({ groupBy: [] }))[0]?.attempts).toBe(RECORDS);
    expect((await store.usage.group({ groupBy: ["model"] })).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(RECORDS);
  });

  test("sums by any dimension over any span, with any filter", async () => {
    for (const [name, filter] of combinations) {
      for (const groupBy of GROUPS) await measure(`${name} by ${groupBy.join(" and ")}`, () => store.usage.group({ ...filter, groupBy }));
    }
    expect(tooSlow.splice(0)).toEqual([]);
  }, 240_000);

  test("pages of records, the first and later ones", async () => {
    const outcomes: readonly Pick<RecordQuery, "outcomes">[] = [{}, { outcomes: ["failed"] }, { outcomes: ["succeeded"] }];
    for (const [name, filter] of combinations) {
      for (const outcome of outcomes) {
        let cursor: string | undefined;
        await measure(`${name} ${JSON.stringify(outcome)}`, async () => {
          cursor = (await store.usage.records({ ...filter, ...outcome, limit: 100 })).nextCursor;
        });
        if (cursor !== undefined) await measure(`${name} ${JSON.stringify(outcome)}, second page`, () => store.usage.records({ ...filter, ...outcome, limit: 100, cursor: cursor ?? "" }));
      }
      await measure(`${name}, far back`, () => store.usage.records({ ...filter, limit: 100, cursor: `${NOW - 60 * DAY}.1` }));
    }
    expect(tooSlow.splice(0)).toEqual([]);
  }, 240_000);

  test("one request, and what was spent", async () => {
    await measure("a request", () => store.usage.find(`req_${RECORDS}`));
    await measure("spent", () => store.budgets.spent("user:7", 0));
    await measure("spent by hour", () => store.budgets.spentByHour("user:7", NOW - 31 * DAY));
    await measure("a batch", () => store.usage.append(Array.from({ length: 100 }, (_, at) => attemptFor({ requestId: `new ${at}`, startedAt: NOW }))));
    expect(tooSlow.splice(0)).toEqual([]);
  });
});
