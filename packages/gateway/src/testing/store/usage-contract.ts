import type { AttemptRecord } from "../../usage/attempt-record.ts";
import { USAGE_DIMENSIONS, type RecordQuery, type UsageDimension, type UsageFilter, type UsageQuery } from "../../usage/query.ts";
import type { Store } from "../../store/port.ts";
import { attemptFor, HOUR_MS, sampleAttempts, sequence } from "./sample-attempts.ts";
import { refusalOf, withStore, type MakeStore, type TestRunner } from "./store-trial.ts";
import { groupsOf, inOrder, matches, sumsOf } from "./usage-oracle.ts";

/** Some hour before midnight, UTC. */
const BEGIN = 20_700 * 24 * HOUR_MS + 21 * HOUR_MS;
const HOURS = 60;
const SAMPLE = sampleAttempts(900, BEGIN, HOURS);

/** Everything that a record can say. */
const FULL: AttemptRecord = {
  requestId: "req_full", attempt: 3, startedAt: BEGIN + 123_456, durationMs: 3_210, firstEventMs: 0, principal: "key:5", keyId: 5, userId: 2, clientAddress: "2001:db8::1",
  endpoint: "POST /v1beta/models/:generate", clientDialect: "gemini-generate-content", upstreamDialect: "anthropic-messages", provider: "house \"quoted\"", credential: "Ünïcode ☕ 's",
  credentialIndex: "0123456789abcdef", modelAsked: "claude(8192)", modelUpstream: "claude", modelAnswered: "claude-2026", streamed: true, passthrough: false, outcome: "failed", status: 529,
  failure: "overloaded", errorCode: "upstream_overloaded", finishReason: "stop", reasoningEffort: "high", costNanoUsd: 9_007_199_254_740,
  usage: { inputFresh: 1, cacheRead: 2, cacheWrite: 7, cacheWrite5m: 3, cacheWrite1h: 4, toolPrompt: 5, outputVisible: 6, reasoning: 8, webSearches: 1, estimated: true, native: { deep: [{ list: null }], "": "\u0000?$1" } },
  losses: ["image_dropped", "approximated"],
};

export function usageContract(make: MakeStore, runner: TestRunner): void {
  const { describe } = runner;
  describe("usage", () => {
    appending(make, runner);
    grouping(make, runner);
    paging(make, runner);
    sweeping(make, runner);
  });
}

function appending(make: MakeStore, { test, expect }: TestRunner): void {
  test("a record comes back whole", withStore(make, async (store) => {
    const bare = attemptFor({ requestId: "req_full", startedAt: BEGIN });
    await store.usage.append([FULL, bare]);
    expect(await store.usage.find("req_full")).toEqual([bare, FULL]);
    expect(await store.usage.find("req_none")).toEqual([]);
  }));

  test("a batch may come again, in part and at once from several programs", withStore(make, async (store, trial) => {
    const other = await trial.another();
    await store.usage.append(SAMPLE.slice(0, 300));
    await Promise.all([store.usage.append(SAMPLE.slice(200, 700)), other.usage.append(SAMPLE.slice(100, 900).toReversed()), store.usage.append([...SAMPLE.slice(600), ...SAMPLE.slice(600)])]);
    await other.usage.append([]);
    expect(await store.usage.group({ groupBy: [] })).toEqual([sumsOf(SAMPLE)]);
    // Records that come a second time with other words change nothing.
    await store.usage.append(SAMPLE.slice(0, 5).map((record) => ({ ...record, outcome: "failed" as const, startedAt: record.startedAt + 1, usage: { inputFresh: 999_999 } })));
    expect(await store.usage.group({ groupBy: [] })).toEqual([sumsOf(SAMPLE)]);
    expect(await store.usage.find(SAMPLE[0]?.requestId ?? "")).toEqual([SAMPLE[0]]);
  }));

  test("a batch that cannot be written is not written in part", withStore(make, async (store) => {
    const broken = { ...attemptFor({ requestId: "req_z", startedAt: BEGIN }), losses: undefined } as unknown as AttemptRecord;
    expect((await refusalOf(store.usage.append([attemptFor({ requestId: "req_a", startedAt: BEGIN }), broken]))) === undefined).toBe(false);
    expect(await store.usage.find("req_a")).toEqual([]);
    expect(await store.usage.group({ groupBy: [] })).toEqual([sumsOf([])]);
  }));

  test("texts that a database does not like do no harm", withStore(make, async (store) => {
    const odd = attemptFor({ requestId: "req_odd", startedAt: BEGIN, modelAsked: "a\0b", clientAddress: "\0", modelUpstream: "x".repeat(5_000), credential: "'; DROP TABLE attempts; --?" });
    await store.usage.append([odd]);
    expect(await store.usage.find("req_odd")).toEqual([{ ...odd, modelAsked: "a\uFFFDb" }]);
    expect(await store.usage.group({ groupBy: ["credential"] })).toEqual([{ credential: odd.credentialIndex, credentialLabel: odd.credential, ...sumsOf([odd]) }]);
  }));
}

