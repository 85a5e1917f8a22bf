import { afterEach, describe, expect, test } from "bun:test";
import { startOffice, type Answer, type RunningOffice } from "../../kit/office.ts";
import { listen, type Listening } from "../../kit/running.ts";

let office: RunningOffice;
afterEach(() => office.close());
const codes = ({ status, body }: Answer): unknown[] => [status, body];

describe("GET /model-definitions/{channel}", () => {
  test.each(["claude", "codex", "gemini", "xai", "Claude", "moonshot"])("%s: the built-in list", async (channel) => {
    office = await startOffice();
    const { status, body } = await office.get(`/model-definitions/${channel}`) as Answer & { body: { channel: string; models: { id: string; object: string; owned_by: string }[] } };
    expect([status, body.channel]).toEqual([200, channel.toLowerCase()]);
    expect(body.models.length).toBeGreaterThan(2);
    for (const model of body.models) expect(model).toMatchObject({ id: expect.any(String), object: "model", owned_by: expect.any(String) });
  });

  test("an unknown one", async () => {
    office = await startOffice();
    expect(codes(await office.get("/model-definitions/nobody"))).toEqual([400, { error: "unknown channel" }]);
  });
});

describe("GET /latest-version", () => {
  let feed: Listening;
  let answer: () => Response;
  const start = async (): Promise<void> => {
    feed = listen(() => answer());
    office = await startOffice({ more: `update-url: ${feed.origin}/latest\n` });
  };

  test("nobody is asked without an address", async () => {
    let asked = 0;
    office = await startOffice({ ports: { fetch: async () => (asked++, new Response()) } });
    expect(codes(await office.get("/latest-version"))).toEqual([502, { error: "request_failed", message: expect.stringContaining("update-url") }]);
    expect(asked).toBe(0);
  });

  test.each([["tag_name", "v7.2.140"], ["version", "0.2.0"]])("a feed that says %s", async (name, version) => {
    answer = () => Response.json({ [name]: version });
    await start();
    expect(codes(await office.get("/latest-version"))).toEqual([200, { "latest-version": version }]);
    await feed.close();
  });

  test("what goes wrong has its word", async () => {
    answer = () => new Response("", { status: 404 });
    await start();
    expect(await office.get("/latest-version")).toMatchObject({ status: 502, body: { error: "unexpected_status", message: expect.stringContaining("404") } });
    answer = () => new Response("<html>");
    expect(await office.get("/latest-version")).toMatchObject({ status: 502, body: { error: "decode_failed" } });
    answer = () => Response.json({ nothing: true });
    expect(await office.get("/latest-version")).toMatchObject({ status: 502, body: { error: "invalid_response" } });
    await feed.close();
    expect(await office.get("/latest-version")).toMatchObject({ status: 502, body: { error: "request_failed" } });
  });
});
