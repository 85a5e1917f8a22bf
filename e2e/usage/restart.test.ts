import { expect, test } from "bun:test";
import { ask, at } from "../kit/calls.ts";
import { makeHome, startServer } from "../kit/program.ts";
import { CLIENT_KEY, listen } from "../kit/running.ts";

const ANSWER = { id: "c", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content: "four" }, finish_reason: "stop" }], usage: { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010 } };

test("the statistics of a program are there after its restart", async () => {
  const home = makeHome();
  const upstream = listen(() => Response.json(ANSWER));
  home.write("config.yaml", `api-keys: [${CLIENT_KEY}]\ndiscovery: { environment: false, local: false }\nopenai-compatibility: [{ name: up, base-url: "${upstream.origin}/v1", api-key-entries: [{ api-key: sk-up-0000000001 }], models: [{ name: m }] }]\n`);
  const environment = { MANAGEMENT_PASSWORD: "open sesame" };
  const usage = async (origin: string): Promise<unknown> => (await fetch(`${origin}/v0/management/usage`, { headers: { "x-management-key": "open sesame" } })).json();
  try {
    const first = await startServer(home, ["serve", "--json"], environment);
    for (let n = 0; n < 3; n++) await (await ask(first.origin, "openai-chat", { model: "m" })).text();
    const before = await usage(first.origin);
    expect(at(before, "usage")).toMatchObject({ total_requests: 3, total_tokens: 3030 });
    expect(await first.stop()).toBe(0);
    const second = await startServer(home, ["serve", "--json"], environment);
    expect(await usage(second.origin)).toEqual(before);
    await second.stop();
  } finally {
    await upstream.close();
    home.remove();
  }
}, 60_000);