function grouping(make: MakeStore, { test, expect }: TestRunner): void {
  const check = async (store: Store, filter: UsageFilter, groupBy: readonly UsageDimension[]): Promise<void> => {
    const expected = inOrder(groupsOf(SAMPLE.filter((record) => matches(record, filter)), groupBy));
    const found = inOrder(await store.usage.group({ ...filter, groupBy }));
    expect({ filter, groupBy, rows: found }).toEqual({ filter, groupBy, rows: expected });
  };

  test("sums are exact for every dimension", withStore(make, async (store) => {
    await store.usage.append(SAMPLE);
    for (const dimension of USAGE_DIMENSIONS) await check(store, {}, [dimension]);
    await check(store, {}, []);
    await check(store, {}, USAGE_DIMENSIONS);
  }));

  test("sums are exact for any span, filter and dimensions", withStore(make, async (store) => {
    await store.usage.append(SAMPLE);
    const random = sequence(99);
    for (let round = 0; round < 120; round++) await check(store, randomFilter(random), USAGE_DIMENSIONS.filter(() => random() < 0.2));
  }));

  test("hours of long spans are answered by the day", withStore(make, async (store) => {
    const records = [0, 1, 2, 40 * 24, 40 * 24 + 1].map((hours, at) => attemptFor({ requestId: `r${at}`, startedAt: BEGIN + hours * HOUR_MS }));
    await store.usage.append(records);
    const model = { models: [records[0]?.modelAsked ?? ""] };
    const inHours = { ...model, from: BEGIN - 40 * 24 * HOUR_MS, to: BEGIN + 12 * HOUR_MS };
    const shown = async (query: UsageQuery): Promise<unknown> => (await store.usage.group(query)).map(({ hour, day, attempts }) => [hour ?? day, attempts]);
    const hours = records.map(({ startedAt }) => [startedAt, 1]);
    const days = groupsOf(records, ["day"]).map(({ day, attempts }) => [day, attempts]);
    expect(await shown({ groupBy: ["hour"] })).toEqual(hours);
    for (const query of [{ ...model, groupBy: ["hour"] }, { groupBy: ["hour", "model"] }, { groupBy: ["hour", "day", "model", "user"] }] as const) expect(await shown(query)).toEqual(days);
    // What nothing is on record of does not make a span long.
    for (const groupBy of [["hour"], ["hour", "model"], ["model", "hour", "user"]] as const) expect(await shown({ ...inHours, groupBy })).toEqual(hours.slice(0, 3));
  }));

  test("an empty list matches nothing", withStore(make, async (store) => {
    await store.usage.append(SAMPLE.slice(0, 3));
    expect(await store.usage.group({ models: [], groupBy: ["model"] })).toEqual([]);
    expect(await store.usage.group({ models: [], groupBy: [] })).toEqual([sumsOf([])]);
  }));

  test("a credential is called by its latest label", withStore(make, async (store) => {
    await store.usage.append([attemptFor({ requestId: "a", startedAt: BEGIN, credential: "old name" })]);
    await store.usage.append([attemptFor({ requestId: "b", startedAt: BEGIN, credential: "new name" })]);
    const [row, ...none] = await store.usage.group({ groupBy: ["credential"] });
    expect([row?.credentialLabel, row?.attempts, none]).toEqual(["new name", 2, []]);
  }));
}

function randomFilter(random: () => number): UsageFilter {
  const maybe = <T extends object>(part: T): Partial<T> => (random() < 0.3 ? part : {});
  const edge = (): number => BEGIN + (random() < 0.3 ? Math.floor(random() * HOURS) * HOUR_MS : Math.floor(random() * HOURS * HOUR_MS));
  const some = <T>(of: readonly T[]): readonly T[] => of.filter(() => random() < 0.6);
  const [a, b] = [edge(), edge()].toSorted((first, second) => first - second);
  return {
    ...(random() < 0.7 && a !== undefined && { from: a }), ...(random() < 0.7 && b !== undefined && { to: b }),
    ...maybe({ userIds: some([1, 2]) }), ...maybe({ keyIds: some([1, 2, 3, 4, 5]) }), ...maybe({ principals: some(["anonymous", "key:1", "key:4"]) }),
    ...maybe({ providers: some(["provider of gpt", "provider of claude"]) }), ...maybe({ credentials: some(["00000000000000a1", "00000000000000a2"]) }),
    ...maybe({ models: some(["gpt", "claude", "gemini"]) }), ...maybe({ dialects: some(["openai-chat", "anthropic-messages"]) }),
  };
}

