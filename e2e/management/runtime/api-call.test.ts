import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { namedFiles } from "../../../packages/server/src/host/named-files.ts";
import { startOffice, type Answer, type RunningOffice } from "../../kit/office.ts";
import { startHttpProxy } from "../../kit/proxies.ts";
import { listen, type Listening } from "../../kit/running.ts";
import { yaml } from "./upstream-office.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let office: RunningOffice;
let vendor: Listening;
let seen: Seen[];
let directory: string;

beforeEach(async () => {
  seen = [];
  vendor = listen(async (request) => {
    const { pathname, search } = new URL(request.url);
    seen.push({ method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers.entries()), body: await request.text() });
    return new Response('{"object":"list"}', { status: pathname === "/broken" ? 500 : 200, headers: { "content-type": "application/json", "x-limit-left": "3" } });
  });
  office = await startOffice({
    more: yaml({ "claude-api-key": [{ "api-key": "sk-ant-secret-key", "base-url": "https://relay.example" }] }),
    office: { authFiles: namedFiles(() => directory) },
  });
  directory = join(office.directory, "auths");
  mkdirSync(directory);
});
afterEach(async () => {
  await office.close();
  await vendor.close();
});

const codes = ({ status, body }: Answer): unknown[] => [status, body];
const call = (body: unknown): Promise<Answer> => office.call("POST", "/api-call", { body });
const claudeIndex = async (): Promise<string> => {
  const { body } = await office.get("/providers") as { body: { upstreams: { credentials: { index: string }[] }[] } };
  return body.upstreams[0]?.credentials[0]?.index ?? "";
};
const loginIndex = async (name: string, content: object): Promise<string> => {
  writeFileSync(join(directory, name), JSON.stringify(content));
  const { body } = await office.get(`/auth-files?name=${name}`) as { body: { files: { auth_index: string }[] } };
  return body.files[0]?.auth_index ?? "";
};

