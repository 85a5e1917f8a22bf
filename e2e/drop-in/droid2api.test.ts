import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "bun:test";
import { movedClock } from "../accounts/kit/account-world.ts";
import type { FactoryWorld } from "../accounts/kit/factory-world.ts";
import { startWorkos } from "../accounts/kit/workos.ts";
import { startForwardingProxy } from "../kit/proxies.ts";
import type { Listening } from "../kit/running.ts";
import { EXAMPLE, startDroid2api } from "./droid2api-world.ts";

const CLAUDE = "claude-opus-4-1-20250805";
const GPT = "gpt-5-2025-08-07";
const HELLO = [{ role: "user", content: "Hello" }];
const VERSION = { "anthropic-version": "2023-06-01" };
const INTERLEAVED = "interleaved-thinking-2025-05-14";
const KEY = { FACTORY_API_KEY: "fk-fixed" };

const open: Listening[] = [];
const homes: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

async function start(...args: Parameters<typeof startDroid2api>): Promise<FactoryWorld> {
  const world = await startDroid2api(...args);
  open.push(world);
  for (const key of ["fk-fixed", "fk-of-a-client"]) world.api.keys.add(key);
  return world;
}

function last({ api }: FactoryWorld): FactoryWorld["api"]["seen"][number] {
  const request = api.seen.at(-1);
  if (request === undefined) throw new Error("nothing was asked");
  return request;
}

async function good(reply: Promise<Response>): Promise<Response> {
  const response = await reply;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response;
}

const get = (world: FactoryWorld, path: string): Promise<Response> => fetch(world.origin + path);
const bearers = ({ api }: FactoryWorld): string[] => api.seen.map(({ headers }) => headers.get("authorization") ?? "");

describe("its file, as it is", () => {
  test("says which models there are, and nothing else is listed", async () => {
    const world = await start(EXAMPLE, KEY);
    const list = (await (await get(world, "/v1/models")).json()) as { object: string; data: { id: string; object: string; created: number }[] };
    expect([list.object, list.data.map(({ id }) => id).sort(), list.data.every(({ object }) => object === "model")]).toEqual(["list", [CLAUDE, GPT], true]);
    // Seconds: in milliseconds it would be beyond the year 2100.
    for (const { created } of list.data) expect(created).toBeLessThan(4_102_444_800);
    expect(await (await get(world, `/v1/models/${GPT}`)).json()).toMatchObject({ id: GPT, object: "model" });
    expect((await get(world, "/v1/models/another")).status).toBe(404);
    expect((await world.ask("/v1/messages", { model: "claude-opus-4-6", max_tokens: 10, messages: HELLO }, VERSION)).status).toBe(404);
  });

  test("its prompt goes before the client's own words, which stay as they are", async () => {
    const world = await start(EXAMPLE, KEY);
    await good(world.ask("/v1/messages", { model: CLAUDE, max_tokens: 30_000, system: "Be kind.", messages: HELLO }, VERSION));
    expect(last(world).body.system).toEqual([{ type: "text", text: EXAMPLE.system_prompt }, { type: "text", text: "Be kind." }]);
    await good(world.ask("/v1/chat/completions", { model: CLAUDE, messages: [{ role: "system", content: "One." }, { role: "developer", content: "Two." }, ...HELLO] }));
    expect(JSON.stringify(last(world).body.system)).toMatch(/You are Droid.*One\..*Two\./);
    await good(world.ask("/v1/responses", { model: GPT, instructions: "Be kind.", input: "Hello" }));
    expect(last(world).body.instructions).toBe(`${EXAMPLE.system_prompt}\n\nBe kind.`);
  });

  test("redirects lead an old name to the real one, whose level counts", async () => {
    const world = await start({ ...EXAMPLE, model_redirects: { "claude-3-5-haiku-20241022": CLAUDE } }, KEY);
    await good(world.ask("/v1/messages", { model: "claude-3-5-haiku-20241022", max_tokens: 30_000, messages: HELLO }, VERSION));
    expect(last(world).body).toMatchObject({ model: CLAUDE, thinking: { type: "enabled", budget_tokens: 24_576 } });
  });

  test("its proxies take turns, a step for each request and each renewal", async () => {
    const [one, two] = await Promise.all([startForwardingProxy(), startForwardingProxy()]);
    open.push(one, two);
    const clock = movedClock();
    const workos = startWorkos(clock);
    const { refreshToken } = workos.issue();
    const world = await start({ ...EXAMPLE, proxies: [{ name: "one", url: one.url }, { name: "none" }, { name: "two", url: two.url }] }, { DROID_REFRESH_KEY: refreshToken }, { clock, workos });
    for (let turn = 0; turn < 3; turn++) await good(world.ask("/v1/messages", { model: CLAUDE, max_tokens: 30_000, messages: HELLO }, VERSION));
    const vendor = new URL(world.api.origin).host;
    const issuer = new URL(workos.endpoints.token ?? "").host;
    expect([one.targets, two.targets]).toEqual([[vendor, vendor], [issuer, vendor]]);
  });
});

