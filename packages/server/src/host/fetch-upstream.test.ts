import { afterAll, beforeAll, expect, test } from "bun:test";
import { fetchUpstream } from "./fetch-upstream.ts";
import { resolveHost } from "./resolve-host.ts";

let server: ReturnType<typeof Bun.serve>;
beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => Response.json({ host: request.headers.get("host"), mark: request.headers.get("x-mark"), path: new URL(request.url).pathname }) });
});
afterAll(() => server.stop(true));

test("a checked address is where the connection goes, and the name is what the server hears", async () => {
  const response = await fetchUpstream(`http://nowhere.example:${server.port}/a`, { method: "GET", headers: { "x-mark": "1" }, address: "127.0.0.1" });
  expect(await response.json()).toEqual({ host: `nowhere.example:${server.port}`, mark: "1", path: "/a" });
});

test("redirects are not followed", async () => {
  const redirecting = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.redirect(`${server.url.href}a`) });
  const response = await fetchUpstream(redirecting.url.href, { method: "GET", headers: {} });
  expect(response.status).toBe(302);
  await redirecting.stop(true);
});

test("a host has all of its addresses", async () => {
  expect(await resolveHost("localhost")).toContain("127.0.0.1");
  expect(resolveHost("nowhere.invalid")).rejects.toThrow();
});
