// What SillyTavern sends for "Chat Completion", source "Custom (OpenAI-compatible)": the fields of its
// src/endpoints/backends/chat-completions.js, where those that are not set are left out (read 2026-11).
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A reply of a character, after the examples, the chat so far and a picture, with a beginning put into its mouth. */
const MESSAGES = [
  { role: "system", content: "Write Seraphina's next reply in a fictional chat between Seraphina and User." },
  { role: "system", name: "example_user", content: "Hi." },
  { role: "system", name: "example_assistant", content: "*smiles* Hello." },
  { role: "system", content: "[Start a new Chat]" },
  { role: "assistant", content: "*She looks up.* You are awake." },
  { role: "user", content: [{ type: "text", text: "Where am I? This is what I see." }, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}`, detail: "auto" } }] },
];

const SAMPLING = { temperature: 1, max_tokens: 300, presence_penalty: 0, frequency_penalty: 0, top_p: 1, stop: ["\nUser:", "\nSeraphina:"], logit_bias: {} };

let world: World;
beforeAll(() => {
  world = startWorld({ script: () => ({ text: "In the glade.", reasoning: "He is lost." }) });
});
afterAll(() => world.close());

function generate(model: string, more: Record<string, unknown> = {}): Promise<Response> {
  return fetch(`${world.origin}/v1/chat/completions`, {
    method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}` },
    body: JSON.stringify({ messages: MESSAGES, model, stream: false, ...SAMPLING, ...more }),
  });
}

/** Those whose own API knows several answers to one question. */
const SEVERAL: ReadonlySet<string> = new Set(["openai-chat", "gemini-generate-content"]);

interface Choice {
  readonly message?: { readonly content?: string; readonly reasoning_content?: string };
  readonly delta?: { readonly content?: string; readonly reasoning_content?: string };
  readonly finish_reason?: string | null;
}

async function choices(reply: Response): Promise<readonly Choice[]> {
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${reply.status} ${text}`);
  return (JSON.parse(text) as { choices: Choice[] }).choices;
}

/** What it puts together of a stream. */
function joined(text: string, name: "content" | "reasoning_content"): string {
  const frames = text.split("\n\n").filter((frame) => frame.startsWith("data: {")).map((frame) => JSON.parse(frame.slice("data: ".length)) as { choices: Choice[] });
  return frames.map(({ choices: [choice] }) => choice?.delta?.[name] ?? "").join("");
}

test("its connection test finds the models", async () => {
  const reply = await fetch(`${world.origin}/v1/models`, { headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}` } });
  const { data } = (await reply.json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values(MODELS)));
});

describe.each(Object.entries(MODELS))("a model behind %s", (dialect, model) => {
  test("answers whole, and says what it thought", async () => {
    const [choice] = await choices(await generate(model));
    expect(choice?.message?.content).toBe("In the glade.");
    expect(choice?.finish_reason).toBe("stop");
    expect(JSON.stringify(world.upstream(dialect).simulator.seen.at(-1)?.body)).toContain(PNG);
  });

  test("answers as a stream that it can put together", async () => {
    const text = await (await generate(model, { stream: true })).text();
    expect(joined(text, "content")).toBe("In the glade.");
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  test("goes on with what was put into its mouth, or begins anew, and never fails for it", async () => {
    const reply = await choices(await generate(model, { messages: [...MESSAGES, { role: "assistant", content: "*She whispers:*" }] }));
    expect(reply[0]?.message?.content).toContain("In the glade.");
  });

  test("takes the rarer settings: a seed, a bias, an effort, names of the examples", async () => {
    const [choice] = await choices(await generate(model, { seed: 7, n: 1, logit_bias: { "50256": -100 }, reasoning_effort: "low" }));
    expect(choice?.message?.content).toBe("In the glade.");
  });

  test("asks for several swipes at once, or says that there are none", async () => {
    const reply = await generate(model, { n: 2 });
    if (reply.ok) expect(JSON.stringify(world.upstream(dialect).simulator.seen.at(-1)?.body)).toMatch(/"(n|candidateCount)":2/);
    else expect([reply.status, await reply.json()]).toEqual([400, { error: expect.objectContaining({ param: "n", code: "unsupported_parameter" }) }]);
    expect(reply.ok).toBe(SEVERAL.has(dialect));
  });
});

test("thoughts are shown where the model has them", async () => {
  const model = MODELS["anthropic-messages"] ?? "";
  const [choice] = await choices(await generate(`${model}-thinking`, { max_tokens: 20_480 }));
  expect(choice?.message?.reasoning_content).toBe("He is lost.");
  const text = await (await generate(`${model}-thinking`, { max_tokens: 20_480, stream: true })).text();
  expect(joined(text, "reasoning_content")).toBe("He is lost.");
});

test("a wrong key is refused in words that it shows", async () => {
  const reply = await fetch(`${world.origin}/v1/models`, { headers: { authorization: "Bearer wrong" } });
  expect([reply.status, await reply.json()]).toEqual([401, { error: expect.objectContaining({ message: "Invalid API key" }) }]);
});