describe("a call", () => {
  test("with a configured key in place of $TOKEN$", async () => {
    const answer = await call({ auth_index: await claudeIndex(), method: "post", url: `${vendor.origin}/v1/models?x=1`, header: { Authorization: "Bearer $TOKEN$", "X-Twice": "$TOKEN$/$TOKEN$", Accept: "application/json" }, data: '{"a":1}' });
    expect(codes(answer)).toEqual([200, { status_code: 200, header: expect.objectContaining({ "Content-Type": ["application/json"], "X-Limit-Left": ["3"] }), body: '{"object":"list"}' }]);
    expect(seen).toMatchObject([{ method: "POST", path: "/v1/models?x=1", body: '{"a":1}', headers: { authorization: "Bearer sk-ant-secret-key", "x-twice": "sk-ant-secret-key/sk-ant-secret-key", accept: "application/json" } }]);
  });

  test("the upstream's status is not this one's", async () => {
    expect(await call({ method: "GET", url: `${vendor.origin}/broken` })).toMatchObject({ status: 200, body: { status_code: 500 } });
    expect(seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test("a Host header is the request's host", async () => {
    await call({ method: "GET", url: vendor.origin, header: { Host: "elsewhere.example" } });
    expect(seen[0]?.headers.host).toBe("elsewhere.example");
  });

  test.each(["authIndex", "AuthIndex"])("%s is auth_index", async (name) => {
    await call({ [name]: await claudeIndex(), method: "GET", url: vendor.origin, header: { "x-api-key": "$TOKEN$" } });
    expect(seen[0]?.headers["x-api-key"]).toBe("sk-ant-secret-key");
  });
});

describe("the token of a stored login", () => {
  const tokenOf = async (content: object): Promise<unknown> => {
    const answer = await call({ auth_index: await loginIndex("a.json", content), method: "GET", url: vendor.origin, header: { authorization: "$TOKEN$" } });
    return answer.status === 200 ? seen.at(-1)?.headers.authorization : answer.body;
  };

  test("is the access token first, the plain key last", async () => {
    const all = { access_token: "at", token: { access_token: "nested", id_token: "nested-id" }, id_token: "id", cookie: "ck", api_key: "key" };
    expect(await tokenOf(all)).toBe("at");
    expect(await tokenOf({ ...all, access_token: "" })).toBe("nested");
    expect(await tokenOf({ ...all, access_token: "", token: "plain" })).toBe("plain");
    expect(await tokenOf({ id_token: "id", cookie: "ck", api_key: "key" })).toBe("id");
    expect(await tokenOf({ cookie: "ck", api_key: "key" })).toBe("ck");
    expect(await tokenOf({ api_key: "key" })).toBe("key");
    expect(await tokenOf({ api_key: "k$&y" })).toBe("k$&y");
  });

  test("one that has run out cannot be renewed yet", async () => {
    const soon = new Date(office.clock.now() + 60_000).toISOString();
    expect(await tokenOf({ access_token: "at", refresh_token: "rt", expired: soon })).toBe("at");
    office.clock.advance(61_000);
    expect(await tokenOf({ access_token: "at", refresh_token: "rt", expired: soon })).toEqual({ error: "auth token refresh failed" });
    expect(await tokenOf({ access_token: "at", expires_at: Math.floor(office.clock.now() / 1000) - 5 })).toEqual({ error: "auth token refresh failed" });
  });
});

describe("proxies", () => {
  test("the request's own, then the login's, then the global one", async () => {
    const proxies = [await startHttpProxy(), await startHttpProxy(), await startHttpProxy()] as const;
    const [own, login, global] = proxies;
    const index = await loginIndex("a.json", { access_token: "at", proxy_url: login.url });
    await office.keeper.change((tree) => ({ ...tree, "proxy-url": global.url }));
    const url = vendor.origin;
    await call({ auth_index: index, method: "GET", url, proxy_url: own.url });
    expect(proxies.map(({ targets }) => targets.length)).toEqual([1, 0, 0]);
    await call({ auth_index: index, method: "GET", url });
    expect(proxies.map(({ targets }) => targets.length)).toEqual([1, 1, 0]);
    await call({ method: "GET", url });
    expect(proxies.map(({ targets }) => targets.length)).toEqual([1, 1, 1]);
    for (const proxy_url of ["direct", "NONE"]) await call({ auth_index: index, method: "GET", url, proxy_url });
    expect(proxies.map(({ targets }) => targets.length)).toEqual([1, 1, 1]);
    expect(seen).toHaveLength(5);
    for (const proxy of proxies) await proxy.close();
  });
});

describe("refusals", () => {
  test("what cannot be asked", async () => {
    const url = vendor.origin;
    expect(codes(await call("{"))).toEqual([400, { error: "invalid body" }]);
    expect(codes(await call({ method: "GET", url, header: { a: 1 } }))).toEqual([400, { error: "invalid body" }]);
    expect(codes(await call({ url }))).toEqual([400, { error: "missing method" }]);
    expect(codes(await call({ method: "GET" }))).toEqual([400, { error: "missing url" }]);
    for (const bad of ["/v1/models", "ftp://example.com/", "file:///etc/passwd", "data:,x", "http://", "javascript:1"]) expect(codes(await call({ method: "GET", url: bad }))).toEqual([400, { error: "invalid url" }]);
    expect(codes(await call({ method: "GET", url, proxy_url: "gopher://x" }))).toEqual([400, { error: "invalid proxy_url" }]);
    expect(codes(await call({ method: "G ET", url }))).toEqual([400, { error: "failed to build request" }]);
    expect(codes(await call({ method: "GET", url, header: { "bad name": "x" } }))).toEqual([400, { error: "failed to build request" }]);
    expect(seen).toEqual([]);
  });

  test("no token", async () => {
    const wants = { method: "GET", url: vendor.origin, header: { authorization: "Bearer $TOKEN$" } };
    expect(codes(await call(wants))).toEqual([400, { error: "auth token not found" }]);
    expect(codes(await call({ ...wants, auth_index: "ffffffffffffffff" }))).toEqual([400, { error: "auth token not found" }]);
    expect(codes(await call({ ...wants, auth_index: await loginIndex("empty.json", { type: "codex" }) }))).toEqual([400, { error: "auth token not found" }]);
    expect(seen).toEqual([]);
  });

  test("a body without an end is not read to its end", async () => {
    await office.keeper.change((tree) => ({ ...tree, limits: { "max-body-bytes": 100_000 } }));
    let stopped = false;
    const chunk = new Uint8Array(65_536).fill(97);
    const bottomless = listen(() => new Response(new ReadableStream({ pull: (control) => control.enqueue(chunk), cancel: () => void (stopped = true) })));
    expect(codes(await call({ method: "GET", url: bottomless.origin }))).toEqual([502, { error: "failed to read response" }]);
    while (!stopped) await Bun.sleep(1);
    await bottomless.close();
  });

  test("who cannot be reached; and the token is told nowhere", async () => {
    const gone = listen(() => new Response());
    await gone.close();
    const index = await claudeIndex();
    const answers = [
      await call({ auth_index: index, method: "GET", url: `${gone.origin}/x`, header: { authorization: "Bearer $TOKEN$" } }),
      await call({ auth_index: index, method: "GET", url: vendor.origin, header: { "x-bad": "$TOKEN$\n" , "y": "\u0000$TOKEN$" } }),
    ];
    expect(answers.map(codes)).toEqual([[502, { error: "request failed" }], [400, { error: "failed to build request" }]]);
    expect((await office.get("/audit")).body).toEqual({ entries: [] });
    const everything = [...answers.map(({ text }) => text), ...office.log.map((line) => JSON.stringify(line)), (await office.get("/audit")).text].join("\n");
    expect(everything).not.toContain("secret-key");
  });
});
