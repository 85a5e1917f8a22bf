import { describe, expect, test } from "bun:test";
import { GatewayError } from "@dragoman/core";
import { z } from "zod";
import { DEFAULT_CONFIG } from "../config/index.ts";
import { StoreConflict } from "../store/port.ts";
import { defineOperation } from "./contract/operation.ts";
import { ConfigRefused, defineDesk, OfficeError, type Desk } from "./office.ts";
import { openOffice } from "./open-office.ts";

const KEY = "the key";
const common = { tag: "Test", auth: "management" as const, summary: "s" };
const thrower = (path: string, thrown: unknown): Desk => defineDesk(defineOperation({ ...common, id: path.slice(1), method: "GET", path }), () => { throw thrown; });

let cancelled = 0;
const DESKS: readonly Desk[] = [
  defineDesk(defineOperation({ ...common, id: "variable", method: "GET", path: "/things/{id}", params: z.strictObject({ id: z.coerce.number().int() }), query: z.strictObject({ limit: z.coerce.number().max(5).default(3) }) }), ({ params, query }) => ({ id: params.id, limit: query.limit }) as never),
  defineDesk(defineOperation({ ...common, id: "fixed", method: "GET", path: "/things/events" }), () => ({ events: true }) as never),
  defineDesk(defineOperation({ ...common, id: "named", method: "GET", path: "/names/{name}", params: z.strictObject({ name: z.string() }) }), ({ params }) => params as never),
  defineDesk(defineOperation({ ...common, id: "write", method: "POST", path: "/things", status: 201, body: z.strictObject({ inner: z.strictObject({ list: z.array(z.number()) }) }), audit: "thing.made" }), ({ body, note }) => (note("thing", { length: body.inner.list.length }), { made: true }) as never),
  defineDesk(defineOperation({ ...common, id: "any", method: "PUT", path: "/things", body: z.json() }), () => undefined),
  defineDesk(defineOperation({ ...common, id: "raw", method: "POST", path: "/raw", bodyType: "application/octet-stream" }), async ({ request }) => ({ bytes: (await request.arrayBuffer()).byteLength }) as never),
  defineDesk(defineOperation({ ...common, id: "text", method: "PUT", path: "/raw", bodyType: "text/plain", body: z.string() }), ({ body }) => ({ body }) as never),
  defineDesk(defineOperation({ ...common, id: "stream", method: "GET", path: "/stream" }), () => new Response(new ReadableStream({ cancel: () => void cancelled++ }), { headers: { "cache-control": "no-cache" } })),
  defineDesk(defineOperation({ ...common, id: "client", method: "GET", path: "/mine", auth: "client" }), ({ actor }) => ({ principal: actor.principal?.id }) as never),
  thrower("/unknown", new TypeError("secret inside")),
  thrower("/refused", new OfficeError(418, { error: "no", more: 1 })),
  thrower("/conflict", new StoreConflict("taken")),
  thrower("/gateway", new GatewayError("rate_limited", { source: "client", message: "slower", retryAfterMs: 1500 })),
  thrower("/invalid", new ConfigRefused("invalid", "port: no", [{ path: "port", line: 3, message: "no" }])),
  thrower("/syntax", new ConfigRefused("syntax", "not YAML")),
  thrower("/unwritten", new ConfigRefused("write", "EROFS")),
];

interface Entry { readonly [key: string]: unknown }

function open(audit: (entry: Entry) => Promise<void> = () => Promise.resolve(), maxBodyBytes = 100) {
  const log: { event: string; fields: Entry }[] = [];
  const office = openOffice({
    ports: { environmentKey: KEY, config: { current: () => ({ config: DEFAULT_CONFIG }) } },
    engine: {
      ports: { clock: { now: () => 1000 }, ids: { random: (length: number) => "x".repeat(length) }, logger: { log: (_level: string, event: string, fields: Entry) => void log.push({ event, fields }) } },
      guard: { identify: ({ headers }: { headers: Headers }) => { if (headers.get("x-api-key") !== "client") throw new GatewayError("invalid_api_key", { source: "client", message: "Missing API key" }); return { id: "key:1" }; } },
    },
    store: { audit: { append: audit } },
    settings: () => ({ corsOrigins: [], maxBodyBytes }),
  } as unknown as Parameters<typeof openOffice>[0], DESKS);
  const call = async (method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}) => {
    const answered = office.fetch(new Request(`http://gateway${path}`, { method, headers: { "x-management-key": KEY, ...headers }, ...(body !== undefined && { body }) }), { address: "127.0.0.1" });
    const response = await answered;
    if (response === undefined) return undefined;
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text.startsWith("{") ? JSON.parse(text) : text) as unknown };
  };
  return { call, log };
}

