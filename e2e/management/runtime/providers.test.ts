import { afterEach, describe, expect, test } from "bun:test";
import type { UpstreamView } from "../../../packages/gateway/src/management/contract/house.ts";
import { startUpstreamOffice, yaml, type UpstreamOffice, type UpstreamOptions } from "./upstream-office.ts";

let place: UpstreamOffice;
const start = async (options: UpstreamOptions): Promise<void> => { place = await startUpstreamOffice(options); };
afterEach(() => place.close());

const upstreams = async (): Promise<UpstreamView[]> => ((await place.office.get("/providers")).body as { upstreams: UpstreamView[] }).upstreams;
const credentials = async (): Promise<UpstreamView["credentials"]> => (await upstreams()).flatMap((upstream) => upstream.credentials);
const limited = { trouble: "refuse", status: 429, message: "slow down", headers: { "retry-after": "600" } } as const;

describe("GET /providers", () => {
  test("upstreams with their credentials, without secrets, and what they did", async () => {
    await start({ keys: ["sk-secret-number-one", "sk-secret-number-two"], models: [{ name: "sim" }, { name: "other" }] });
    expect(await place.ask()).toBe(200);
    const answer = await place.office.get("/providers");
    expect(answer.text).not.toContain("secret");
    const [upstream, ...rest] = (answer.body as { upstreams: UpstreamView[] }).upstreams;
    expect(rest).toEqual([]);
    expect(upstream).toMatchObject({ name: "simulated", provider: "openai-compatible", dialect: "openai-chat", baseUrl: `${place.pool.origin}/v1`, models: 2 });
    expect(upstream?.credentials.map(({ configPath, label, state, cooldowns }) => ({ configPath, label, state, cooldowns }))).toEqual([
      { configPath: "openai-compatibility[0].api-key-entries[0]", label: "simulated …-one", state: "ready", cooldowns: [] },
      { configPath: "openai-compatibility[0].api-key-entries[1]", label: "simulated …-two", state: "ready", cooldowns: [] },
    ]);
    expect(upstream?.credentials.map(({ requests24h }) => requests24h).sort()).toEqual([0, 1]);
  });

  test("a pause is shown with its end; a refused key is failing", async () => {
    await start({ keys: ["sk-first-key-here", "sk-other-key-here"], script: ({ place: number }) => (number === 1 ? limited : { trouble: "refuse", status: 401, message: "bad key" }) });
    expect(await place.ask()).not.toBe(200);
    const states = await credentials();
    expect(states.map(({ state }) => state).sort()).toEqual(["cooling", "failing"]);
    const cooling = states.find(({ state }) => state === "cooling");
    expect(cooling).toMatchObject({ cooldowns: [{ model: "sim", kind: "rate-limited", fromVendor: true }], message: "It was called too often.", failed24h: 1 });
    const left = (cooling?.cooldowns[0]?.until ?? 0) - place.office.clock.now();
    expect(left).toBeGreaterThan(590_000);
    expect(left).toBeLessThanOrEqual(600_000);
    expect(states.find(({ state }) => state === "failing")?.message).toBe("The upstream refused the key.");
    place.office.clock.advance(600_001);
    expect((await credentials()).map(({ state }) => state)).toContain("ready");
  });

  test("entries of one kind at one address are one upstream; an address keeps its password to itself", async () => {
    await start({ dialect: "anthropic-messages", keys: ["sk-ant-number-one", "sk-ant-number-two"], models: [{ name: "claude-x" }], office: { more: yaml({ "codex-api-key": [{ "api-key": "sk-codex", "base-url": "https://user:hidden@relay.example/v1" }] }) } });
    const found = await upstreams();
    expect(found.map(({ name, credentials: held }) => [name, held.map(({ configPath }) => configPath)])).toEqual([["claude", ["claude-api-key[0]", "claude-api-key[1]"]], ["codex", ["codex-api-key[0]"]]]);
    expect(found[1]?.baseUrl).toBe("https://relay.example/v1");
  });
});