describe("levels", () => {
  const asked = async (world: FactoryWorld, path: string, more: object): Promise<FactoryWorld["api"]["seen"][number]> => {
    await good(world.ask(path, { model: CLAUDE, max_tokens: 30_000, messages: HELLO, ...more }, VERSION));
    return last(world);
  };
  const at = (reasoning: string): Record<string, unknown> => ({ ...EXAMPLE, models: EXAMPLE.models.map((model) => ({ ...model, reasoning })) });
  const THINKING = { thinking: { type: "enabled", budget_tokens: 8192 } };

  test.each(["/v1/messages", "/v1/messages/count_tokens", "/v1/chat/completions"])("the client's 8192 tokens stay under auto and become 24576 under high, at %s", async (path) => {
    expect((await asked(await start(at("auto"), KEY), path, THINKING)).body.thinking).toEqual(THINKING.thinking);
    const { body, headers } = await asked(await start(at("high"), KEY), path, THINKING);
    expect([body.thinking, headers.get("anthropic-beta")]).toEqual([{ type: "enabled", budget_tokens: 24_576 }, INTERLEAVED]);
  });

  test("auto adds nothing, and changes no byte where nothing else asks for it", async () => {
    const { system_prompt: _prompt, ...file } = at("auto");
    const world = await start(file, KEY);
    for (const [path, body] of [["/v1/messages", { model: CLAUDE, max_tokens: 9000, messages: HELLO, ...THINKING }], ["/v1/responses", { model: GPT, input: "Hello", reasoning: { effort: "low" } }]] as const) {
      await good(world.ask(path, body, { ...VERSION, ...(path === "/v1/messages" && { "anthropic-beta": "context-1m-2025-08-07,another" }) }));
      expect(last(world).text).toBe(JSON.stringify(body));
    }
    expect(world.api.seen[0]?.headers.get("anthropic-beta")?.replaceAll(" ", "")).toBe("context-1m-2025-08-07,another");
  });

  test("a model of OpenAI's gets an effort, and `off` takes everything out", async () => {
    const world = await start(EXAMPLE, KEY);
    await good(world.ask("/v1/responses", { model: GPT, input: "Hello", reasoning: { effort: "low" } }));
    expect(last(world).body.reasoning).toEqual({ effort: "medium", summary: "auto" });
    await good(world.ask("/v1/chat/completions", { model: GPT, messages: HELLO }));
    expect(last(world).body.reasoning).toEqual({ effort: "medium", summary: "auto" });
    const off = await asked(await start(at("off"), KEY), "/v1/messages", THINKING);
    expect([off.body.thinking, off.headers.get("anthropic-beta")]).toEqual([undefined, null]);
  });
});


