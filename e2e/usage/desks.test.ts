import { afterEach, describe, expect, test } from "bun:test";
import { at, list } from "../kit/calls.ts";
import { startOffice, type RunningOffice } from "../kit/office.ts";
import { attempt, readCsv } from "./usage-world.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const HOUR = 3_600_000;

async function office(more = ""): Promise<RunningOffice> {
  const started = await startOffice({ more });
  open.push(started);
  return started;
}

const TOKENS = { inputFresh: 10, cacheRead: 5, cacheWrite: 3, outputVisible: 4, reasoning: 2 };

/** Two people and a stranger. */
async function withUsage(): Promise<RunningOffice & { readonly ada: number; readonly key: number }> {
  const started = await office();
  const { store } = started;
  const ada = await store.users.create({ username: "Ada" }, 1);
  const key = await store.keys.create({ prefix: "dk-abc", hash: "00", userId: ada.id, name: "laptop" }, 1);
  const now = started.clock.now();
  await store.usage.append([
    attempt({ requestId: "a", startedAt: now - 3 * HOUR, principal: `key:${key.id}`, keyId: key.id, userId: ada.id, usage: TOKENS, costNanoUsd: 1_500_000_000 }),
    attempt({ requestId: "b", startedAt: now - 2 * HOUR, principal: `key:${key.id}`, keyId: key.id, userId: ada.id, usage: TOKENS, costNanoUsd: 1, modelAsked: "haiku", modelUpstream: "claude-haiku-4-5" }),
    attempt({ requestId: "c", startedAt: now - HOUR, outcome: "failed", status: 500, failure: "unavailable" }),
    attempt({ requestId: "c", attempt: 2, startedAt: now - HOUR + 10, usage: { ...TOKENS, estimated: true }, provider: "gemini", clientDialect: "anthropic-messages" }),
  ]);
  return { ...started, ada: ada.id, key: key.id };
}

const rowsOf = (body: unknown): readonly unknown[] => list(at(body, "rows"));

describe("sums", () => {
  test("by any dimensions, with the names that people know", async () => {
    const { get, ada, key } = await withUsage();
    const byUser = await get("/usage/summary?groupBy=user,model");
    expect(rowsOf(byUser.body).map((row) => [at(row, "dimensions"), at(row, "labels"), at(row, "costUsd")])).toEqual(expect.arrayContaining([
      [{ user: ada, model: "sonnet" }, { user: "Ada", model: "sonnet" }, 1.5],
      [{ user: ada, model: "haiku" }, { user: "Ada", model: "haiku" }, 1e-9],
      [{ model: "sonnet" }, { user: "nobody", model: "sonnet" }, 0],
    ]));
    expect(at(rowsOf((await get("/usage/summary?groupBy=key")).body).find((row) => at(row, "dimensions", "key") === key), "labels", "key")).toBe("laptop");
    expect(rowsOf((await get("/usage/summary?groupBy=principal")).body).map((row) => at(row, "labels", "principal")).sort()).toEqual(["anonymous", "laptop"]);
    expect(at(rowsOf((await get("/usage/summary?groupBy=credential")).body)[0], "labels", "credential")).toBe("claude …0001");
    expect(at(byUser.body, "totals")).toMatchObject({ requests: 3, attempts: 4, succeeded: 3, failed: 1, cancelled: 0, inputTokens: 30, cacheReadTokens: 15, cacheWriteTokens: 9, outputTokens: 12, reasoningTokens: 6, totalTokens: 72, unpriced: 1, estimated: 1 });
  });

  test("hours of a long span are answered by the day, and each row says so", async () => {
    const { get, store, clock } = await withUsage();
    expect(rowsOf((await get("/usage/summary?groupBy=hour,model")).body).every((row) => typeof at(row, "dimensions", "hour") === "number")).toBe(true);
    await store.usage.append([attempt({ requestId: "old", startedAt: clock.now() - 400 * 24 * HOUR })]);
    const { body } = await get("/usage/summary?groupBy=hour,model");
    expect(rowsOf(body).map((row) => [Object.keys(at(row, "dimensions") as object), Object.keys(at(row, "labels") as object)])).toEqual(rowsOf(body).map(() => [["day", "model"], ["day", "model"]]));
    expect((await get("/usage/summary.csv?groupBy=hour,model")).text).toStartWith("day,model,requests,");
    expect((await get("/usage/summary.csv?groupBy=hour")).text).toStartWith("hour,requests,");
  });

  test("without dimensions there is one row, also of nothing", async () => {
    const { get } = await office();
    const { body } = await get("/usage/summary");
    expect(rowsOf(body)).toHaveLength(1);
    expect(at(body, "totals")).toMatchObject({ requests: 0, costUsd: 0 });
    expect(rowsOf((await get("/usage/summary?groupBy=model")).body)).toEqual([]);
  });

  test("by filters: people and keys by id or by name", async () => {
    const { get, ada, key, clock } = await withUsage();
    const requests = async (query: string): Promise<unknown> => at((await get(`/usage/summary?${query}`)).body, "totals", "attempts");
    expect(await requests("user=ada")).toBe(2);
    expect(await requests(`user=${ada}`)).toBe(2);
    expect(await requests("user=nobody-of-that-name")).toBe(0);
    expect(await requests(`key=${key}`)).toBe(2);
    expect(await requests("key=laptop")).toBe(2);
    expect(await requests("key=dk-abc")).toBe(2);
    expect(await requests("model=sonnet,haiku")).toBe(4);
    expect(await requests("model=haiku")).toBe(1);
    expect(await requests("provider=gemini")).toBe(1);
    expect(await requests("dialect=anthropic-messages")).toBe(1);
    expect(await requests("principal=anonymous")).toBe(2);
    expect(await requests("credential=00112233445566aa")).toBe(4);
    expect(await requests(`from=${clock.now() - 2.5 * HOUR}`)).toBe(3);
    expect(await requests(`to=${clock.now() - 2.5 * HOUR}`)).toBe(1);
  });

  test("faults are told with their place", async () => {
    const { get } = await office();
    expect(await get("/usage/summary?groupBy=colour")).toMatchObject({ status: 400, body: { path: expect.stringContaining("groupBy") } });
    expect(await get("/usage/summary?from=yesterday")).toMatchObject({ status: 400, body: { path: "from" } });
    expect(await get("/usage/summary?form=1")).toMatchObject({ status: 400, body: { path: "form" } });
    expect(await get("/usage/records?outcome=lost")).toMatchObject({ status: 400, body: { path: "outcome" } });
    expect(await get("/usage/records?cursor=elsewhere")).toMatchObject({ status: 400, body: { path: "cursor" } });
    expect(await get("/usage/records?limit=0")).toMatchObject({ status: 400, body: { path: "limit" } });
    expect((await get("/usage/summary", { key: null })).status).toBe(401);
  });
});

