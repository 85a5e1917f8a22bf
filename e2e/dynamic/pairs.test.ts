import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Act } from "@dragoman/gateway/testing";
import { ask, DIALECTS, isWhole, readEvents, streamText, wholeText } from "../kit/calls.ts";
import { MODELS } from "../kit/world.ts";
import { startDynamicWorld, THEIR_KEY, type DynamicWorld } from "./dynamic-world.ts";

const ANSWER: Act = { text: "Hello there.", usage: { input: 12, output: 5 } };

let world: DynamicWorld;
beforeAll(() => {
  world = startDynamicWorld({ script: () => ANSWER });
});
afterAll(() => world.close());

describe.each(DIALECTS.flatMap((client) => DIALECTS.map((upstream) => [client, upstream] as const)))("%s to %s, named in the path", (client, upstream) => {
  test.each([false, true])("is answered (streamed: %p) by the path's model, under the client's name for it", async (stream) => {
    const before = world.attempts.length;
    const reply = await ask(world.at(upstream), client, { model: "my-name-for-it", stream, key: THEIR_KEY, prompt: "hi" });
    const text = await reply.text();
    expect(reply.status, text).toBe(200);
    if (stream) {
      const { events } = readEvents(text);
      expect(streamText(client, events)).toBe("Hello there.");
      expect(isWhole(client, events)).toBe(true);
    } else expect(wholeText(client, JSON.parse(text))).toBe("Hello there.");
    expect(text).toContain("my-name-for-it");
    expect(text).not.toContain(MODELS[upstream] ?? "");
    const { simulator, origin } = world.upstream(upstream);
    expect(simulator.seen.at(-1)?.violations).toEqual([]);
    expect(world.attempts.slice(before)).toMatchObject([{
      provider: new URL(origin).host, modelAsked: "my-name-for-it", modelUpstream: MODELS[upstream], clientDialect: client, upstreamDialect: upstream,
      outcome: "succeeded", streamed: stream, passthrough: client === upstream, principal: "anonymous", usage: { inputFresh: 12, outputVisible: 5 },
    }]);
  });
});
