import { afterEach, describe, expect, test } from "bun:test";
import type { AttemptRecord } from "@dragoman/gateway";
import { ask, at, DIALECTS, list } from "../kit/calls.ts";
import { CLIENT_KEY, startOffice, type OfficeOptions, type RunningOffice } from "../kit/office.ts";
import { MODELS } from "../kit/world.ts";
import { attempt, startUsageWorld } from "./usage-world.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function office(options: OfficeOptions = {}): Promise<RunningOffice> {
  const started = await startOffice(options);
  open.push(started);
  return started;
}

/** What the ledger calls the client key of the tests. */
const CONFIGURED = `key-${new Bun.CryptoHasher("sha256").update(CLIENT_KEY).digest("hex").slice(0, 12)}`;
const USAGE = { inputFresh: 600, cacheRead: 400, outputVisible: 200, reasoning: 100 };
const usageOf = async ({ get }: RunningOffice): Promise<unknown> => at((await get("/usage")).body, "usage");

describe("/usage", () => {
  test("of nothing has every member, and empty maps", async () => {
    const started = await office();
    expect((await started.get("/usage")).body).toEqual({
      usage: { total_requests: 0, success_count: 0, failure_count: 0, total_tokens: 0, requests_by_day: {}, requests_by_hour: {}, tokens_by_day: {}, tokens_by_hour: {}, apis: {} },
      failed_requests: 0,
    });
  });

  test("counts by client key, else endpoint, else provider, and by model", async () => {
    const started = await office();
    const { store } = started;
    const key = await store.keys.create({ prefix: "dk-abcdef", hash: "00" }, 1);
    await store.usage.append([
      attempt({ requestId: "a", principal: CONFIGURED, usage: USAGE }),
      attempt({ requestId: "b", principal: CONFIGURED, outcome: "failed", status: 500 }),
      attempt({ requestId: "c", principal: `key:${key.id}`, keyId: key.id, usage: USAGE }),
      attempt({ requestId: "d", usage: USAGE, modelUpstream: "claude-haiku-4-5" }),
      attempt({ requestId: "e", endpoint: "" }),
      attempt({ requestId: "f", endpoint: "", provider: "", modelUpstream: "" }),
      attempt({ requestId: "g", principal: "key-0123456789ab" }),
    ]);
    const usage = await usageOf(started);
    expect(usage).toMatchObject({ total_requests: 7, success_count: 6, failure_count: 1, total_tokens: 3 * 1300 });
    const apis = at(usage, "apis") as Record<string, { total_requests: number; total_tokens: number }>;
    expect(Object.fromEntries(Object.entries(apis).map(([name, api]) => [name, [api.total_requests, api.total_tokens]]))).toEqual({
      [CLIENT_KEY]: [2, 1300], "dk-abcdef": [1, 1300], "POST /v1/chat/completions": [1, 1300], claude: [1, 0], unknown: [1, 0], "key-0123456789ab": [1, 0],
    });
    expect(at(apis[CLIENT_KEY], "models", "claude-sonnet-4-5")).toEqual({
      total_requests: 2, total_tokens: 1300,
      details: expect.arrayContaining([
        { timestamp: "2026-11-20T10:15:00.000Z", source: "claude …0001", auth_index: "00112233445566aa", latency_ms: 900, failed: false, tokens: { input_tokens: 1000, output_tokens: 300, reasoning_tokens: 100, cached_tokens: 400, total_tokens: 1300 } },
        { timestamp: "2026-11-20T10:15:00.000Z", source: "claude …0001", auth_index: "00112233445566aa", latency_ms: 900, failed: true, tokens: { input_tokens: 0, output_tokens: 0, reasoning_tokens: 0, cached_tokens: 0, total_tokens: 0 } },
      ]),
    });
    expect(Object.keys(at(apis.unknown, "models") as object)).toEqual(["unknown"]);
  });

  test("days and hours are those of the server's clock", async () => {
    const facts = { runtime: "tests", startedAt: 0, url: () => "", utcOffsetMinutes: () => 8 * 60 };
    const started = await office({ office: { facts } });
    await started.store.usage.append(["2026-11-20T15:59:00Z", "2026-11-20T16:01:00Z", "2026-11-21T16:30:00Z"].map((time, n) => attempt({ requestId: `r${n}`, startedAt: Date.parse(time), usage: { inputFresh: 5 } })));
    expect(await usageOf(started)).toMatchObject({
      requests_by_day: { "2026-11-20": 1, "2026-11-21": 1, "2026-11-22": 1 }, requests_by_hour: { "23": 1, "00": 2 },
      tokens_by_day: { "2026-11-20": 5, "2026-11-21": 5, "2026-11-22": 5 }, tokens_by_hour: { "23": 5, "00": 10 },
    });
  });

  test("tells the newest attempts of each model, in order of time; counters stay exact", async () => {
    const started = await office();
    const from = Date.parse("2026-11-20T10:00:00Z");
    await started.store.usage.append([
      attempt({ requestId: "rare", startedAt: from - 1, modelAsked: "rare", modelUpstream: "rare" }),
      ...Array.from({ length: 1500 }, (_, n) => attempt({ requestId: `r${n}`, startedAt: from + n })),
    ]);
    const api = at(await usageOf(started), "apis", "POST /v1/chat/completions");
    expect(api).toMatchObject({ total_requests: 1501 });
    const details = list(at(api, "models", "claude-sonnet-4-5", "details")).map((detail) => String(at(detail, "timestamp")));
    expect(details.length).toBe(500);
    expect(details).toEqual([...details].sort());
    expect(details.at(-1)).toBe(new Date(from + 1499).toISOString());
    expect(list(at(api, "models", "rare", "details"))).toHaveLength(1);
  });

  test("a model may be called as strangers like", async () => {
    const started = await office();
    await started.store.usage.append(["__proto__", "constructor", "toString"].map((name) => attempt({ requestId: name, modelAsked: name, modelUpstream: name, endpoint: name })));
    const apis = at(await usageOf(started), "apis") as object;
    expect(Object.keys(apis).sort()).toEqual(["__proto__", "constructor", "toString"]);
  });

  test("wants the management key", async () => {
    const started = await office();
    for (const path of ["/usage", "/usage/export", "/usage-queue"]) expect((await started.get(path, { key: null })).body).toEqual({ error: "missing management key" });
  });
});