describe("records", () => {
  test("page by page, newest first", async () => {
    const { get } = await withUsage();
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const { body } = await get(`/usage/records?limit=3${cursor === undefined ? "" : `&cursor=${String(cursor)}`}`);
      seen.push(...list(at(body, "records")).map((record) => [at(record, "requestId"), at(record, "attempt")]));
      cursor = at(body, "nextCursor");
    } while (cursor !== undefined);
    expect(seen).toEqual([["c", 2], ["c", 1], ["b", 1], ["a", 1]]);
  });

  test("with names, tokens by part, and no cost where none is known", async () => {
    const { get, ada, key } = await withUsage();
    const [second, first, , paid] = list(at((await get("/usage/records")).body, "records"));
    expect(paid).toMatchObject({ keyId: key, keyName: "laptop", userId: ada, username: "Ada", inputTokens: 10, cacheReadTokens: 5, cacheWriteTokens: 3, outputTokens: 4, reasoningTokens: 2, totalTokens: 24, costUsd: 1.5, estimated: false });
    expect(second).toMatchObject({ estimated: true });
    expect(second).not.toHaveProperty("costUsd");
    expect(first).toMatchObject({ outcome: "failed", failure: "unavailable" });
    expect(first).not.toHaveProperty("totalTokens");
  });

  test("a user who is gone has a number still", async () => {
    const { get, store, ada } = await withUsage();
    await store.users.remove(ada);
    expect(rowsOf((await get("/usage/summary?groupBy=user")).body).map((row) => at(row, "labels", "user")).sort()).toEqual(["nobody", `user ${ada} (removed)`]);
  });
});