describe("PATCH /providers/credentials/{index}", () => {
  const switchTo = (index: string | undefined, disabled: unknown): Promise<{ status: number; body: unknown }> => place.office.call("PATCH", `/providers/credentials/${index ?? ""}`, { body: { disabled } });

  test("one key of several: off in the file, out of routing; and on again", async () => {
    await start({ keys: ["sk-key-aaaaaaaa", "sk-key-bbbbbbbb"] });
    const [first] = await credentials();
    expect(await switchTo(first?.index, true)).toMatchObject({ status: 200, body: { status: "ok" } });
    expect((await credentials()).map(({ disabled, state }) => [disabled, state])).toEqual([[true, "disabled"], [false, "ready"]]);
    for (let count = 0; count < 4; count++) expect(await place.ask()).toBe(200);
    expect(new Set(place.pool.keys)).toEqual(new Set(["sk-key-bbbbbbbb"]));
    expect(place.office.configText()).toContain("# of the tests");
    expect(place.office.configText()).toContain("disabled: true");

    await switchTo(first?.index, false);
    expect(place.office.configText()).not.toContain("disabled");
    place.pool.keys.length = 0;
    for (let count = 0; count < 4; count++) await place.ask();
    expect(new Set(place.pool.keys).size).toBe(2);
    const { body } = await place.office.get("/audit?action=credential.switched");
    expect(body).toMatchObject({ entries: [{ actor: "management-key", target: "simulated …aaaa", details: { disabled: false } }, { details: { disabled: true } }] });
  });

  test("the only key switches its upstream, and an entry of the other lists goes by its excluded models", async () => {
    await start({ dialect: "anthropic-messages", keys: ["sk-ant-number-one"], models: [{ name: "sim" }], extra: { "excluded-models": ["old-*"] } });
    const [only] = await credentials();
    await switchTo(only?.index, true);
    expect(place.office.keeper.tree()).toMatchObject({ "claude-api-key": [{ "excluded-models": ["old-*", "*"] }] });
    expect(await place.ask()).toBe(404);
    await switchTo(only?.index, false);
    expect(place.office.keeper.tree()).toMatchObject({ "claude-api-key": [{ "excluded-models": ["old-*"] }] });
    expect(await place.ask()).toBe(200);
  });

  test("a key that is switched on in an upstream that is off comes on alone", async () => {
    await start({ keys: ["sk-key-aaaaaaaa", "sk-key-bbbbbbbb", "sk-key-cccccccc"], extra: { disabled: true } });
    const [, second] = await credentials();
    await switchTo(second?.index, false);
    expect((await credentials()).map(({ disabled }) => disabled)).toEqual([true, false, true]);
  });

  test("one that is none, one that was found in the environment, a body that is none", async () => {
    await start({ keys: ["sk-key-aaaaaaaa"] });
    expect(await switchTo("0000000000000000", true)).toMatchObject({ status: 404, body: { error: "there is no such credential" } });
    const [first] = await credentials();
    expect(await switchTo(first?.index, "yes")).toMatchObject({ status: 400, body: { path: "disabled" } });
    place.office.gateway.reload(place.office.keeper.current().config, [{ providerId: "openai", name: "openai", apiKey: "sk-found" }]);
    const found = (await credentials()).find(({ configPath }) => configPath === undefined);
    expect(await switchTo(found?.index, true)).toMatchObject({ status: 409, body: { error: "it does not come from the configuration" } });
  });

  test("a key that is written as a reference stays one", async () => {
    await start({ keys: [], office: { more: "codex-api-key:\n  - api-key: ${CODEX_KEY}\n    base-url: https://relay.example/v1\n", environment: { CODEX_KEY: "sk-from-environment" } } });
    const found = (await credentials()).find(({ configPath }) => configPath === "codex-api-key[0]");
    await switchTo(found?.index, true);
    expect(place.office.configText()).toContain("${CODEX_KEY}");
    expect((await credentials()).find(({ configPath }) => configPath === "codex-api-key[0]")?.disabled).toBe(true);
  });
});

