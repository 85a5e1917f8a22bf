import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { Act, Question } from "@dragoman/gateway/testing";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool, type LanguageModel } from "ai";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

const usage = { input: 50, cached: 10, output: 20, reasoning: 5 };

/** Thinks, calls two tools at once, then tells what they said. A tool named `json` is how the SDK asks for an object where it knows no other way. */
function model({ results, toolNames, prompt }: Question): Act {
  if (toolNames.includes("json")) return { calls: [{ name: "json", arguments: { city: "Łódź", people: 7 } }], usage };
  if (toolNames.length === 0) return { text: prompt.includes("JSON") ? '{"city":"Łódź","people":7}' : `You said: ${prompt}`, usage };
  if (results.length === 0) return { reasoning: "I had better look.", text: "Let me look.", calls: [{ name: "get_weather", arguments: { city: "Kraków" } }, { name: "get_weather", arguments: { city: "Łódź" } }], usage };
  return { reasoning: "Now I know.", text: `It is ${results.map(({ text }) => text).join(" and ")}.`, usage };
}

let world: World;
beforeAll(() => {
  world = startWorld({ script: model });
});
afterAll(() => world.close());

/** The Vercel AI SDK's own clients of each dialect, as its users set them up. */
const PROVIDERS: Readonly<Record<string, (origin: string, name: string) => LanguageModel>> = {
  "openai.chat": (origin, name) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: CLIENT_KEY }).chat(name),
  "openai.responses": (origin, name) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: CLIENT_KEY }).responses(name),
  "anthropic": (origin, name) => createAnthropic({ baseURL: `${origin}/v1`, apiKey: CLIENT_KEY })(name),
  "google": (origin, name) => createGoogleGenerativeAI({ baseURL: `${origin}/v1beta`, apiKey: CLIENT_KEY })(name),
};

const SUNNY = "It is sunny in Kraków and sunny in Łódź.";

/** What the model hears of two results. Google's client writes each as an object of its own making. */
const TOLD: Readonly<Record<string, string>> = {
  google: 'It is {"name":"get_weather","content":"sunny in Kraków"} and {"name":"get_weather","content":"sunny in Łódź"}.',
};

/** How each is told to think. */
const THINKING = {
  openai: { reasoningEffort: "medium", reasoningSummary: "auto", store: false, include: ["reasoning.encrypted_content"], forceReasoning: true },
  anthropic: { thinking: { type: "enabled", budgetTokens: 2048 } },
  google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } },
};

const tools = {
  get_weather: tool({
    description: "Weather of a city.",
    inputSchema: jsonSchema<{ city: string }>({ type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false }),
    execute: ({ city }) => Promise.resolve(`sunny in ${city}`),
  }),
};

for (const [provider, open] of Object.entries(PROVIDERS)) {
  for (const [upstream, name] of Object.entries(MODELS)) {
    describe(`ai, ${provider} → ${upstream}`, () => {
      const settings = () => ({ model: open(world.origin, name), maxRetries: 0 });
      const violations = (): unknown => world.upstream(upstream).simulator.seen.at(-1)?.violations;

      test("generateText", async () => {
        const { text, finishReason, usage: counted } = await generateText({ ...settings(), system: "Be brief.", prompt: "Zażółć 🦆" });
        expect({ text, finishReason }).toEqual({ text: "You said: Zażółć 🦆", finishReason: "stop" });
        expect([counted.inputTokens, counted.outputTokens]).toEqual([50, 20]);
        expect(counted.inputTokenDetails.cacheReadTokens).toBe(10);
      });

      test("streamText", async () => {
        const result = streamText({ ...settings(), prompt: "Zażółć 🦆" });
        let text = "";
        for await (const piece of result.textStream) text += piece;
        expect(text).toBe("You said: Zażółć 🦆");
        expect(await result.finishReason).toBe("stop");
        expect((await result.usage).outputTokens).toBe(20);
      });

      test("generateText with a tool loop and thinking", async () => {
        const { text, steps } = await generateText({ ...settings(), tools, stopWhen: stepCountIs(4), prompt: "Weather?", providerOptions: THINKING });
        expect(text).toBe(TOLD[provider] ?? SUNNY);
        expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
        expect(steps[0]?.text).toBe("Let me look.");
        expect(violations()).toEqual([]);
      });

      test("streamText with a tool loop and thinking", async () => {
        const errors: unknown[] = [];
        const result = streamText({ ...settings(), tools, stopWhen: stepCountIs(4), prompt: "Weather?", providerOptions: THINKING, onError: ({ error }) => void errors.push(error) });
        let last = "";
        for await (const part of result.fullStream) {
          if (part.type === "start-step") last = "";
          if (part.type === "text-delta") last += part.text;
        }
        expect(errors).toEqual([]);
        expect(last).toBe(TOLD[provider] ?? SUNNY);
        expect((await result.steps).flatMap(({ toolCalls }) => toolCalls.map(({ input }) => input))).toEqual([{ city: "Kraków" }, { city: "Łódź" }]);
        expect(violations()).toEqual([]);
      });

      test("an object by a schema", async () => {
        const schema = jsonSchema<{ city: string; people: number }>({ type: "object", properties: { city: { type: "string" }, people: { type: "integer" } }, required: ["city", "people"], additionalProperties: false });
        const { output } = await generateText({ ...settings(), prompt: "Answer in JSON", output: Output.object({ schema }) });
        expect(output).toEqual({ city: "Łódź", people: 7 });
      });
    });
  }
}