describe("CSV", () => {
  test("is RFC 4180, and no cell runs as a formula", async () => {
    const { get, store, clock } = await office();
    const nasty = ['=1+1', "+x", "-x", "@x", 'say "hi"', "a,b", "two\r\nlines", "plain"];
    await store.usage.append(nasty.map((modelAsked, n) => attempt({ requestId: `r${n}`, startedAt: clock.now() - n, modelAsked, usage: { inputFresh: 1 }, costNanoUsd: 1 })));
    const summary = await get("/usage/summary.csv?groupBy=model,user");
    expect(summary.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(summary.headers.get("content-disposition")).toContain("usage-summary.csv");
    const [head, ...rows] = readCsv(summary.text);
    expect(head?.slice(0, 5)).toEqual(["model", "user", "userName", "requests", "attempts"]);
    expect(rows.map(([model]) => model).sort()).toEqual(["'+x", "'-x", "'=1+1", "'@x", "a,b", "plain", 'say "hi"', "two\r\nlines"]);
    expect(rows.every((row) => row.length === head?.length)).toBe(true);
    // A billionth of a dollar is written out.
    expect(rows[0]?.[head?.indexOf("costUsd") ?? -1]).toBe("0.000000001");
    const records = readCsv((await get("/usage/records.csv")).text);
    expect(records.length).toBe(nasty.length + 1);
    expect(records.slice(1).map(([startedAt]) => startedAt)).toEqual(records.slice(1).map(([startedAt]) => startedAt).toSorted().toReversed());
  });

  test("has every record that matches, however many pages that takes", async () => {
    const { get, store, clock } = await office();
    const now = clock.now();
    await store.usage.append(Array.from({ length: 2345 }, (_, n) => attempt({ requestId: `r${n}`, startedAt: now - n, outcome: n % 5 === 0 ? "failed" : "succeeded" })));
    const all = readCsv((await get("/usage/records.csv")).text);
    expect(all.length).toBe(2346);
    expect(new Set(all.slice(1).map((row) => row[1])).size).toBe(2345);
    expect(readCsv((await get("/usage/records.csv?outcome=failed")).text).length).toBe(470);
    expect((await get("/usage/records.csv?outcome=lost")).status).toBe(400);
  });
});

describe("the overview", () => {
  test("has every step of its span, and the same span before it", async () => {
    const { get, store, clock } = await office();
    const now = clock.now();
    await store.usage.append([
      attempt({ requestId: "now", startedAt: now - 1000, usage: TOKENS, costNanoUsd: 2_000_000_000 }),
      attempt({ requestId: "earlier", startedAt: now - 25 * HOUR, usage: TOKENS, costNanoUsd: 1_000_000_000 }),
    ]);
    for (const [range, steps, stepMs] of [["1h", 30, 120_000], ["24h", 24, HOUR], ["7d", 56, 3 * HOUR], ["30d", 30, 24 * HOUR]] as const) {
      const { body } = await get(`/overview?range=${range}`);
      const series = list(at(body, "series"));
      expect([range, series.length]).toEqual([range, steps]);
      series.forEach((step, n) => expect(at(step, "at")).toBe((at(body, "from") as number) + n * stepMs));
      expect(series.reduce<number>((sum, step) => sum + (at(step, "requests") as number), 0)).toBe(at(body, "totals", "requests") as number);
      expect(at(series.at(-1), "requests")).toBeGreaterThanOrEqual(0);
      expect(series.reduce<number>((sum, step) => sum + (at(step, "costUsd") as number), 0)).toBeCloseTo(at(body, "totals", "costUsd") as number, 9);
    }
    const day = (await get("/overview")).body;
    expect(at(day, "totals")).toMatchObject({ requests: 1, costUsd: 2 });
    expect(at(day, "before")).toMatchObject({ requests: 1, costUsd: 1 });
    expect(at(day, "live")).toEqual({ openRequests: 0 });
    expect((await get("/overview?range=2h")).status).toBe(400);
  });

  test("names the biggest models and people, keys without an owner each for itself", async () => {
    const { get, ada } = await withUsage();
    const { body } = await get("/overview");
    expect(list(at(body, "topModels")).map((row) => at(row, "labels", "model"))).toEqual(["sonnet", "haiku"]);
    expect(list(at(body, "topUsers")).map((row) => [at(row, "dimensions"), at(row, "labels"), at(row, "requests")])).toEqual([
      [{ user: ada }, { user: "Ada" }, 2], [{ principal: "anonymous" }, { principal: "anonymous" }, 1],
    ]);
  });

  const kinds = async ({ get }: RunningOffice): Promise<unknown[]> => list(at((await get("/overview")).body, "attention")).map((found) => [at(found, "level"), at(found, "kind")]);

  test("says what wants attention, the worst first", async () => {
    const started = await office("claude-api-key:\n  - api-key: sk-ant-000000000001\n");
    const { store, clock, gateway } = started;
    expect(await kinds(started)).toEqual([]);
    const now = clock.now();
    const credential = gateway.engine.switchboard.roster.services()[0]!.credentials[0]!;
    const user = await store.users.create({ username: "Ada", limits: { budgets: [{ window: "total", usd: 1 }] } }, now);
    const key = await store.keys.create({ prefix: "dk-abc", hash: "00", userId: user.id, limits: { budgets: [{ window: "total", tokens: 10 }, { window: "month", tokens: 1000 }] } }, now);
    await store.usage.append([
      attempt({ requestId: "spent", startedAt: now, keyId: key.id, userId: user.id, principal: `key:${key.id}`, usage: { inputFresh: 10 }, costNanoUsd: 850_000_000 }),
      attempt({ requestId: "unknown", startedAt: now, usage: { inputFresh: 10 }, modelUpstream: "mystery-1" }),
      ...Array.from({ length: 6 }, (_, n) => attempt({ requestId: `f${n}`, startedAt: now, outcome: "failed", status: 500, credentialIndex: credential.index, credential: credential.label })),
    ]);
    expect(await kinds(started)).toEqual([["error", "credential-failing"], ["error", "budget-spent"], ["warning", "budget-nearly-spent"], ["info", "unpriced-models"]]);
    const messages = list(at((await started.get("/overview")).body, "attention")).map((found) => String(at(found, "message")));
    expect(messages.join("\n")).toContain("Ada has spent 85%");
    expect(messages.join("\n")).toContain("mystery-1");
    expect(messages.join("\n")).not.toContain("sk-ant-000000000001");
  });

  test("an empty and open house is told", async () => {
    const started = await startOffice({ config: null, office: { environmentKey: "management key of the tests" } });
    open.push(started);
    expect(await kinds(started)).toEqual([["error", "no-upstream"], ["warning", "open-gateway"]]);
  });
});