const newestFirst = (records: readonly AttemptRecord[]): readonly string[] => records.toSorted((a, b) => b.startedAt - a.startedAt).map(({ startedAt }) => String(startedAt));

function paging(make: MakeStore, { test, expect }: TestRunner): void {
  /** All pages of a query. Records of one moment may come in any order, but each once. */
  const all = async (store: Store, query: RecordQuery): Promise<readonly AttemptRecord[]> => {
    const found: AttemptRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.usage.records({ ...query, ...(cursor !== undefined && { cursor }) });
      expect(page.records.length <= query.limit && (page.nextCursor === undefined || page.records.length === query.limit)).toBe(true);
      found.push(...page.records);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  };
  const outcomesOf = (random: () => number): Pick<RecordQuery, "outcomes"> => (random() < 0.5 ? {} : { outcomes: (["succeeded", "failed", "cancelled"] as const).filter(() => random() < 0.4) });

  test("pages hold every record once, newest first, for any filter", withStore(make, async (store) => {
    await store.usage.append(SAMPLE);
    const random = sequence(5);
    for (let round = 0; round < 60; round++) {
      const filter: Omit<RecordQuery, "limit"> = { ...randomFilter(random), ...outcomesOf(random) };
      const expected = SAMPLE.filter((record) => matches(record, filter) && (filter.outcomes === undefined || filter.outcomes.includes(record.outcome)));
      const found = await all(store, { ...filter, limit: 1 + Math.floor(random() * 90) });
      expect({ filter, times: found.map(({ startedAt }) => String(startedAt)) }).toEqual({ filter, times: newestFirst(expected) });
      const byName = (a: AttemptRecord, b: AttemptRecord): number => (a.requestId < b.requestId ? -1 : 1);
      expect(found.toSorted(byName)).toEqual(expected.toSorted(byName));
    }
  }));

  test("records that come in meanwhile do not shift the pages", withStore(make, async (store) => {
    await store.usage.append(SAMPLE.slice(0, 50));
    const first = await store.usage.records({ limit: 20 });
    await store.usage.append([attemptFor({ requestId: "later", startedAt: BEGIN + HOURS * HOUR_MS })]);
    const second = await store.usage.records({ limit: 40, ...(first.nextCursor !== undefined && { cursor: first.nextCursor }) });
    expect([...first.records, ...second.records].map(({ startedAt }) => String(startedAt))).toEqual(newestFirst(SAMPLE.slice(0, 50)));
    expect(second.nextCursor).toBe(undefined);
  }));

  test("a cursor of somebody else's is refused", withStore(make, async (store) => {
    expect(await refusalOf(store.usage.records({ limit: 1, cursor: "1; DROP TABLE attempts" }))).toBe("RangeError");
  }));
}

function sweeping(make: MakeStore, { test, expect }: TestRunner): void {
  test("old records go, their sums stay until they go as well", withStore(make, async (store) => {
    await store.usage.append(SAMPLE);
    const border = BEGIN + 30 * HOUR_MS + 1;
    const older = SAMPLE.filter(({ startedAt }) => startedAt < border);
    expect(await store.usage.sweep({ recordsBefore: border })).toBe(older.length);
    expect(await store.usage.sweep({ recordsBefore: border })).toBe(0);
    expect(await store.usage.group({ groupBy: [] })).toEqual([sumsOf(SAMPLE)]);
    const left = await store.usage.records({ limit: 1_000, models: ["gpt"], outcomes: ["succeeded"] });
    expect(left.records.length).toBe(SAMPLE.filter(({ startedAt, modelAsked, outcome }) => startedAt >= border && modelAsked === "gpt" && outcome === "succeeded").length);
    const midnight = Math.floor(border / (24 * HOUR_MS)) * 24 * HOUR_MS;
    expect(await store.usage.sweep({ sumsBefore: border })).toBe(0);
    expect(await store.usage.group({ groupBy: [] })).toEqual([sumsOf(SAMPLE.filter(({ startedAt }) => startedAt >= midnight))]);
  }));

  test("a page is full although its records' neighbours were swept", withStore(make, async (store) => {
    await store.usage.append(SAMPLE);
    const kept = SAMPLE.filter(({ startedAt }) => startedAt >= BEGIN + 40 * HOUR_MS);
    await store.usage.sweep({ recordsBefore: BEGIN + 40 * HOUR_MS });
    const page = await store.usage.records({ limit: kept.length + 10, dialects: ["openai-chat", "anthropic-messages"] });
    expect(page.records.length).toBe(kept.length);
    expect(page.nextCursor).toBe(undefined);
  }));
}
