import { afterEach, expect, test } from "bun:test";
import { CLIENT_KEY, startOffice, type RunningOffice } from "../../kit/office.ts";
import { listen, type Listening } from "../../kit/running.ts";

let office: RunningOffice;
let upstream: Listening;
afterEach(async () => {
  await office.close();
  await upstream.close();
});

interface Sent { readonly model: string; readonly reasoning?: { readonly effort?: string } }

test("with it, gpt-5 goes out as gpt-5-codex, and no effort below low with it", async () => {
  const sent: Sent[] = [];
  upstream = listen(async (request) => {
    sent.push((await request.json()) as Sent);
    return Response.json({ error: { message: "that is all", type: "invalid_request_error" } }, { status: 400 });
  });
  office = await startOffice({ more: `codex-api-key: [{ api-key: k, base-url: "${upstream.origin}/v1" }]\n` });
  const ask = async (model: string, effort: string): Promise<Sent | undefined> => {
    for (const [path, body] of [
      ["//v1/chat/completions", { model, reasoning_effort: effort, messages: [{ role: "user", content: "hi" }] }],
      ["//v1/responses", { model, reasoning: { effort }, store: false, input: "hi" }],
    ] as const) await office.call("POST", path, { key: CLIENT_KEY, body });
    const [translated, passed] = sent.splice(0);
    expect([translated?.model, translated?.reasoning?.effort]).toEqual([passed?.model, passed?.reasoning?.effort]);
    return passed;
  };
  expect(await ask("gpt-5", "minimal")).toMatchObject({ model: "gpt-5", reasoning: { effort: "minimal" } });
  await office.call("PUT", "/force-gpt-5-codex", { body: { value: true } });
  expect(await ask("gpt-5", "minimal")).toMatchObject({ model: "gpt-5-codex", reasoning: { effort: "low" } });
  expect(await ask("gpt-5", "high")).toMatchObject({ model: "gpt-5-codex", reasoning: { effort: "high" } });
  await office.call("PUT", "/force-gpt-5-codex", { body: { value: false } });
  expect(await ask("gpt-5", "minimal")).toMatchObject({ model: "gpt-5", reasoning: { effort: "minimal" } });
});
