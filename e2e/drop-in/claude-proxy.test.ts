// Who ran claude_proxy keeps the haiku variables. Routes in paths are proved in dynamic-routes.test.ts.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Question } from "@dragoman/gateway/testing";
import { ask, at, DIALECTS, readEvents, wholeText } from "../kit/calls.ts";
import { usualConfig, CLIENT_KEY, startOffice, type RunningOffice } from "../kit/office.ts";
import { BACKEND_KEY, startBackend, type Backend } from "./old-env-world.ts";

const OTHER_KEY = "sk-other-secret-0002";
let backend: Backend;
let other: Backend;
let moved: RunningOffice;
let asked: Question | undefined;

beforeAll(async () => {
  backend = startBackend((question) => {
    asked = question;
    return { text: "short", usage: { input: 12, output: 3 } };
  });
  other = startBackend(() => ({ text: "from elsewhere" }), [OTHER_KEY]);
  moved = await startOffice({
    environment: { HAIKU_MODEL_NAME: "gpt-4o-mini", HAIKU_BASE_URL: `${backend.origin}/v1`, HAIKU_API_KEY: BACKEND_KEY },
    config: usualConfig(`openai-compatibility: ${JSON.stringify([{ name: "other", "base-url": `${other.origin}/v1`, "api-key-entries": [{ "api-key": OTHER_KEY }], models: [{ name: "claude-haiku-4-5" }, { name: "big" }] }])}\n`),
  });
});
afterAll(() => Promise.all([moved.close(), backend.close(), other.close()]));

describe("names with haiku in them", () => {
  test.each([["haiku"], ["claude-3-5-haiku-20241022"], ["Claude-HAIKU-latest"], ["claude-haiku-4-5"]])("%s leads to the upstream of the variables, whoever else has it", async (model) => {
    const reply = await (await ask(moved.origin, "anthropic-messages", { model })).json();
    expect([at(reply, "model"), at(reply, "content", 0, "text"), at(reply, "usage", "input_tokens"), asked?.model]).toEqual([model, "short", 12, "gpt-4o-mini"]);
    expect(backend.simulator.seen.at(-1)?.headers.get("authorization")).toBe(`Bearer ${BACKEND_KEY}`);
  });

  test("streamed with the name that the client said, and real usage", async () => {
    const { events } = readEvents(await (await ask(moved.origin, "anthropic-messages", { model: "claude-3-haiku", stream: true })).text());
    expect(at(events[0]?.value, "message", "model")).toBe("claude-3-haiku");
    expect(events.find(({ event }) => event === "message_delta")?.value).toMatchObject({ usage: { output_tokens: 3 } });
  });

  test("in every dialect", async () => {
    for (const dialect of DIALECTS) expect(wholeText(dialect, await (await ask(moved.origin, dialect, { model: "claude-3-haiku" })).json())).toBe("short");
  });

  test("other names stay where they are, and the upstream's own name is not offered", async () => {
    expect(wholeText("openai-chat", await (await ask(moved.origin, "openai-chat", { model: "big" })).json())).toBe("from elsewhere");
    expect((await ask(moved.origin, "openai-chat", { model: "gpt-4o-mini" })).status).toBe(404);
    const models = (await (await fetch(`${moved.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id).toSorted()).toEqual(["big", "claude-haiku-4-5", "haiku"]);
  });
});

test("who names a haiku model without a client's key spends nothing of the operator's", async () => {
  const before = backend.simulator.seen.length;
  for (const key of ["", "sk-guess", BACKEND_KEY]) expect((await ask(moved.origin, "anthropic-messages", { model: "claude-3-5-haiku-20241022", key })).status).toBe(401);
  expect(backend.simulator.seen.length).toBe(before);
});
