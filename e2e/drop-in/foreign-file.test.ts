// Another gateway's file runs this one, and nothing here writes into it.
import { expect, test } from "bun:test";
import { startOffice } from "../kit/office.ts";

const TEXT = JSON.stringify({
  port: 3000, endpoint: [{ name: "openai", base_url: "https://app.factory.ai/api/llm/o/v1/responses" }],
  models: [{ name: "GPT-5", id: "gpt-5-2025-08-07", type: "openai", reasoning: "auto" }], dev_mode: false,
});
const KEY = "management key of the environment";

test("a change in the office is refused with the way to a file of our own, and the file stays as it is", async () => {
  const office = await startOffice({ config: TEXT, office: { environmentKey: KEY } });
  try {
    expect((await office.get("/debug", { key: KEY })).body).toEqual({ debug: false });
    for (const [method, path, body] of [["PUT", "/debug", { value: true }], ["PUT", "/config.yaml", "debug: true\n"], ["PATCH", "/api-keys", { old: "a", new: "b" }]] as const) {
      const refused = await office.call(method, path, { key: KEY, body });
      expect([path, refused.status, refused.body]).toEqual([path, 409, { error: expect.stringContaining("dragoman import droid2api config.yaml") }]);
    }
    expect(office.configText()).toBe(TEXT);
    expect((await office.get("/debug", { key: KEY })).body).toEqual({ debug: false });
  } finally {
    await office.close();
  }
});
