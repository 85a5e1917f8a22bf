import { afterEach, describe, expect, test } from "bun:test";
import type { Act } from "@dragoman/gateway/testing";
import { ask, at, DIALECTS, list, readEvents, toldError, wholeText, type DialectId } from "../kit/calls.ts";
import { entriesOf, joined } from "../kit/entries.ts";
import { CLIENT_KEY, startGateway } from "../kit/running.ts";
import { MODELS, startUpstreams, startWorld, type World } from "../kit/world.ts";

const act: Act = { text: "Yes.", usage: { input: 12, output: 5 } };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function start(config: Record<string, unknown> = {}): World {
  const world = startWorld({ script: () => act, config });
  open.push(world);
  return world;
}

const lastBody = (world: World, upstream: string): unknown => world.upstream(upstream).simulator.seen.at(-1)?.body;

/** Where each upstream's body says how hard to think. */
const EFFORT: Readonly<Record<DialectId, (body: unknown) => unknown>> = {
  "openai-chat": (body) => at(body, "reasoning_effort"),
  "openai-responses": (body) => at(body, "reasoning", "effort"),
  "anthropic-messages": (body) => at(body, "thinking", "budget_tokens"),
  // Its levels are taken in either case.
  "gemini-generate-content": (body) => (at(body, "generationConfig", "thinkingConfig", "thinkingLevel") as string | undefined)?.toLowerCase(),
};

describe("wishes in a model's name reach the upstream", () => {
  const HIGH: Readonly<Record<DialectId, unknown>> = { "openai-chat": "high", "openai-responses": "high", "anthropic-messages": 24_576, "gemini-generate-content": "high" };

  for (const client of DIALECTS) {
    for (const upstream of DIALECTS) {
      test(`${client} → ${upstream}: (high), streamed and not`, async () => {
        const world = start();
        for (const stream of [false, true]) {
          const response = await ask(world.origin, client, { model: `${MODELS[upstream]}(high)`, stream, body: client === "anthropic-messages" ? { max_tokens: 30_000 } : {} });
          expect(response.status).toBe(200);
          await response.text();
          const body = lastBody(world, upstream);
          expect(EFFORT[upstream](body)).toBe(HIGH[upstream]);
          expect(JSON.stringify(body)).not.toContain("(high)");
        }
      });
    }
  }

  test("-thinking, (none) and (2048)", async () => {
    const world = start();
    const thinkingOf = async (model: string): Promise<unknown> => {
      const response = await ask(world.origin, "openai-chat", { model, body: { max_tokens: 30_000 } });
      expect(response.status).toBe(200);
      return at(lastBody(world, "anthropic-messages"), "thinking");
    };
    const claude = MODELS["anthropic-messages"] ?? "";
    expect(await thinkingOf(`${claude}-thinking`)).toMatchObject({ type: "enabled", budget_tokens: 16_384 });
    expect(await thinkingOf(`${claude}(2048)`)).toMatchObject({ type: "enabled", budget_tokens: 2048 });
    const off = await thinkingOf(`${claude}(none)`);
    expect(off === undefined || at(off, "type") === "disabled").toBe(true);
  });
});

describe("#150 the operator's word about reasoning", () => {
  const claude = MODELS["anthropic-messages"] ?? "";
  const body = { max_tokens: 30_000, thinking: { type: "enabled", budget_tokens: 3000 } };
  const thinkingUnder = async (word: string): Promise<unknown> => {
    const world = start({ reasoning: { models: { "claude-*": word } } });
    const response = await ask(world.origin, "anthropic-messages", { model: claude, body });
    expect(response.status).toBe(200);
    return at(lastBody(world, "anthropic-messages"), "thinking");
  };

  test("off removes it, auto leaves it, high replaces it", async () => {
    expect(await thinkingUnder("off")).toBeUndefined();
    expect(await thinkingUnder("auto")).toEqual({ type: "enabled", budget_tokens: 3000 });
    expect(await thinkingUnder("high")).toMatchObject({ type: "enabled", budget_tokens: 24_576 });
  });

  test("the same for each dialect whose bytes pass", async () => {
    const ASKED: Readonly<Partial<Record<DialectId, object>>> = {
      "openai-chat": { reasoning_effort: "low" },
      "openai-responses": { reasoning: { effort: "low", summary: "auto" } },
      "gemini-generate-content": { generationConfig: { thinkingConfig: { thinkingLevel: "low", includeThoughts: true } } },
    };
    for (const [word, expected] of [["off", undefined], ["auto", "low"], ["high", "high"]] as const) {
      const world = start({ reasoning: { models: { "*": word } } });
      for (const dialect of Object.keys(ASKED) as DialectId[]) {
        const response = await ask(world.origin, dialect, { model: MODELS[dialect] ?? "", body: { ...ASKED[dialect] } });
        expect(response.status).toBe(200);
        expect([dialect, word, EFFORT[dialect](lastBody(world, dialect))]).toEqual([dialect, word, expected]);
      }
    }
  });

  test("it goes over a suffix, and holds for other dialects, too", async () => {
    const world = start({ reasoning: { models: { "*": "low" } } });
    for (const upstream of ["openai-chat", "openai-responses"] as const) {
      await (await ask(world.origin, "gemini-generate-content", { model: `${MODELS[upstream]}(high)` })).text();
      expect(EFFORT[upstream](lastBody(world, upstream))).toBe("low");
    }
  });
});