describe("export and import", () => {
  const some: readonly AttemptRecord[] = [
    attempt({ requestId: "a", principal: CONFIGURED, usage: USAGE, costNanoUsd: 5 }),
    attempt({ requestId: "b", startedAt: Date.parse("2026-11-21T10:00:00Z"), outcome: "failed", status: 502 }),
    attempt({ requestId: "c", startedAt: Date.parse("2026-11-21T10:00:00.001Z"), endpoint: "POST /v1/messages", modelAsked: "m", modelUpstream: "m", usage: { inputFresh: 3, outputVisible: 4 } }),
  ];
  const exported = async ({ get }: RunningOffice): Promise<Record<string, unknown>> => (await get("/usage/export")).body as Record<string, unknown>;

  test("what one gateway exports, another has after the import; a second time all is skipped", async () => {
    const first = await office();
    await first.store.usage.append(some);
    const file = await exported(first);
    expect(file).toMatchObject({ version: 1, exported_at: expect.stringMatching(/^20.*Z$/), usage: { total_requests: 3 } });
    const second = await office();
    expect((await second.call("POST", "/usage/import", { body: file })).body).toEqual({ added: 3, skipped: 0, total_requests: 3, failed_requests: 1 });
    expect(await usageOf(second)).toEqual(await usageOf(first));
    expect((await second.call("POST", "/usage/import", { body: file })).body).toEqual({ added: 0, skipped: 3, total_requests: 3, failed_requests: 1 });
    // Its own export is nothing new to a gateway either.
    expect((await first.call("POST", "/usage/import", { body: file })).body).toEqual({ added: 0, skipped: 3, total_requests: 3, failed_requests: 1 });
    // The models that only their maker has get their price.
    const [row] = await second.store.usage.group({ groupBy: [] });
    expect(row?.costNanoUsd).toBe(600 * 3000 + 400 * 300 + 300 * 15_000);
  });

  test("reads what CLIProxyAPI wrote, each vendor's way of counting, and keeps its totals", async () => {
    const started = await office();
    const details = [
      { timestamp: "2026-01-02T03:04:05.123456789Z", source: "a@b.c", auth_index: "x1", tokens: { input_tokens: 100, output_tokens: 50, reasoning_tokens: 20, cached_tokens: 80, total_tokens: 150 } },
      { timestamp: "2026-01-02T03:04:06+08:00", source: "gemini", tokens: { input_tokens: 100, output_tokens: 50, reasoning_tokens: 20, cached_tokens: 0, total_tokens: 170 } },
      { timestamp: "2026-01-02T03:04:07Z", source: "claude", tokens: { input_tokens: 100, output_tokens: 50, reasoning_tokens: 0, cached_tokens: 900, total_tokens: 1050 } },
      { timestamp: "2026-01-02T03:04:08Z", failed: true },
      { timestamp: "2026-01-02T03:04:08Z", failed: true },
      { timestamp: "not a time" },
      "nonsense",
    ];
    const body = { version: 1, usage: { apis: { "sk-of-another-house": { models: { "gpt-5": { details } } } } } };
    expect((await started.call("POST", "/usage/import", { body })).body).toEqual({ added: 4, skipped: 3, total_requests: 4, failed_requests: 1 });
    const usage = await usageOf(started);
    expect(usage).toMatchObject({ total_requests: 4, total_tokens: 150 + 170 + 1050 });
    // A key that nobody knows here is told apart, and not written down.
    expect(JSON.stringify(usage)).not.toContain("sk-of-another-house");
    expect((await started.call("POST", "/usage/import", { body })).body).toMatchObject({ added: 0, skipped: 7 });
  });

  test("refuses what is none, in the words that clients know", async () => {
    const started = await office();
    const refusal = async (body: unknown): Promise<unknown> => {
      const { status, body: told } = await started.call("POST", "/usage/import", { body });
      return [status, told];
    };
    expect(await refusal("{")).toEqual([400, { error: "invalid json" }]);
    expect(await refusal("[]")).toEqual([400, { error: "invalid json" }]);
    expect(await refusal({ version: 2, usage: {} })).toEqual([400, { error: "unsupported version" }]);
    expect(await refusal({ version: 0, usage: { apis: {} } })).toEqual([200, { added: 0, skipped: 0, total_requests: 0, failed_requests: 0 }]);
    expect(await refusal({ usage: {} })).toEqual([200, { added: 0, skipped: 0, total_requests: 0, failed_requests: 0 }]);
  });

  test("is in the audit log", async () => {
    const started = await office();
    await started.call("POST", "/usage/import", { body: { usage: {} } });
    expect(await started.store.audit.list({ limit: 10 })).toMatchObject([{ action: "usage.imported", details: { added: 0, skipped: 0 } }]);
  });
});