describe("POST /providers/credentials/{index}/test", () => {
  const trial = async (index: string | undefined, body: object = {}): Promise<{ status: number; body: unknown }> => place.office.call("POST", `/providers/credentials/${index ?? ""}/test`, { body });

  test("asks this key and no other, also while it rests, and a good answer ends the rest", async () => {
    await start({ keys: ["sk-key-aaaaaaaa", "sk-key-bbbbbbbb"], script: () => limited });
    await place.ask();
    place.pool.script = () => ({ text: "ok" });
    const all = await credentials();
    expect(all.map(({ state }) => state)).toEqual(["cooling", "cooling"]);
    place.pool.keys.length = 0;
    const answer = await trial(all[1]?.index);
    expect(answer).toMatchObject({ status: 200, body: { ok: true, model: "sim", status: 200, message: "ok" } });
    expect(place.pool.keys).toEqual(["sk-key-bbbbbbbb"]);
    expect((await credentials()).map(({ state }) => state)).toEqual(["cooling", "ready"]);
  });

  test("tells what the upstream said, without the key; once", async () => {
    await start({ keys: ["sk-key-aaaaaaaa", "sk-key-bbbbbbbb"], script: ({ key }) => ({ trouble: "refuse", status: 401, message: `wrong key ${key}` }) });
    const [first] = await credentials();
    const { body } = await trial(first?.index);
    expect(body).toMatchObject({ ok: false, status: 401 });
    expect((body as { message: string }).message).toContain("wrong key");
    expect(JSON.stringify(body)).not.toContain("sk-key");
    expect(place.pool.keys).toHaveLength(1);
  });

  test("a switched off key, a model that is not in the list; no store of others' calls", async () => {
    await start({ keys: ["sk-key-aaaaaaaa"], extra: { disabled: true } });
    const [only] = await credentials();
    expect(await trial(only?.index, { model: "unlisted-model" })).toMatchObject({ body: { ok: true, model: "unlisted-model" } });
    expect(await trial("nobody")).toMatchObject({ status: 404 });
    expect(await place.office.records({ limit: 5 })).toMatchObject([{ principal: "management", modelUpstream: "unlisted-model" }]);
  });

  test("the cheapest model that chats is asked", async () => {
    await start({ dialect: "anthropic-messages", keys: ["sk-ant-number-one"], models: [{ name: "text-embedding-3" }, { name: "claude-opus-4-1" }, { name: "claude-haiku-4-5" }, { name: "unheard-of" }] });
    const [only] = await credentials();
    expect(await trial(only?.index)).toMatchObject({ body: { model: "claude-haiku-4-5" } });
  });
});

describe("POST /reset-quota", () => {
  const reset = (body: unknown): Promise<{ status: number; body: unknown }> => place.office.call("POST", "/reset-quota", { body });

  test("ends the pause after a 429", async () => {
    await start({ keys: ["sk-key-aaaaaaaa"], script: () => limited });
    expect(await place.ask()).toBe(429);
    place.pool.script = () => ({ text: "ok" });
    expect(await place.ask()).toBe(429);
    const [only] = await credentials();
    expect(await reset({ auth_index: only?.index })).toMatchObject({ status: 200, body: { status: "ok", auth_index: only?.index, models: ["sim"] } });
    expect(await place.ask()).toBe(200);
    expect(await reset({ auth_index: only?.index })).toMatchObject({ body: { models: [] } });
  });

  test("refusals", async () => {
    await start({ keys: ["sk-key-aaaaaaaa"] });
    expect(await reset("no json")).toMatchObject({ status: 400, body: { error: "invalid request body" } });
    expect(await reset({})).toMatchObject({ status: 400, body: { error: "auth_index is required" } });
    expect(await reset({ auth_index: "ffffffffffffffff" })).toMatchObject({ status: 404, body: { error: "auth not found" } });
  });
});

describe("GET /api-key-usage", () => {
  test("twenty buckets for each key, by provider and place", async () => {
    await start({ keys: ["sk-key-aaaaaaaa", "sk-key-bbbbbbbb"], script: ({ place: number }) => (number === 1 ? { text: "ok" } : { trouble: "refuse", status: 500, message: "broken" }) });
    await place.ask();
    await place.ask();
    type Row = { success: number; failed: number; recent_requests: { time: string; success: number; failed: number }[] };
    const { body } = await place.office.get("/api-key-usage") as { body: Record<string, Record<string, Row>> };
    expect(Object.keys(body)).toEqual(["simulated"]);
    const rows = body.simulated ?? {};
    expect(Object.keys(rows).sort()).toEqual(["sk-key-aaaaaaaa", "sk-key-bbbbbbbb"].map((key) => `${place.pool.origin}/v1|${key}`));
    const all = Object.values(rows);
    expect(all.map(({ success }) => success).sort()).toEqual([0, 2]);
    expect(all.find(({ failed }) => failed > 0)).toMatchObject({ success: 0, failed: 1 });
    for (const { recent_requests: buckets } of all) {
      expect(buckets).toHaveLength(20);
      for (const { time } of buckets) expect(time).toMatch(/^\d\d:\d\d-\d\d:\d\d$/);
    }
    expect(all.find(({ success }) => success === 2)?.recent_requests.at(-1)).toMatchObject({ success: 2, failed: 0 });
  });
});
