import { describe, expect, test } from "bun:test";
import { type Provider, PROVIDERS } from "@dragoman/core";
import { findLocalServers } from "./local-servers.ts";

const provider = (more: Partial<Provider> & { readonly id: string }): Provider => ({
  name: more.id, baseUrl: "http://127.0.0.1:1", dialects: { "openai-chat": {} }, auth: { kind: "api-key", header: "authorization" }, ...more,
});

describe("findLocalServers", () => {
  const listing = { path: "/v1/models", listAt: "data", idAt: "id" };
  const local = (id: string, port: number, more: Partial<Provider> = {}): Provider => provider({ id, baseUrl: `http://localhost:${port}`, local: true, listing, ...more });
  const json = (body: unknown, status = 200): Promise<Response> => Promise.resolve(Response.json(body, { status }));

  test("asks each local provider for its list, by address", async () => {
    const asked: string[] = [];
    const found = await findLocalServers((url) => {
      asked.push(url);
      return json({ data: [{ id: "models/llama" }, { id: "qwen" }] });
    }, [local("a", 1, { listing: { ...listing, stripPrefix: "models/" } }), provider({ id: "remote", listing })]);
    expect(asked).toEqual(["http://127.0.0.1:1/v1/models"]);
    expect(found).toEqual([{ providerId: "a", name: "a", baseUrl: "http://127.0.0.1:1", models: [{ id: "llama" }, { id: "qwen" }] }]);
  });

  test("nobody, somebody else, an error and nonsense are no servers; one without models is", async () => {
    const replies: Record<string, () => Promise<Response>> = {
      "1": () => Promise.reject(new TypeError("refused")),
      "2": () => Promise.resolve(new Response("<html>")),
      "3": () => json({ data: [{ id: "x" }] }, 401),
      "4": () => json({ data: [{ name: "x" }] }),
      "5": () => json(null),
      "6": () => json({ object: "list", data: null }),
      "7": () => json({ models: [] }),
    };
    const found = await findLocalServers((url) => replies[new URL(url).port]?.() ?? Promise.reject(new Error("unasked")), Object.keys(replies).map((port) => local(port, Number(port))));
    expect(found.map(({ name, models }) => [name, models.length])).toEqual([["6", 0]]);
  });

  test("waits 300 ms for all together, also when the answer stops half way or the signal is ignored", async () => {
    const never = new Promise<never>(() => undefined);
    const halfWay = new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"data":[')) }));
    const startedAt = performance.now();
    const found = await findLocalServers((url) => (url.includes(":1/") ? never : Promise.resolve(halfWay)), [local("a", 1), local("b", 2)]);
    expect(found).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
  });

  test("the usual servers are known", () => {
    const asked: string[] = [];
    void findLocalServers((url) => {
      asked.push(url);
      return json({});
    }, PROVIDERS);
    expect(asked.map((url) => new URL(url).host).toSorted()).toEqual(["127.0.0.1:11434", "127.0.0.1:1234", "127.0.0.1:8000", "127.0.0.1:8080"]);
  });
});
