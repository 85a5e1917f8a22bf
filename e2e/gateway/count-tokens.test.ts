import { afterAll, beforeAll, expect, test } from "bun:test";
import { at } from "../kit/calls.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

let world: World;
beforeAll(() => {
  world = startWorld({ script: () => ({ text: "never asked" }) });
});
afterAll(() => world.close());

const count = async (body: Record<string, unknown>): Promise<number> => {
  const response = await fetch(`${world.origin}/v1/messages/count_tokens`, {
    method: "POST", headers: { "content-type": "application/json", "x-api-key": CLIENT_KEY, "anthropic-version": "2023-06-01" }, body: JSON.stringify({ model: MODELS["openai-chat"], ...body }),
  });
  expect(response.status).toBe(200);
  return Number(at(await response.json(), "input_tokens"));
};
const user = (content: unknown): Record<string, unknown> => ({ messages: [{ role: "user", content }] });

test("where the upstream cannot count, everything that the model reads is counted here, and nobody is asked to answer", async () => {
  const plain = await count(user("What is this?"));
  expect(plain).toBeGreaterThan(4);
  expect(plain).toBeLessThan(20);
  expect(await count({ ...user("What is this?"), system: "You know ten words of Latin." })).toBeGreaterThan(plain + 5);
  // The data of a picture is long; what it costs is not.
  const picture = { type: "image", source: { type: "base64", media_type: "image/webp", data: "UklGR".padEnd(400_000, "A") } };
  const withPicture = await count(user([picture, { type: "text", text: "What is this?" }]));
  expect(withPicture).toBeGreaterThan(plain + 1500);
  expect(withPicture).toBeLessThan(plain + 1800);
  expect(world.upstream("openai-chat").simulator.seen).toEqual([]);
});
