import { afterAll, beforeAll, expect, test } from "bun:test";
import { ask, at, readEvents, type WireEvent } from "../kit/calls.ts";
import { MANAGEMENT_KEY } from "../kit/office.ts";
import { startObserved, type ObservedWorld } from "./observe-world.ts";

let world: ObservedWorld;

beforeAll(async () => {
  world = await startObserved({ eventPauseMs: 4, script: () => ({ text: "a rather long answer in many pieces ".repeat(12), usage: { input: 3, output: 9 } }) });
});
afterAll(() => world.close());

/** Reads events until one of them is the one. */
async function watch(until: (event: WireEvent) => boolean, begin: () => void): Promise<readonly WireEvent[]> {
  const response = await fetch(`${world.origin}/v0/management/live/events`, { headers: { authorization: `Bearer ${MANAGEMENT_KEY}` } });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const decoder = new TextDecoder();
  let text = "";
  let begun = false;
  const reader = response.body?.getReader();
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    if (done) throw new Error(`ended early: ${text}`);
    text += decoder.decode(value, { stream: true });
    if (!begun) begin();
    begun = true;
    const { events } = readEvents(text.slice(0, text.lastIndexOf("\n\n") + 2));
    if (events.some(until)) {
      await reader?.cancel();
      return events;
    }
  }
}

test("a request is told as it runs and when it ends, and not for each of its events", async () => {
  let id = "";
  const events = await watch(({ value }) => id !== "" && at(value, "requestId") === id && at(value, "state") === "succeeded", () => {
    void ask(world.origin, "anthropic-messages", { model: "sim-chat", stream: true }).then(async (response) => {
      id = response.headers.get("x-request-id") ?? "";
      await response.text();
    });
  });
  const states = events.filter(({ value }) => at(value, "requestId") === id).map(({ event, value }) => `${event} ${String(at(value, "state"))}`);
  expect(states[0]).toBe("request running");
  expect(states.at(-1)).toBe("request succeeded");
  expect(states.length).toBeLessThan(10);
  const last = events.at(-1)?.value;
  expect(last).toMatchObject({ streamed: true, modelAsked: "sim-chat", inputTokens: 3, outputTokens: 9, status: 200 });
  expect(Number(at(last, "firstEventMs"))).toBeGreaterThanOrEqual(0);
  expect(Number(at(last, "durationMs"))).toBeGreaterThanOrEqual(Number(at(last, "firstEventMs")));
});

test("nobody is told any more who has left", async () => {
  const watchers = async (): Promise<string | undefined> => /^dragoman_live_watchers (\d+)$/m.exec((await world.get("//metrics")).text)?.[1];
  const leave = new AbortController();
  const response = await fetch(`${world.origin}/v0/management/live/events`, { headers: { authorization: `Bearer ${MANAGEMENT_KEY}` }, signal: leave.signal });
  await response.body?.getReader().read();
  expect(await watchers()).toBe("1");
  leave.abort();
  for (let tried = 0; tried < 100 && (await watchers()) !== "0"; tried++) await Bun.sleep(20);
  expect(await watchers()).toBe("0");
});

test("a client that leaves is told as one that left", async () => {
  const leave = new AbortController();
  let id = "";
  const events = await watch(({ value }) => id !== "" && at(value, "requestId") === id && at(value, "state") === "cancelled", () => {
    void ask(world.origin, "openai-chat", { model: "sim-chat", stream: true, signal: leave.signal }).then(async (response) => {
      id = response.headers.get("x-request-id") ?? "";
      await response.body?.getReader().read();
      leave.abort();
    });
  });
  expect(at(events.at(-1)?.value, "status")).toBe(499);
});