describe("names of models", () => {
  test("provider://model reaches models that no list holds", async () => {
    const world = start();
    for (const [name, upstream] of [["simulated", "openai-chat"], ["claude", "anthropic-messages"], ["gemini", "gemini-generate-content"], ["codex", "openai-responses"]] as const) {
      const response = await ask(world.origin, "openai-chat", { model: `${name}://some/new-model:free` });
      expect(response.status).toBe(200);
      await response.text();
      const { seen } = world.upstream(upstream).simulator;
      expect(at(seen.at(-1)?.body, "model") ?? decodeURIComponent(seen.at(-1)?.path ?? "")).toContain("some/new-model:free");
    }
    expect((await ask(world.origin, "openai-chat", { model: "nobody://x" })).status).toBe(404);
  });

  for (const client of DIALECTS) {
    for (const upstream of DIALECTS) {
      test(`${client} ← ${upstream}: an alias goes upstream as the real name; with force-mapping replies say the alias, whole and streamed`, async () => {
        const upstreams = startUpstreams(() => act);
        const real = MODELS[upstream] ?? "";
        const gateway = startGateway(entriesOf(upstream, { origin: upstreams.get(upstream)?.origin ?? "", keys: ["sk-key-of-an-upstream"], models: [{ name: real, alias: "mine", "force-mapping": true }] }));
        open.push(gateway, ...upstreams.values());
        const modelOf = (value: unknown): unknown => at(value, "model") ?? at(value, "modelVersion") ?? at(value, "message", "model") ?? at(value, "response", "model");
        const whole = await ask(gateway.origin, client, { model: "mine" });
        const wholeBody = await whole.text();
        expect(modelOf(JSON.parse(wholeBody))).toBe("mine");
        expect(wholeBody).not.toContain(real);
        const streamed = await (await ask(gateway.origin, client, { model: "mine", stream: true })).text();
        const models = readEvents(streamed).events.map(({ value }) => modelOf(value)).filter((model) => model !== undefined);
        expect(new Set(models)).toEqual(new Set(["mine"]));
        expect(streamed).not.toContain(real);
        for (const { body, path } of upstreams.get(upstream)?.simulator.seen ?? []) expect(JSON.stringify([body, path])).toContain(real);
        expect((await ask(gateway.origin, client, { model: real })).status).toBe(404);
      });
    }
  }

  test("prefix, force-model-prefix and excluded-models", async () => {
    const upstreams = startUpstreams(() => act);
    const origin = (dialect: string): string => upstreams.get(dialect)?.origin ?? "";
    const sections = joined(
      entriesOf("anthropic-messages", { origin: origin("anthropic-messages"), keys: ["sk-key-of-an-upstream"], models: [{ name: "claude-a" }, { name: "claude-b-preview" }], extra: { prefix: "work", "excluded-models": ["*-preview"] } }),
      entriesOf("openai-chat", { origin: origin("openai-chat"), keys: ["sk-key-of-an-upstream"], models: [{ name: "plain" }] }),
    );
    for (const forced of [false, true]) {
      const gateway = startGateway({ ...sections, "force-model-prefix": forced });
      const names = list(at(await (await fetch(`${gateway.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).json(), "data")).map((model) => at(model, "id"));
      expect(names.sort()).toEqual(forced ? ["plain", "work/claude-a"] : ["claude-a", "plain", "work/claude-a"]);
      const response = await ask(gateway.origin, "openai-chat", { model: "work/claude-a" });
      expect(response.status).toBe(200);
      expect(at(upstreams.get("anthropic-messages")?.simulator.seen.at(-1)?.body, "model")).toBe("claude-a");
      expect((await ask(gateway.origin, "openai-chat", { model: "claude-b-preview" })).status).toBe(404);
      expect((await ask(gateway.origin, "openai-chat", { model: "claude-a" })).status).toBe(forced ? 404 : 200);
      await gateway.close();
    }
    open.push(...upstreams.values());
  });
});

describe("bodies that mean no good", () => {
  test("one that is nested without end is the caller's mistake, in its dialect", async () => {
    const world = start();
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    for (const upstream of ["anthropic-messages", "gemini-generate-content"]) {
      const body = `{"model":"${MODELS[upstream]}","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"x","parameters":{"type":"object","properties":{"a":{"enum":${deep}}}}}}]}`;
      const response = await fetch(`${world.origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}` }, body });
      expect(response.status).toBe(400);
      expect(toldError("openai-chat", await response.json()).message).not.toBe("");
    }
    expect((await ask(world.origin, "openai-chat", { model: "sim-chat" })).status).toBe(200);
  });

  test("names that mean something to JavaScript are names like others", async () => {
    const world = start();
    const body = '{"model":"sim-responses","__proto__":{"polluted":true},"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"constructor","parameters":{"type":"object","properties":{"__proto__":{"type":"string"},"toString":{"type":"string"}}}}}]}';
    const response = await fetch(`${world.origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}` }, body });
    expect(response.status).toBe(200);
    expect(at({}, "polluted")).toBeUndefined();
    expect(JSON.stringify(lastBody(world, "openai-responses"))).toContain('"__proto__":{"type":"string"}');
  });
});

describe("losses", () => {
  test("are told when asked for, and only then, and always logged", async () => {
    const world = start();
    const request = { model: MODELS["anthropic-messages"] ?? "", body: { seed: 7, logit_bias: { "50256": -100 } } };
    const silent = await ask(world.origin, "openai-chat", request);
    expect(silent.headers.has("x-dragoman-losses")).toBe(false);
    for (const stream of [false, true]) {
      const told = await ask(world.origin, "openai-chat", { ...request, stream, headers: { "x-dragoman-losses": "1" } });
      expect(told.headers.get("x-dragoman-losses")).toContain("seed");
      expect(told.headers.get("x-dragoman-losses")).toContain("logit_bias");
      await told.text();
    }
    const nothing = await ask(world.origin, "openai-chat", { model: "sim-chat", headers: { "x-dragoman-losses": "1" } });
    expect(nothing.headers.get("x-dragoman-losses")).toBe("none");
    expect(JSON.stringify(world.log.filter(({ event }) => event === "request.completed")[0]?.fields.losses)).toContain("seed");
  });
});

describe("#190 forms with files", () => {
  const PNG = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), (letter) => letter.charCodeAt(0));
  const chat = (model: string): Record<string, unknown> => ({ model, messages: [{ role: "user", content: "What is this?" }] });
  const form = (payload: unknown, files: readonly File[] = []): FormData => {
    const data = new FormData();
    if (payload !== undefined) data.append("payload", typeof payload === "string" ? payload : JSON.stringify(payload));
    for (const file of files) data.append("file", file);
    return data;
  };
  const send = (world: World, body: FormData, path = "/v1/chat/completions"): Promise<Response> =>
    fetch(world.origin + path, { method: "POST", headers: { authorization: `Bearer ${CLIENT_KEY}`, "anthropic-version": "2023-06-01" }, body });

  for (const upstream of DIALECTS) {
    test(`payload, a picture and a text to ${upstream}`, async () => {
      const world = startWorld({ script: ({ images, prompt }) => ({ text: `${images} image; ${prompt}` }) });
      open.push(world);
      const response = await send(world, form(chat(MODELS[upstream] ?? ""), [new File([PNG], "dot.png", { type: "image/png" }), new File(["Zażółć"], "note.txt", { type: "text/plain" })]));
      const text = wholeText("openai-chat", await response.json());
      expect(text).toStartWith("1 image; What is this?");
      expect(text).toContain("note.txt");
      expect(text).toContain("Zażółć");
    });
  }

  test("its errors name the field", async () => {
    const world = start({ limits: { "max-body-bytes": 8192 } });
    const told = async (response: Response): Promise<unknown[]> => [response.status, at(await response.json(), "error", "param")];
    expect(await told(await send(world, form(undefined, [new File(["x"], "x.txt")])))).toEqual([400, "payload"]);
    expect(await told(await send(world, form("{not json")))).toEqual([400, "payload"]);
    expect(await told(await send(world, form("[]")))).toEqual([400, "payload"]);
    const twice = form(chat("sim-chat"));
    twice.append("payload", "{}");
    expect(await told(await send(world, twice))).toEqual([400, "payload"]);
    expect((await send(world, form(chat("sim-chat"), [new File([new Uint8Array(9000)], "big.bin")]))).status).toBe(413);
    const broken = await fetch(`${world.origin}/v1/chat/completions`, { method: "POST", headers: { authorization: `Bearer ${CLIENT_KEY}`, "content-type": "multipart/form-data; boundary=x" }, body: "nothing of the sort" });
    expect(broken.status).toBe(400);
    expect(toldError("openai-chat", await broken.json()).message).toContain("form");
  });
});