describe("with real requests", () => {
  test("four dialects are counted under their client key, and an export carries all of it", async () => {
    const world = await startUsageWorld(() => ({ text: "four", usage: { input: 1000, cached: 400, output: 300, reasoning: 100 } }));
    open.push(world);
    for (const dialect of DIALECTS) await (await ask(world.origin, dialect, { model: MODELS[dialect]!, stream: true })).text();
    const usage = await usageOf(world);
    expect(usage).toMatchObject({ total_requests: 4, success_count: 4, total_tokens: 5200 });
    const models = at(usage, "apis", CLIENT_KEY, "models") as Record<string, unknown>;
    expect(Object.keys(models).sort()).toEqual(Object.values(MODELS).toSorted());
    for (const model of Object.values(models)) expect(at(model, "details", 0)).toMatchObject({ failed: false, auth_index: expect.stringMatching(/^[0-9a-f]{16}$/), tokens: { input_tokens: 1000, output_tokens: 300, reasoning_tokens: 100, cached_tokens: 400, total_tokens: 1300 } });
    const fresh = await office();
    const { body: file } = await world.get("/usage/export");
    expect((await fresh.call("POST", "/usage/import", { body: file })).body).toEqual({ added: 4, skipped: 0, total_requests: 4, failed_requests: 0 });
    expect(await usageOf(fresh)).toEqual(usage);
  });

  test("the queue gives each attempt once, and forgets those that nobody fetched", async () => {
    const world = await startUsageWorld(() => ({ text: "four", usage: { input: 1000, cached: 400, output: 300, reasoning: 100 } }));
    open.push(world);
    const send = async (): Promise<unknown> => (await ask(world.origin, "openai-chat", { model: MODELS["anthropic-messages"]!, headers: { "user-agent": "tests/1", "x-forwarded-for": "203.0.113.9" } })).text();
    await send();
    await send();
    await send();
    const first = list((await world.get("/usage-queue")).body);
    expect(first).toMatchObject([{
      source: expect.stringContaining("claude"), failed: false, generate: true, fail: { status_code: 200, body: "" }, provider: "claude", model: "claude-sonnet-4-5-20250929", alias: "claude-sonnet-4-5-20250929",
      endpoint: "POST /v1/chat/completions", auth_type: "apikey", api_key: CLIENT_KEY, user_agent: "tests/1", x_forwarded_for: "203.0.113.9", client_ip: "127.0.0.1", accounting_version: 2, service_tier: "default",
      tokens: { input_tokens: 1000, output_tokens: 300, cached_tokens: 400, cache_read_tokens: 400, cache_read_tokens_present: true, cache_creation_tokens: 0, total_tokens: 1300 },
      token_breakdown: { schema_version: 2, quality: "complete", total_tokens: 1300, input: { total_tokens: 1000, uncached_tokens: 600, cache_read_tokens: 400, cache_write_tokens: 0 }, output: { total_tokens: 300 }, unclassified_tokens: 0 },
    }]);
    const second = list((await world.get("/usage-queue?count=1")).body);
    expect(at(second[0], "request_id")).not.toBe(at(first[0], "request_id"));
    world.clock.advance(61_000);
    expect((await world.get("/usage-queue?count=100")).body).toEqual([]);
    for (const count of ["0", "-1", "x", "1.5"]) expect(await world.get(`/usage-queue?count=${count}`)).toMatchObject({ status: 400, body: { error: "count must be a positive integer" } });
  });

  test("the statistics survive a restart on the same database", async () => {
    const world = await startUsageWorld(() => ({ text: "four" }));
    open.push(world);
    await (await ask(world.origin, "openai-chat", { model: MODELS["openai-chat"]! })).text();
    const before = await usageOf(world);
    const restarted = await office({ ports: { store: world.store } });
    expect(await usageOf(restarted)).toEqual(before);
  });
});