describe("finding a desk", () => {
  const { call } = open();

  test("fixed parts go before variable ones; variable ones are decoded", async () => {
    expect((await call("GET", "/things/events"))?.body).toEqual({ events: true });
    expect((await call("GET", "/things/7?limit=4"))?.body).toEqual({ id: 7, limit: 4 });
    expect((await call("GET", "/names/a%20b%2Fc"))?.body).toEqual({ name: "a b/c" });
    expect((await call("GET", "/names/100%"))?.body).toEqual({ name: "100%" });
  });

  test("what is none of the office's is left to others", async () => {
    for (const path of ["/", "/v1/messages", "/thing", "/things/1/2", "/things//", "/names/", "/other"]) expect(await call("GET", path)).toBeUndefined();
    expect(await call("OPTIONS", "/things")).toBeUndefined();
  });

  test("other verbs are told which ones there are", async () => {
    const answer = await call("DELETE", "/things/7");
    expect([answer?.status, answer?.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("HEAD is GET without its body, and ends the stream", async () => {
    const answer = await call("HEAD", "/stream");
    expect([answer?.status, answer?.body, cancelled, answer?.headers.get("cache-control")]).toEqual([200, "", 1, "no-cache"]);
  });
});

describe("reading what came", () => {
  const { call } = open();

  test("faults are told with their place", async () => {
    expect((await call("GET", "/things/x"))?.body).toMatchObject({ path: "id", in: "path" });
    expect((await call("GET", "/things/1?limit=9"))?.body).toMatchObject({ path: "limit", in: "query" });
    expect((await call("GET", "/things/1?no=9"))?.body).toMatchObject({ path: "no", in: "query" });
    expect((await call("POST", "/things", '{"inner":{"list":[1,"x"]}}'))?.body).toMatchObject({ path: "inner.list[1]", in: "body", error: expect.stringContaining("inner.list[1]: ") });
    expect(await call("POST", "/things", "{")).toMatchObject({ status: 400, body: { in: "body" } });
    expect(await call("POST", "/things")).toMatchObject({ status: 400, body: { in: "body" } });
  });

  test("bodies are limited, however they are read", async () => {
    for (const [method, path] of [["POST", "/things"], ["POST", "/raw"], ["PUT", "/raw"]] as const) expect((await call(method, path, "x".repeat(101)))?.status).toBe(413);
    expect((await call("POST", "/raw", "x".repeat(100)))?.body).toEqual({ bytes: 100 });
    expect((await call("PUT", "/raw", "{not json"))?.body).toEqual({ body: "{not json" });
  });

  test("a reply without a value is empty", async () => {
    expect(await call("PUT", "/things", "1")).toMatchObject({ status: 204, body: "" });
  });
});

test("a body that is nested deeper than the stack is the caller's fault", async () => {
  const { call } = open(undefined, 1_000_000);
  expect(await call("PUT", "/things", `${"[".repeat(200_000)}${"]".repeat(200_000)}`)).toMatchObject({ status: 400 });
});

describe("refusals", () => {
  test.each([
    ["/refused", 418, { error: "no", more: 1 }],
    ["/conflict", 409, { error: "taken" }],
    ["/gateway", 429, { error: "slower" }],
    ["/invalid", 422, { error: "invalid_config", message: "port: no", path: "port", problems: [{ path: "port", line: 3, message: "no" }] }],
    ["/syntax", 400, { error: "invalid_yaml", message: "not YAML", problems: [] }],
    ["/unwritten", 500, { error: "failed to save config: EROFS" }],
  ] as const)("%s", async (path, status, body) => {
    const answer = await open().call("GET", path);
    expect([answer?.status, answer?.body]).toEqual([status, body as never]);
  });

  test("what nobody planned is logged with its id, and not told", async () => {
    const { call, log } = open();
    const answer = await call("GET", "/unknown");
    expect([answer?.status, answer?.body]).toEqual([500, { error: "Something went wrong inside the gateway." }]);
    const line = log.find(({ event }) => event === "office.failed");
    expect(line?.fields).toMatchObject({ operation: "unknown", requestId: answer?.headers.get("x-request-id") });
    expect(String(line?.fields.cause)).toContain("secret inside");
  });

  test("clients show a client's key", async () => {
    const { call } = open();
    expect((await call("GET", "/mine", undefined, { "x-api-key": "client" }))?.body).toEqual({ principal: "key:1" });
    expect(await call("GET", "/mine")).toMatchObject({ status: 401, body: { error: "Missing API key" } });
  });
});

describe("the audit log", () => {
  test("holds what was done, by whom, and what the desk noted", async () => {
    const entries: Entry[] = [];
    const { call } = open((entry) => Promise.resolve(void entries.push(entry)));
    expect((await call("POST", "/things", '{"inner":{"list":[1,2]}}'))?.status).toBe(201);
    await call("POST", "/things", "{}");
    await call("PUT", "/things", "1");
    expect(entries).toEqual([{ at: 1000, actor: "environment-key", address: "127.0.0.1", action: "thing.made", target: "thing", details: { length: 2 } }]);
  });

  test("that cannot be written does not undo what was done", async () => {
    const { call, log } = open(() => Promise.reject(new Error("away")));
    expect((await call("POST", "/things", '{"inner":{"list":[]}}'))?.status).toBe(201);
    expect(log.map(({ event }) => event)).toContain("audit.failed");
  });
});
