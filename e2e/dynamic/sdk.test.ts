import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CLIENTS } from "../kit/clients/index.ts";
import { startDynamicWorld, THEIR_KEY, type DynamicWorld } from "./dynamic-world.ts";

const WEATHER = { name: "get_weather", description: "Weather of a city.", schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } };

let world: DynamicWorld;
beforeAll(() => {
  world = startDynamicWorld({
    script: ({ model, results, toolNames }) => (toolNames.length > 0 && results.length === 0
      ? { calls: [{ name: "get_weather", arguments: { city: "Łódź" } }], usage: { input: 20, output: 7 } }
      : { text: `${model} says: ${results.map(({ text }) => text).join()}`, usage: { input: 30, output: 9 } }),
  });
});
afterAll(() => world.close());

describe.each(CLIENTS.map((client) => [client.name, client] as const))("%s, with an upstream in its base URL", (_name, client) => {
  test.each([false, true])("holds a conversation with tools (streamed: %p)", async (stream) => {
    const session = client.open(world.at("openai-chat", { model: "-/meta-llama/Llama-3.3-70B" }), THEIR_KEY, { model: "my-name", tools: [WEATHER] });
    session.user("Weather?");
    const first = await session.ask({ stream });
    expect(first).toMatchObject({ finish: "tools", calls: [{ name: "get_weather", arguments: { city: "Łódź" } }], usage: { input: 20, output: 7 } });
    for (const call of first.calls) session.toolResult(call.id, call.name, "rain");
    expect(await session.ask({ stream })).toMatchObject({ text: "meta-llama/Llama-3.3-70B says: rain", finish: "end", usage: { input: 30, output: 9 } });
    expect(world.upstream("openai-chat").simulator.seen.at(-1)?.violations).toEqual([]);
  });
});
