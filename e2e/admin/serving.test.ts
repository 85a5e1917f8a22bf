// How the web interface is served: headers, caching, and what it must leave to the API.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { makeHome, startServer, type Home, type RunningProgram } from "../kit/program.ts";
import { MANAGEMENT_KEY } from "./admin-world.ts";

let home: Home;
let program: RunningProgram;
beforeAll(async () => {
  home = makeHome();
  home.write("config.yaml", `host: "127.0.0.1"\ndiscovery: { environment: false, local: false }\napi-keys: [a-client-key]\nremote-management:\n  secret-key: "${MANAGEMENT_KEY}"\n`);
  program = await startServer(home, ["serve"]);
}, 60_000);
afterAll(async () => {
  await program.stop();
  home.remove();
});

const get = (path: string, headers: Record<string, string> = { accept: "text/html" }): Promise<Response> => fetch(program.origin + path, { headers, redirect: "manual" });
const asset = async (ending: string): Promise<string> => new RegExp(`/admin/assets/[\\w.-]+\\.${ending}`).exec(await (await get("/admin/")).text())?.[0] ?? "";

test("the page comes with a strict policy and is asked for again each time", async () => {
  const response = await get("/admin/");
  expect(response.status).toBe(200);
  const policy = response.headers.get("content-security-policy") ?? "";
  for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:", "font-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]) expect(policy.split("; ")).toContain(rule);
  expect(policy).not.toContain("unsafe");
  expect(Object.fromEntries(["x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "cache-control"].map((name) => [name, response.headers.get(name)]))).toEqual({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin", "cache-control": "no-cache" });
  const html = await response.text();
  expect(html).not.toMatch(/<script(?![^>]*src=)/);
  expect(html).not.toMatch(/ style=|<style/);
});

test("every path of a page is the page; /management.html is as well", async () => {
  const page = await (await get("/admin/")).text();
  for (const path of ["/admin", "/admin/live", "/admin/live/some-request", "/admin/sign-in", "/management.html"]) {
    const response = await get(path);
    expect(response.status, path).toBe(200);
    expect(await response.text(), path).toBe(page);
  }
});

test("assets are kept for ever, compressed, and known by their tag", async () => {
  const path = await asset("js");
  const plain = await get(path, { "accept-encoding": "identity" });
  expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(plain.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  const text = await plain.text();
  for (const encoding of ["br", "gzip"]) {
    const response = await get(path, { "accept-encoding": encoding });
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(Number(response.headers.get("content-length"))).toBeLessThan(text.length / 2);
    expect(await response.text()).toBe(text);
  }
  const again = await get(path, { "if-none-match": plain.headers.get("etag") ?? "" });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await get("/admin/assets/no-such.js")).status).toBe(404);
  expect((await get("/admin/assets/..%2f..%2fpackage.json")).status).toBe(404);
});

test("HEAD answers without a body, and nothing but GET and HEAD is answered", async () => {
  const head = await fetch(`${program.origin}/admin/`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const posted = await fetch(`${program.origin}/admin/`, { method: "POST", headers: { accept: "text/html" } });
  expect([404, 405]).toContain(posted.status);
});

test("what is API below /admin stays API, also for browsers", async () => {
  for (const path of ["/admin/users", "/admin/api-keys", "/admin/api-keys/1"]) {
    const response = await get(path);
    expect(response.headers.get("content-type"), path).toContain("json");
    expect(response.headers.get("content-security-policy"), path).toBeNull();
  }
  const list = await get("/admin/users", { authorization: `Bearer ${MANAGEMENT_KEY}`, accept: "text/html" });
  expect(list.status).toBe(200);
});

test("disable-control-panel takes the page away, at once", async () => {
  const change = (value: boolean): Promise<Response> => fetch(`${program.origin}/v0/management/config`, {
    method: "PATCH", headers: { authorization: `Bearer ${MANAGEMENT_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ set: [{ path: ["remote-management", "disable-control-panel"], value }], remove: [] }),
  });
  expect((await change(true)).status).toBe(200);
  expect((await get("/admin/")).status).toBe(404);
  expect((await get("/management.html")).status).toBe(404);
  expect((await change(false)).status).toBe(200);
  expect((await get("/admin/")).status).toBe(200);
});
