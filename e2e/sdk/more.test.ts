import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { ApiError } from "@google/genai";
import type { Question, Script } from "@dragoman/gateway/testing";
import OpenAI from "openai";
import { CLIENTS, type Setting } from "../kit/clients/index.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

/** A dot of one pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const LOOK = { name: "look", description: "Looks.", schema: { type: "object", properties: { where: { type: "string" } }, required: ["where"] } };
const ANSWER = { type: "object", properties: { city: { type: "string" }, people: { type: "integer" } }, required: ["city", "people"], additionalProperties: false };
const usage = { input: 9, output: 4 };

let world: World;
beforeAll(() => {
  world = startWorld({ script: () => ({ text: "?" }), config: { "disable-cooling": true } });
});
afterAll(() => world.close());

let last: Question | undefined;
beforeEach(() => {
  last = undefined;
});

function playing(upstream: string, script: Script): void {
  world.upstream(upstream).simulator.script = (question) => {
    last = question;
    return script(question);
  };
}

for (const client of CLIENTS) {
  for (const [upstream, model] of Object.entries(MODELS)) {
    describe(`${client.name} → ${upstream}`, () => {
      const open = (setting: Partial<Setting> = {}): ReturnType<typeof client.open> => client.open(world.origin, CLIENT_KEY, { model, ...setting });

      for (const stream of [false, true]) {
        const mode = stream ? "streamed" : "whole";

        test(`a picture, ${mode}`, async () => {
          playing(upstream, ({ images, prompt }) => ({ text: `${images} with ${prompt}`, usage }));
          const session = open();
          session.user("Look at this", { mimeType: "image/png", base64: PNG });
          expect((await session.ask({ stream })).text).toBe("1 with Look at this");
          expect(JSON.stringify(last?.body)).toContain(PNG);
        });

        test(`a tool that must be called, ${mode}`, async () => {
          playing(upstream, () => ({ calls: [{ name: "look", arguments: { where: "Łódź" } }], usage }));
          const session = open({ tools: [LOOK], forceTool: true });
          session.user("Do it");
          const facts = await session.ask({ stream });
          expect(facts).toMatchObject({ calls: [{ name: "look", arguments: { where: "Łódź" } }], finish: "tools" });
          expect(JSON.stringify(last?.body)).toMatch(/"required"|"any"|"ANY"/);
        });

        test(`an answer by a schema, ${mode}`, async () => {
          playing(upstream, ({ toolNames }) => (toolNames.length > 0
            ? { calls: [{ name: toolNames[0] ?? "", arguments: { city: "Łódź", people: 7 } }], usage }
            : { text: '{"city":"Łódź","people":7}', usage }));
          const session = open({ schema: ANSWER });
          session.user("Which?");
          const { text, finish } = await session.ask({ stream });
          expect(JSON.parse(text)).toEqual({ city: "Łódź", people: 7 });
          expect(finish).toBe("end");
          expect(JSON.stringify(last?.body)).toContain('"people"');
        });

        // Responses has no stop sequences; as an upstream it is cut here instead.
        if (client.dialect !== "openai-responses") {
          test(`stop sequences, ${mode}`, async () => {
            const isCutHere = upstream === "openai-responses";
            playing(upstream, () => ({ text: isCutHere ? "one two HALT three" : "one two ", usage }));
            const session = open({ stop: ["HALT"] });
            session.user("Count");
            const facts = await session.ask({ stream });
            expect(facts).toMatchObject({ text: "one two ", finish: "end" });
            if (!isCutHere) expect(JSON.stringify(last?.body)).toContain("HALT");
          });
        }

        test(`an answer that is cut at its length, ${mode}`, async () => {
          playing(upstream, () => ({ text: "and so on and", finish: "length", usage }));
          const session = open({ maxTokens: 20 });
          session.user("Tell");
          expect(await session.ask({ stream })).toMatchObject({ text: "and so on and", finish: "length" });
        });

        test(`a refusal, ${mode}`, async () => {
          playing(upstream, () => ({ text: "I will not.", finish: "refusal", usage }));
          const session = open();
          session.user("Do harm");
          const facts = await session.ask({ stream });
          expect(facts.finish).toBe(REFUSES_AS_END.has(upstream) && client.dialect === "openai-chat" ? "end" : "refusal");
          // Anthropic's text is no refusal yet, only its stop reason is; Responses needs a part for it.
          const told = client.dialect === "openai-responses" && upstream === "anthropic-messages" ? "The model refused to answer." : "";
          expect(facts.text).toBe(`I will not.${told}`);
        });

        for (const [status, message] of [[429, "Too many"], [400, "top_p is odd"], [403, "Not for you"], [500, "Broken"], [503, "Overloaded"]] as const) {
          test(`${status} is the SDK's own class of error, ${mode}`, async () => {
            playing(upstream, () => ({ trouble: "refuse", status, message }));
            const session = open();
            session.user("Hello");
            const thrown: unknown = await session.ask({ stream }).then(() => undefined, (error: unknown) => error);
            expect(thrown).toBeInstanceOf(classOf(client.dialect, status));
            // Anthropic's word for an overload is 529.
            expect((thrown as { status: number }).status).toBe(client.dialect === "anthropic-messages" && status === 503 ? 529 : status);
            expect((thrown as Error).message).toContain(message);
          });
        }
      }

      test("a model that nobody has, and a key that nobody gave", async () => {
        for (const [key, name, status] of [[CLIENT_KEY, "nobody", 404], ["wrong", model, 401]] as const) {
          const session = client.open(world.origin, key, { model: name });
          session.user("Hello");
          const thrown: unknown = await session.ask().then(() => undefined, (error: unknown) => error);
          expect(thrown).toBeInstanceOf(classOf(client.dialect, status));
          expect((thrown as { status: number }).status).toBe(status);
        }
      });
    });
  }
}

/** OpenAI's models tell a refusal in a field of its own, and finish as ever. */
const REFUSES_AS_END: ReadonlySet<string> = new Set(["openai-chat", "openai-responses"]);

type ErrorClass = abstract new (...parameters: never[]) => Error;

const OPENAI: Readonly<Record<number, ErrorClass>> = { 400: OpenAI.BadRequestError, 401: OpenAI.AuthenticationError, 403: OpenAI.PermissionDeniedError, 404: OpenAI.NotFoundError, 429: OpenAI.RateLimitError };
const ANTHROPIC: Readonly<Record<number, ErrorClass>> = { 400: Anthropic.BadRequestError, 401: Anthropic.AuthenticationError, 403: Anthropic.PermissionDeniedError, 404: Anthropic.NotFoundError, 429: Anthropic.RateLimitError };

function classOf(dialect: string, status: number): ErrorClass {
  if (dialect === "gemini-generate-content") return ApiError;
  return dialect === "anthropic-messages" ? (ANTHROPIC[status] ?? Anthropic.InternalServerError) : (OPENAI[status] ?? OpenAI.InternalServerError);
}