describe("whose key it is", () => {
  const ask = (world: FactoryWorld, headers: Record<string, string> = {}): Promise<Response> => world.ask("/v1/messages", { model: CLAUDE, max_tokens: 30_000, messages: HELLO }, { ...VERSION, ...headers });
  const CLIENTS = { authorization: "Bearer fk-of-a-client" };

  function homeWith(tokens: { readonly accessToken: string; readonly refreshToken: string }): string {
    const home = mkdtempSync(join(tmpdir(), "dragoman-home-"));
    homes.push(home);
    mkdirSync(join(home, ".factory"));
    writeFileSync(join(home, ".factory/auth.json"), JSON.stringify({ access_token: tokens.accessToken, refresh_token: tokens.refreshToken }));
    return home;
  }

  test("the fixed key goes first and nothing is renewed; then the refresh token, the program's login, the client's own", async () => {
    const clock = movedClock();
    const workos = startWorkos(clock);
    const tokens = workos.issue();
    const home = homeWith(workos.issue());
    const both = { ...KEY, DROID_REFRESH_KEY: tokens.refreshToken };

    const fixed = await start(EXAMPLE, both, { clock, workos, home });
    await good(ask(fixed, CLIENTS));
    expect([bearers(fixed), workos.asked.length]).toEqual([["Bearer fk-fixed"], 0]);

    const renewed = await start(EXAMPLE, { DROID_REFRESH_KEY: tokens.refreshToken }, { clock, workos, home });
    await good(ask(renewed, CLIENTS));
    expect(workos.asked.map(({ refresh_token: token }) => token)).toEqual([tokens.refreshToken]);
    expect(bearers(renewed)).not.toContain(CLIENTS.authorization);

    const program = await start(EXAMPLE, {}, { clock, workos, home });
    await good(ask(program, CLIENTS));
    expect([bearers(program).includes(CLIENTS.authorization), workos.asked.length]).toEqual([false, 1]);

    const nothing = await start(EXAMPLE);
    await good(ask(nothing, CLIENTS));
    expect(bearers(nothing)).toEqual([CLIENTS.authorization]);
  });

  test("a start without any is no error: clients bring their own, in either header, on every endpoint", async () => {
    const world = await start(EXAMPLE);
    await good(ask(world, CLIENTS));
    await good(ask(world, { authorization: "", "x-api-key": "fk-of-a-client" }));
    await good(world.ask("/v1/chat/completions", { model: GPT, messages: HELLO }, { authorization: "", "x-api-key": "fk-of-a-client" }));
    expect(new Set(bearers(world))).toEqual(new Set([CLIENTS.authorization]));
    const missing = await ask(world, { authorization: "" });
    expect([missing.status, await missing.json()]).toEqual([401, expect.objectContaining({ type: "error", error: expect.objectContaining({ type: "authentication_error" }) })]);
  });

  test("a renewal is told with its end, in the words of its guide, and without the token", async () => {
    const clock = movedClock();
    const workos = startWorkos(clock);
    const { refreshToken } = workos.issue();
    const world = await start(EXAMPLE, { DROID_REFRESH_KEY: refreshToken }, { clock, workos });
    await good(ask(world));
    expect(world.log.find(({ event }) => event === "account.renewed")?.fields.message).toBe("Token refreshed successfully, expires at: 2026-11-21 20:00:00 UTC");
    expect(JSON.stringify(world.log)).not.toContain("refresh-token");
  });
});

describe("on the wire", () => {
  test("`stream` is the client's: as true, as false, or not at all", async () => {
    const world = await start(EXAMPLE, KEY);
    for (const stream of [true, false, undefined]) {
      const given = stream === undefined ? {} : { stream };
      for (const [path, body] of [["/v1/messages", { model: CLAUDE, max_tokens: 30_000, messages: HELLO }], ["/v1/responses", { model: GPT, input: "Hello" }]] as const) {
        const reply = await good(world.ask(path, { ...body, ...given }, VERSION));
        expect([path, last(world).body.stream, reply.headers.get("content-type")?.split(";")[0]]).toEqual([path, stream, stream === true ? "text/event-stream" : "application/json"]);
        await reply.text();
      }
      const chat = await good(world.ask("/v1/chat/completions", { model: CLAUDE, messages: HELLO, temperature: 0.5, ...given }));
      expect((await chat.text()).startsWith("data: ")).toBe(stream === true);
    }
  });

  test("every request has its session, its message, its provider; identities are only what the file says", async () => {
    const world = await start({ ...EXAMPLE, user_agent: "factory-cli/0.19.3" }, KEY);
    await good(world.ask("/v1/messages", { model: CLAUDE, max_tokens: 30_000, messages: HELLO }, VERSION));
    const { headers } = last(world);
    const names = ["authorization", "x-api-provider", "anthropic-version", "user-agent", "x-factory-client", "x-stainless-lang", "x-api-key"];
    expect(names.map((name) => headers.get(name))).toEqual(["Bearer fk-fixed", "anthropic", "2023-06-01", "factory-cli/0.19.3", null, null, null]);
    for (const name of ["x-session-id", "x-assistant-message-id"]) expect(headers.get(name)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("a refusal keeps its status and its words, in the envelope that the client's SDK reads", async () => {
    const world = await start(EXAMPLE, KEY);
    world.api.reply = () => Response.json({ error: { message: "This request is not allowed" } }, { status: 403 });
    const reply = await world.ask("/v1/chat/completions", { model: GPT, messages: HELLO });
    expect([reply.status, await reply.json()]).toEqual([403, { error: expect.objectContaining({ message: expect.stringContaining("This request is not allowed"), type: expect.any(String) }) }]);
    const faulty = await world.ask("/v1/chat/completions", { messages: HELLO });
    expect([faulty.status, await faulty.json()]).toEqual([400, { error: expect.objectContaining({ param: "model" }) }]);
  });

  test("`GET /` tells who is here, and whether all is well stands at `/health`", async () => {
    const world = await start(EXAMPLE);
    expect(await (await get(world, "/")).json()).toMatchObject({ endpoints: expect.arrayContaining(["POST /v1/chat/completions", "POST /v1/responses", "POST /v1/messages", "POST /v1/messages/count_tokens", "GET /v1/models"]) });
    expect(await (await get(world, "/health")).json()).toMatchObject({ status: "ok" });
  });
});
