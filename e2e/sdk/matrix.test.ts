import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Act, Question } from "@dragoman/gateway/testing";
import { CLIENTS, type Setting } from "../kit/clients/index.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

const WEATHER = { name: "get_weather", description: "Weather of a city.", schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } };
const USAGE = { input: 120, cached: 30, output: 45, reasoning: 20 };

/** Thinks, calls two tools at once, then a third, then answers with what they said. */
function model(question: Question): Act {
  const { results, wantsReasoning } = question;
  const reasoning = wantsReasoning ? { reasoning: `I think about ${results.length} results.` } : {};
  if (results.length === 0 && question.toolNames.length === 0) return { ...reasoning, text: `You said: ${question.prompt}`, usage: USAGE };
  if (results.length === 0) return { ...reasoning, text: "Let me look.", calls: [{ name: "get_weather", arguments: { city: "Kraków" } }, { name: "get_weather", arguments: { city: "Łódź" } }], usage: USAGE };
  if (results.length === 2) return { ...reasoning, calls: [{ name: "get_weather", arguments: { city: "Gdańsk" } }], usage: USAGE };
  return { ...reasoning, text: `Done: ${results.map(({ text }) => text).join(", ")}`, usage: USAGE };
}

let world: World;
beforeAll(() => {
  world = startWorld({ script: model });
});
afterAll(() => world.close());

for (const client of CLIENTS) {
  for (const [upstream, name] of Object.entries(MODELS)) {
    describe(`${client.name} → ${upstream}`, () => {
      const open = (setting: Partial<Setting> = {}): ReturnType<typeof client.open> => client.open(world.origin, CLIENT_KEY, { model: name, ...setting });
      for (const stream of [false, true]) {
        const mode = stream ? "streamed" : "whole";

        test(`text, ${mode}`, async () => {
          const session = open({ system: "Be brief." });
          session.user("Zażółć gęślą jaźń 🦆");
          const facts = await session.ask({ stream });
          expect(facts.text).toBe("You said: Zażółć gęślą jaźń 🦆");
          expect(facts.finish).toBe("end");
          expect(facts.usage).toMatchObject({ input: 120, cached: 30, output: 45 });
          expect(world.upstreams.get(upstream)?.simulator.seen.at(-1)?.violations).toEqual([]);
        });

        test(`a tool loop of three rounds with sealed reasoning, ${mode}`, async () => {
          const session = open({ tools: [WEATHER], think: true });
          session.user("Weather?");
          const first = await session.ask({ stream });
          expect(first.calls.map((call) => call.arguments)).toEqual([{ city: "Kraków" }, { city: "Łódź" }]);
          expect(first.finish).toBe("tools");
          expect(first.text).toBe("Let me look.");
          expect(first.reasoning).toBe("I think about 0 results.");
          for (const [at, call] of first.calls.entries()) session.toolResult(call.id, call.name, `sun ${at}`);
          const second = await session.ask({ stream });
          expect(second.calls.map((call) => call.arguments)).toEqual([{ city: "Gdańsk" }]);
          for (const call of second.calls) session.toolResult(call.id, call.name, "rain");
          const third = await session.ask({ stream });
          expect(third.text).toBe("Done: rain");
          expect(third.finish).toBe("end");
        });
      }
    });
  }
}
