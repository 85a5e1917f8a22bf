import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask, at, DIALECTS, list, wholeText, type DialectId } from "../kit/calls.ts";
import { CLIENT_KEY, MANAGEMENT_KEY } from "../kit/office.ts";
import { MODELS, startObserved, type ObservedWorld } from "../observe/observe-world.ts";
import { named, THEIR_KEY } from "./dynamic-world.ts";

let world: ObservedWorld;
beforeAll(async () => {
  world = await startObserved({ more: 'dynamic-routes: { enabled: true, private-hosts: ["127.0.0.1"] }\nclient-key-header: x-relay-key', script: ({ prompt }) => ({ text: `you said ${prompt}`, usage: { input: 12, output: 5 } }) });
  await world.call("PUT", "/live/capture", { body: { enabled: true } });
});
afterAll(() => world.close());

const call = (upstream: DialectId, client: DialectId = "anthropic-messages", header = "x-dragoman-key"): Promise<Response> =>
  ask(named(world.origin, world.upstream(upstream).origin, upstream), client, { model: "my-name", prompt: "hello", key: THEIR_KEY, headers: { [header]: CLIENT_KEY } });
const detailOf = async (response: Response | { readonly headers: Headers }, header = "x-request-id"): Promise<unknown> => (await world.get(`/live/${response.headers.get(header) ?? ""}`)).body;

test("the live view tells such a request as any other, and shows neither key", async () => {
  for (const header of ["x-dragoman-key", "x-relay-key"]) {
    const response = await call("openai-chat", "anthropic-messages", header);
    expect(response.status, await response.text()).toBe(200);
    const detail = await detailOf(response);
    expect(at(detail, "request")).toMatchObject({
      endpoint: "POST /{upstream}/v1/messages", provider: new URL(world.upstream("openai-chat").origin).host, modelAsked: "my-name", modelUpstream: "sim-chat", state: "succeeded", inputTokens: 12, captured: true,
    });
    const text = JSON.stringify([detail, (await world.get("/live")).body, world.log]);
    for (const key of [THEIR_KEY, CLIENT_KEY]) expect(text).not.toContain(key);
  }
});

describe("a replay", () => {
  test.each(DIALECTS)("asks the same upstream again, without its client's key: %s", async (client) => {
    const first = await call("openai-chat", client);
    const told = wholeText(client, await first.json());
    const { simulator } = world.upstream("openai-chat");
    const again = await world.call("POST", `/live/${first.headers.get("x-request-id") ?? ""}/replay`, { body: {} });
    expect(again.status, again.text).toBe(200);
    expect(wholeText(client, again.body)).toBe(told);
    expect(simulator.seen.at(-1)?.headers.has("authorization")).toBe(false);
    expect(at(await detailOf(again, "x-dragoman-request-id"), "request")).toMatchObject({ principal: "replay", modelUpstream: "sim-chat", endpoint: at(await detailOf(first), "request", "endpoint") });
  });

  test("with another model asks one of the gateway's own", async () => {
    const first = await call("openai-chat");
    await first.text();
    const other = await world.call("POST", `/live/${first.headers.get("x-request-id") ?? ""}/replay`, { body: { model: MODELS["anthropic-messages"] } });
    expect(wholeText("anthropic-messages", other.body)).toBe("you said hello");
    expect(at(await detailOf(other, "x-dragoman-request-id"), "request")).toMatchObject({ provider: "claude", modelAsked: MODELS["anthropic-messages"] });
  });
});

test("metrics do not grow with the hosts that clients name", async () => {
  for (const upstream of DIALECTS) await (await call(upstream)).text();
  const { text } = await world.get("//metrics");
  const lines = text.split("\n").filter((line) => line.startsWith("dragoman_attempts_total{") && line.includes("named-by-client"));
  expect(lines.length).toBeGreaterThan(0);
  for (const upstream of DIALECTS) expect(text).not.toContain(new URL(world.upstream(upstream).origin).host);
  expect(text).not.toContain("my-name");
});

test("a management key is no key for such a path, and the office is where it was", async () => {
  const response = await ask(named(world.origin, world.upstream("openai-chat").origin, "openai-chat"), "openai-chat", { model: "m", key: THEIR_KEY, headers: { "x-dragoman-key": MANAGEMENT_KEY } });
  expect(response.status).toBe(401);
  expect(list(at((await world.get("/live")).body, "requests")).length).toBeGreaterThan(0);
});
